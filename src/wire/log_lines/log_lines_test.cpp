#include "wire/log_lines/line_reader.h"
#include "wire/log_lines/text.h"

#include "base/strings.h"

#include <gmock/gmock.h>

namespace ipam::wire::log_lines {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

struct Told {
  std::vector<std::string> lines;  // "offset+size:text"
  std::vector<BadLine> bad;

  bool operator==(const Told&) const = default;
};

Takers takers_of(Told& told) {
  return {.on_line = [&told](const Line& line) -> Result<void> {
            told.lines.push_back(std::to_string(line.offset) + "+" + std::to_string(line.size) + ":" + std::string(line.text));
            return {};
          },
          .on_bad = [&told](const BadLine& line) -> Result<void> {
            told.bad.push_back(line);
            return {};
          }};
}

Told read(std::string_view text, std::size_t piece = 1'000'000, std::size_t max_line = 100) {
  Told told;
  LineReader reader(takers_of(told), 0, max_line);
  for (std::size_t at = 0; at < text.size(); at += piece) EXPECT_TRUE(reader.feed(text.substr(at, piece)).ok());
  EXPECT_TRUE(reader.finish().ok());
  EXPECT_EQ(reader.offset(), text.size());
  return told;
}

TEST(LineReader, TellsLinesWithTheirPlaces) {
  EXPECT_THAT(read("one\r\ntwo\n\nthree").lines, ElementsAre("0+5:one", "5+4:two", "9+1:", "10+5:three"));
}

TEST(LineReader, LeavesOutAByteOrderMark) {
  EXPECT_THAT(read("\xEF\xBB\xBFone\n\xEF\xBB\xBFtwo\n").lines, ElementsAre("0+7:one", "7+7:\xEF\xBB\xBFtwo"));
}

TEST(LineReader, PiecesMakeNoDifference) {
  const std::string text = std::string("one\r\n\0\0two\n", 11) + std::string(250, 'x') + "\nthree\n" + std::string(7, '\0');
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U}) EXPECT_EQ(read(text, piece), read(text)) << piece;
}

TEST(LineReader, ALineThatIsStillBeingWrittenWaits) {
  Told told;
  LineReader reader(takers_of(told));
  ASSERT_TRUE(reader.feed("one\ntw").ok());
  EXPECT_THAT(told.lines, SizeIs(1));
  EXPECT_EQ(reader.offset(), 4U);
  Told later;
  LineReader again(takers_of(later), reader.offset());
  ASSERT_TRUE(again.feed("two\nthree\n").ok());
  EXPECT_THAT(later.lines, ElementsAre("4+4:two", "8+6:three"));
}

TEST(LineReader, AHoleOfNulsIsOneBadLineAndCostsNoneBehindIt) {
  const Told told = read("one\n" + std::string(90'000, '\0') + "two\n");
  EXPECT_THAT(told.lines, ElementsAre("0+4:one", "90004+4:two"));
  ASSERT_THAT(told.bad, SizeIs(1));
  EXPECT_EQ(told.bad[0].offset, 4U);
  EXPECT_EQ(told.bad[0].size, 90'000U);
  EXPECT_THAT(told.bad[0].reason, HasSubstr("90000 bytes that were never written"));
}

TEST(LineReader, ALineThatIsTooLongIsPassedOver) {
  const Told told = read("one\n" + std::string(5'000, 'x') + "\ntwo\n", 64);
  EXPECT_THAT(told.lines, ElementsAre("0+4:one", "5005+4:two"));
  ASSERT_THAT(told.bad, SizeIs(1));
  EXPECT_EQ(told.bad[0].size, 5'001U);
  EXPECT_THAT(told.bad[0].reason, HasSubstr("longer than 100 bytes"));
  EXPECT_LE(told.bad[0].text.size(), BadLine::kMaxText + 3);
}

TEST(LineReader, EndsWithTheErrorOfATaker) {
  LineReader reader({.on_line = [](const Line&) -> Result<void> { return Error(ErrorCode::Cancelled, "enough"); }, .on_bad = {}});
  EXPECT_EQ(reader.feed("one\ntwo\n").error().code, ErrorCode::Cancelled);
}

TEST(LogText, KeepsUtf8AndReadsOtherBytesAsWindows1252) {
  EXPECT_EQ(printable("B\xC3\xBCro"), "B\xC3\xBCro");
  EXPECT_EQ(printable("B\xFCro \x80"), "B\xC3\xBCro \xE2\x82\xAC");
  EXPECT_EQ(printable("\x81"), "\xEF\xBF\xBD");
}

TEST(LogText, ShowsControlCharacters) {
  EXPECT_EQ(printable(std::string_view("a\0b\x1B[2J\r\x7F", 9)), "a\\x00b\\x1b[2J\\x0d\\x7f");
  EXPECT_EQ(printable("a\tb\\x"), "a\tb\\x");
  EXPECT_EQ(printable("\xC2\x85 \xE2\x80\xAE"), "\\x85 \\u202e");
}

TEST(LogText, ReadsUtf16) {
  EXPECT_EQ(utf8_of_utf16le(std::string_view("a\0\xFC\0\x3D\xD8\x00\xDE", 8)), "a\xC3\xBC\xF0\x9F\x98\x80");
  EXPECT_EQ(utf8_of_utf16le(std::string_view("\x3D\xD8\x61\0x", 5)), "\xEF\xBF\xBD\x61");
}

}  // namespace
}  // namespace ipam::wire::log_lines
