#include "cli/event_parser.h"

#include <gmock/gmock.h>

namespace ipam::cli {
namespace {

std::vector<std::string> read(EventParser& parser, std::string_view text) {
  std::vector<std::string> told;
  for (const StreamEvent& event : parser.feed(text).value()) told.push_back(event.type + ": " + event.data);
  return told;
}

TEST(EventParser, ReadsEventsByTheirFieldsAndPassesOverTheRest) {
  EventParser parser;
  EXPECT_THAT(read(parser, "retry: 2000\nid: 40\n\n: heartbeat\nid: 41\n\n"), testing::IsEmpty());
  EXPECT_EQ(parser.last_id(), "41");
  EXPECT_THAT(read(parser, "id: 42\nevent: change\ndata: {\"a\":1}\n\nevent: operation\ndata:{}\n\n"),
              testing::ElementsAre("change: {\"a\":1}", "operation: {}"));
  EXPECT_EQ(parser.last_id(), "42");
}

TEST(EventParser, ReadsPiecesOfAnySizeAndEveryLineEnd) {
  EventParser parser;
  std::vector<std::string> told;
  for (const char c : std::string_view("data: one\r\ndata: two\r\n\r\ndata\rdata: three\r\r")) {
    for (const std::string& event : read(parser, {&c, 1})) told.push_back(event);
  }
  EXPECT_THAT(told, testing::ElementsAre("message: one\ntwo", "message: \nthree"));
}

TEST(EventParser, AnIdThatWasNotCompletedIsNotOneToGoOnAfter) {
  EventParser parser;
  EXPECT_FALSE(parser.last_id());
  EXPECT_THAT(read(parser, "id: 7\ndata: cut o"), testing::IsEmpty());
  EXPECT_FALSE(parser.last_id());
}

TEST(EventParser, RefusesALineWithoutEnd) {
  EventParser parser;
  EXPECT_EQ(parser.feed(std::string(EventParser::kMaxBytes + 1, 'x')).error().code, ErrorCode::Malformed);
}

}  // namespace
}  // namespace ipam::cli
