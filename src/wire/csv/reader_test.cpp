#include "wire/csv/reader.h"

#include "wire/csv/writer.h"

#include <gmock/gmock.h>

namespace ipam::wire::csv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Cells = std::vector<std::string>;

struct Table {
  Header header;
  std::vector<Cells> rows;
  std::vector<std::uint64_t> numbers, lines;
  std::vector<std::string> problems;
};

Result<Table> read(std::string_view text, std::size_t piece = 1U << 20U, Limits limits = {}) {
  Table table;
  const auto on_header = [&](const Header& header) -> Result<void> {
    table.header = header;
    return {};
  };
  const auto on_row = [&](const Row& row) -> Result<void> {
    table.rows.emplace_back(row.fields.begin(), row.fields.end());
    table.numbers.push_back(row.number);
    table.lines.push_back(row.line);
    table.problems.push_back(row.problem);
    return {};
  };
  Reader reader({on_header, on_row}, limits);
  for (std::size_t begin = 0; begin < text.size(); begin += piece) IPAM_TRY(reader.feed(text.substr(begin, piece)));
  IPAM_TRY(reader.finish());
  return table;
}

std::string error_of(std::string_view text, Limits limits = {}) {
  const auto table = read(text, 4096, limits);
  if (table.ok()) return "(it was read)";
  EXPECT_EQ(table.error().code, ErrorCode::Malformed);
  return table.error().message;
}

std::string utf16(std::u16string_view text, bool little_endian) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFFU), high = static_cast<char>(unit >> 8U);
    bytes += little_endian ? low : high;
    bytes += little_endian ? high : low;
  }
  return bytes;
}

TEST(CsvReader, ReadsTheSampleOfMicrosoft) {
  const auto table = read(
                         "\"IP Address\",\"Managed by Service\",\"Service Instance\",\"Device Type\",\"IP Address State\",\"Assignment Type\"\n"
                         "10.10.0.25,ms dhcp,dhcp1.adatum.com,host,in-use,static\n")
                         .value();
  EXPECT_THAT(table.header.names,
              ElementsAre("IP Address", "Managed by Service", "Service Instance", "Device Type", "IP Address State", "Assignment Type"));
  EXPECT_THAT(table.rows, ElementsAre(Cells{"10.10.0.25", "ms dhcp", "dhcp1.adatum.com", "host", "in-use", "static"}));
  EXPECT_THAT(table.numbers, ElementsAre(2U));
}

TEST(CsvReader, EveryLineEndIsOne) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string text = "a,b" + end + "1,2" + end + end + "3,\"x" + end + "y\"" + end + "5,6";
    for (const std::size_t piece : {1U, 2U, 3U, 100U}) {
      const auto table = read(text, piece).value();
      EXPECT_THAT(table.rows, ElementsAre(Cells{"1", "2"}, Cells{"3", "x\ny"}, Cells{"5", "6"})) << piece;
      EXPECT_THAT(table.numbers, ElementsAre(2U, 4U, 5U));
      EXPECT_THAT(table.lines, ElementsAre(2U, 4U, 6U));
      EXPECT_THAT(table.problems, ElementsAre("", "", ""));
    }
  }
}

TEST(CsvReader, TheHeaderSaysTheSeparator) {
  EXPECT_EQ(read("a;b;c,d\n1;2;3\n")->header.separator, ';');
  EXPECT_EQ(read("a\tb\n1\t2\n")->header.separator, '\t');
  EXPECT_EQ(read("\"a;b;c\",d\n1,2\n")->header.separator, ',');
  EXPECT_EQ(read("one\n1\n")->header.separator, ',');
  const auto said = read("sep=|\r\na|b\r\n1|2\r\n", 1).value();
  EXPECT_EQ(said.header.separator, '|');
  EXPECT_EQ(said.header.number, 2U);
  EXPECT_THAT(said.rows, ElementsAre(Cells{"1", "2"}));
  EXPECT_THAT(said.numbers, ElementsAre(3U));
}

