#include "wire/syslog/deframer.h"
#include "wire/syslog/message.h"

#include "base/file.h"

#include <gmock/gmock.h>

namespace ipam::wire::syslog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Sent by logger (util-linux): tests/lab/record_syslog_golden.py.
std::string golden(const std::string& name) { return read_file(std::string(IPAM_SOURCE_FOLDER "/tests/golden/syslog/") + name, 100'000).value(); }

Message parse(std::string_view text) {
  auto message = parse_message(text);
  EXPECT_TRUE(message.ok()) << text << (message.ok() ? "" : message.error().describe());
  return message.ok() ? *message : Message{};
}

struct Told {
  std::vector<std::string> messages;
  std::vector<log_lines::BadLine> bad;
  Result<void> result;
};

Told deframe(std::string_view stream, std::size_t piece = 1'000'000, std::size_t max_message = kMaxMessage) {
  Told told;
  Deframer deframer({.on_message = [&](std::string_view octets) -> Result<void> {
                       told.messages.emplace_back(octets);
                       return {};
                     },
                     .on_bad = [&](const log_lines::BadLine& line) -> Result<void> {
                       told.bad.push_back(line);
                       return {};
                     }},
                    max_message);
  for (std::size_t at = 0; at < stream.size() && told.result.ok(); at += piece) told.result = deframer.feed(stream.substr(at, piece));
  if (told.result.ok()) told.result = deframer.finish();
  return told;
}

TEST(SyslogMessage, ReadsWhatLoggerSends) {
  const Message message = parse(golden("rfc5424.datagram"));
  EXPECT_EQ(message.form, Form::Rfc5424);
  EXPECT_EQ(message.facility, 10);
  EXPECT_EQ(message.severity, 5);
  EXPECT_TRUE(message.time);
  EXPECT_EQ(message.application, "freeradius");
  EXPECT_EQ(message.process_id, "4711");
  EXPECT_EQ(message.message_id, "LOGIN");
  EXPECT_EQ(message.find("timeQuality", "tzKnown"), "1");
  EXPECT_EQ(message.find("session@32473", "user"), "al\"ice");
  EXPECT_EQ(message.find("session@32473", "note"), "a]b\\c");
  EXPECT_EQ(message.find("session@32473", "nothing"), std::nullopt);
  EXPECT_EQ(message.text, "Login OK: [alice] (cli AA-BB-CC-DD-EE-01)");
}

TEST(SyslogMessage, ReadsTheOlderForm) {
  const Message message = parse(golden("rfc3164.datagram"));
  EXPECT_EQ(message.form, Form::Rfc3164);
  EXPECT_EQ(message.facility, 10);
  EXPECT_EQ(message.time, std::nullopt);
  EXPECT_THAT(message.local_time, SizeIs(15));
  EXPECT_FALSE(message.host_name.empty());
  EXPECT_EQ(message.application, "freeradius");
  EXPECT_EQ(message.process_id, "4711");
  EXPECT_EQ(message.text, "Login OK: [alice] (cli AA-BB-CC-DD-EE-01)");
}

// RFC 5424 section 6.5 describes these.
TEST(SyslogMessage, ReadsMessagesWithoutWhatIsOptional) {
  const Message nothing = parse("<0>1 - - - - - -");
  EXPECT_EQ(nothing, Message{});
  const Message only_data = parse("<165>1 2003-10-11T22:14:15.003Z host app - ID47 [a@1 x=\"1\"][b@1]");
  EXPECT_THAT(only_data.structured_data, ElementsAre(StructuredElement{"a@1", {{"x", "1"}}}, StructuredElement{"b@1", {}}));
  EXPECT_EQ(only_data.text, "");
  EXPECT_EQ(parse("<34>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 p 8710 - - \xEF\xBB\xBF%% done").text, "%% done");
  EXPECT_EQ(format_time(*parse("<34>1 2003-08-24T05:14:15.000003-07:00 h p 8710 - - x").time), "2003-08-24T12:14:15.000003Z");
}

TEST(SyslogMessage, TakesOldMessagesThatLeaveThingsOut) {
  EXPECT_EQ(parse("<13>just text").text, "just text");
  EXPECT_EQ(parse("<13>dhcpd: x").application, "dhcpd");
  EXPECT_EQ(parse("<13>Nov  8 13:28:12 host dhcpd: x").host_name, "host");
  EXPECT_EQ(parse("<13>Nov  8 13:28:12 dhcpd[7]: x").process_id, "7");
  EXPECT_EQ(parse("<13>").text, "");
}

TEST(SyslogMessage, RefusesWhatIsNoMessage) {
  for (const auto& [text, reason] : std::vector<std::pair<std::string, std::string>>{{"", "no priority"},
                                                                                     {"hello", "no priority"},
                                                                                     {"<>1 - - - - - -", "no priority"},
                                                                                     {"<192>1 - - - - - -", "priority"},
                                                                                     {"<007>1 - - - - - -", "no priority"},
                                                                                     {"<x>1 - - - - - -", "priority"},
                                                                                     {"<1>1 yesterday - - - - -", "the time"},
                                                                                     {"<1>1 - - - - -", "before the structured data"},
                                                                                     {"<1>1 -  - - - -", "the host name"},
                                                                                     {"<1>1 - - - - - x", "the structured data"},
                                                                                     {"<1>1 - - - - - [a", "does not end"},
                                                                                     {"<1>1 - - - - - []", "a name"},
                                                                                     {"<1>1 - - - - - [a b]", "a name"},
                                                                                     {"<1>1 - - - - - [a b=c]", "no value"},
                                                                                     {"<1>1 - - - - - [a b=\"c]", "a value does not end"},
                                                                                     {"<1>1 - - - - - [a b=\"c\"]x", "before the text"}}) {
    const auto message = parse_message(text);
    ASSERT_FALSE(message.ok()) << text;
    EXPECT_EQ(message.error().code, ErrorCode::Malformed);
    EXPECT_THAT(message.error().message, HasSubstr(reason)) << text;
  }
  EXPECT_EQ(parse_message("<1>" + std::string(kMaxMessage, 'x')).error().code, ErrorCode::Exhausted);
  std::string elements;
  for (int i = 0; i < 100; ++i) elements += "[a]";
  EXPECT_EQ(parse_message("<1>1 - - - - - " + elements).error().code, ErrorCode::Exhausted);
}

TEST(SyslogMessage, CannotSteerATerminal) {
  EXPECT_EQ(parse("<13>\x1B[2Jx\n\0").text, "\\x1b[2Jx");
  EXPECT_EQ(parse("<13>1 - - - - - [a b=\"\x1B[2J\"] B\xFCro").find("a", "b"), "\\x1b[2J");
}

TEST(SyslogStream, ReadsBothFramingsOfLogger) {
  for (const char* name : {"counted.stream", "lines.stream"}) {
    const Told told = deframe(golden(name));
    EXPECT_TRUE(told.result.ok()) << name;
    EXPECT_THAT(told.bad, IsEmpty()) << name;
    ASSERT_THAT(told.messages, SizeIs(2)) << name;
    EXPECT_EQ(parse(told.messages[0]).text, "Login OK: [alice] (cli AA-BB-CC-DD-EE-01)");
  }
  EXPECT_EQ(parse(deframe(golden("counted.stream")).messages.at(1)).text, "two\tlines");
}

TEST(SyslogStream, PiecesMakeNoDifferenceAndFramingsMayChange) {
  const std::string stream = golden("counted.stream") + "\n" + golden("lines.stream") + "5 <1>ab";
  for (const std::size_t piece : {1U, 2U, 3U, 17U}) {
    EXPECT_EQ(deframe(stream, piece).messages, deframe(stream).messages);
    EXPECT_THAT(deframe(stream, piece).messages, SizeIs(5));
  }
}

TEST(SyslogStream, ACountedMessageMayHoldLineEnds) { EXPECT_THAT(deframe("7 <1>a\nbc<2>d\n").messages, ElementsAre("<1>a\nbc", "<2>d")); }

TEST(SyslogStream, AMessageThatIsTooLongIsToldAndPassedOver) {
  for (const std::string& stream : {"5 <1>ab1000 " + std::string(1'000, 'x') + "5 <1>cd", "<1>ab\n<1>" + std::string(997, 'x') + "\n<1>cd\n"}) {
    const Told told = deframe(stream, 7, 100);
    EXPECT_TRUE(told.result.ok());
    EXPECT_THAT(told.messages, ElementsAre("<1>ab", "<1>cd"));
    ASSERT_THAT(told.bad, SizeIs(1));
    EXPECT_THAT(told.bad[0].reason, HasSubstr("1000 octets"));
  }
}

TEST(SyslogStream, AStreamWithoutSenseIsMalformed) {
  for (const char* stream : {"hello", "0 <1>a", "12x", "99999999 <1>a", "-1 <1>a"}) {
    EXPECT_EQ(deframe(stream).result.error().code, ErrorCode::Malformed) << stream;
  }
}

TEST(SyslogStream, AtItsEndWhatWaitsIsToldAsBadOrIsALine) {
  EXPECT_THAT(deframe("10 <1>ab").bad.at(0).reason, HasSubstr("ended within"));
  EXPECT_THAT(deframe("1").bad, SizeIs(1));
  EXPECT_THAT(deframe("<1>ab").messages, ElementsAre("<1>ab"));
}

}  // namespace
}  // namespace ipam::wire::syslog