TEST(CsvReader, QuotesWithinQuotesAreRead) {
  EXPECT_THAT(read("a,b\n\"say \"\"yes\"\", please\",\"\"\n")->rows, ElementsAre(Cells{"say \"yes\", please", ""}));
  EXPECT_THAT(read("a,b\n5\" disk, \"x\" \n")->rows, ElementsAre(Cells{"5\" disk", "x"}));
}

TEST(CsvReader, TextAfterAClosingQuoteCostsItsRowAlone) {
  const auto table = read("a,b\n\"x\"y,2\n3,4\n").value();
  EXPECT_THAT(table.problems, ElementsAre(HasSubstr("closing quote of column 1"), ""));
  EXPECT_THAT(table.rows[1], ElementsAre("3", "4"));
}

TEST(CsvReader, AQuoteThatIsNeverClosedCostsNoMoreThanTheLimit) {
  const auto table = read("a,b\n1,\"x\n" + std::string(200, 'y') + "\n3,4\n", 11, {.row_bytes = 100}).value();
  EXPECT_THAT(table.problems, ElementsAre(HasSubstr("quote that opens in line 2 is not closed"), ""));
  EXPECT_THAT(table.rows[1], ElementsAre("3", "4"));
  EXPECT_THAT(read("a\n\"x")->problems, ElementsAre(HasSubstr("line 2 is not closed")));
}

TEST(CsvReader, ALineThatIsTooLongCostsItsRowAlone) {
  const auto table = read("a,b\n" + std::string(500, 'x') + ",2\n3,4\n", 7, {.row_bytes = 100}).value();
  EXPECT_THAT(table.problems, ElementsAre(HasSubstr("longer than 100 bytes"), ""));
  EXPECT_THAT(table.numbers, ElementsAre(2U, 3U));
}

TEST(CsvReader, RowsOfAnotherWidthThanTheHeader) {
  const auto table = read("a,b,c\n1\n1,2,3,,\n1,2,3,4\n").value();
  EXPECT_THAT(table.rows, ElementsAre(Cells{"1", "", ""}, Cells{"1", "2", "3"}, Cells{"1", "2", "3"}));
  EXPECT_THAT(table.problems, ElementsAre("", "", HasSubstr("4 columns where the header has 3")));
}

TEST(CsvReader, LinesOfNothingButSeparatorsAreLeftOut) {
  const auto table = read(" \na,b\n,\n  , \n1,2\n").value();
  EXPECT_THAT(table.rows, ElementsAre(Cells{"1", "2"}));
  EXPECT_THAT(table.numbers, ElementsAre(5U));
}

TEST(CsvReader, ReadsUtf8AndUtf16WithAMark) {
  const std::u16string text = u"n\u00e4me,b\r\n\u20ac \U0001F310,2\r\n";
  const Cells names{"n\xC3\xA4me", "b"}, row{"\xE2\x82\xAC \xF0\x9F\x8C\x90", "2"};
  const std::string utf8 = "n\xC3\xA4me,b\r\n\xE2\x82\xAC \xF0\x9F\x8C\x90,2\r\n";
  for (const std::string& bytes : {utf8, "\xEF\xBB\xBF" + utf8, "\xFF\xFE" + utf16(text, true), "\xFE\xFF" + utf16(text, false)}) {
    for (const std::size_t piece : {1U, 5U, 100U}) {
      const auto table = read(bytes, piece).value();
      EXPECT_EQ(table.header.names, names);
      EXPECT_THAT(table.rows, ElementsAre(row));
      EXPECT_THAT(table.problems, ElementsAre(""));
    }
  }
}

TEST(CsvReader, AWrongEncodingIsToldWithItsRow) {
  EXPECT_THAT(error_of("n\xE4me,b\n1,2\n"), HasSubstr("row 1 holds bytes that are not UTF-8"));
  EXPECT_THAT(error_of(utf16(u"name,b\n1,2\n", true)), HasSubstr("row 1 holds a NUL character; a file in UTF-16"));
  const auto table = read("a,b\nM\xFCller,2\n3,4\n").value();
  EXPECT_THAT(table.problems, ElementsAre(HasSubstr("not UTF-8"), ""));
  EXPECT_THAT(table.rows[0], ElementsAre("M\xEF\xBF\xBDller", "2"));
  const std::string half = "\xFF\xFE" + utf16(std::u16string(u"a\n") + char16_t{0xD800} + u"b\n", true);
  EXPECT_THAT(read(half)->problems, ElementsAre(HasSubstr("not UTF-8")));
}

TEST(CsvReader, NoCharacterIsJoinedFromTwoFields) {
  const auto table = read("a,b\n\xC3,\xA4\n").value();
  EXPECT_THAT(table.rows, ElementsAre(Cells{"\xEF\xBF\xBD", "\xEF\xBF\xBD"}));
  EXPECT_THAT(table.problems, ElementsAre(HasSubstr("not UTF-8")));
}

TEST(CsvReader, ColumnsAreBounded) {
  std::string wide = "a";
  for (int i = 0; i < 10'000; ++i) wide += ",a";
  EXPECT_THAT(error_of(wide + "\n1\n"), HasSubstr("row 1 has more than 1024 columns"));
  EXPECT_THAT(read("a,b\n" + wide + "\n3,4\n")->problems, ElementsAre(HasSubstr("more than 1024 columns"), ""));
}

TEST(CsvReader, AFileWithoutAHeaderIsRefused) {
  EXPECT_THAT(error_of(""), HasSubstr("the file is empty"));
  EXPECT_THAT(error_of("\n\n \n"), HasSubstr("the file is empty"));
  EXPECT_THAT(error_of("\xEF\xBB\xBF"), HasSubstr("the file is empty"));
  EXPECT_THAT(error_of("\"a\nb"), HasSubstr("not closed"));
  EXPECT_THAT(error_of(std::string(300'000, 'x')), HasSubstr("is this a CSV file?"));
}

TEST(CsvReader, EndsWithTheErrorOfWhoTakesTheRows) {
  Reader reader({[](const Header&) -> Result<void> { return {}; }, [](const Row&) -> Result<void> { return Error(ErrorCode::Cancelled, "enough"); }});
  EXPECT_EQ(reader.feed("a\n1\n").error().code, ErrorCode::Cancelled);
}

TEST(CsvWriter, WhatIsWrittenIsReadBack) {
  const std::vector<Cells> rows{{"plain", ""}, {"with, comma", "with \"quotes\""}, {" blanks ", "two\nlines"}, {"semi;colon\ttab", "=1+1"}};
  for (const char separator : {',', ';', '\t'}) {
    std::string text;
    const Format format{.separator = separator};
    write_row(Cells{"a", "b"}, text, format);
    for (const Cells& row : rows) write_row(row, text, format);
    const auto table = read(text).value();
    EXPECT_EQ(table.rows, rows);
    EXPECT_THAT(table.problems, testing::Each(IsEmpty()));
  }
  std::string one;
  write_row(Cells{"a"}, one);
  write_row(Cells{""}, one);
  EXPECT_THAT(read(one)->rows, ElementsAre(Cells{""}));
}

TEST(CsvWriter, AFormulaIsGuardedAndTheGuardIsTakenBack) {
  for (const std::string value : {"=cmd()", "+1", "-1", "@x", "\tx", "'=x", "''@", "plain", "'quoted'", "", "'", "a=b"}) {
    const std::string guarded = guard(value);
    EXPECT_EQ(unguard(guarded), value);
    EXPECT_EQ(std::string("=+-@\t\r").find(guarded.substr(0, 1)) != std::string::npos && !guarded.empty(), false) << guarded;
  }
  EXPECT_EQ(guard("plain"), "plain");
}

}  // namespace
}  // namespace ipam::wire::csv
