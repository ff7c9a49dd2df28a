#include "cli/text.h"

#include "cli/document.h"
#include "cli/table.h"
#include "json/codec.h"
#include "support/rapidcheck.h"

namespace ipam::cli {
namespace {

const Style kPlain{};
const Style kUnicode{false, true, 0};

TEST(Printable, ShowsWhatWouldSteerATerminal) {
  EXPECT_EQ(printable("a\x1b[2Jb\n\x7f\xc2\x9b"), "a\\x1b[2Jb\\x0a\\x7f\\x9b");
  EXPECT_EQ(printable("\xe2\x80\xaegpj.exe"), "\\u202egpj.exe");
  EXPECT_EQ(printable_lines("a\tb\r\nc\rd\x1b"), "a\tb\r\nc\\x0dd\\x1b");
}

TEST(Printable, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(printable("a\xff\xc0\x80z"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(printable("\xed\xa0\x80").substr(0, 3), "\xEF\xBF\xBD");  // half of a surrogate pair
  EXPECT_EQ(printable("Büro 東京 🖨"), "Büro 東京 🖨");
}

RC_GTEST_PROP(Printable, NeverLetsAControlCharacterThrough, (const std::string& text)) {
  for (const char c : printable(text)) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("Büro"), 4U);
  EXPECT_EQ(display_width("東京"), 4U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);
  EXPECT_EQ(fit("東京都", 5, "…"), "東京…");
  EXPECT_EQ(fit("abcdef", 4, ".."), "ab..");
  EXPECT_EQ(fit("abcd", 4, ".."), "abcd");
}

TEST(Bar, IsNeverEmptyOrFullWhenItIsNot) {
  EXPECT_EQ(draw_bar(0, kUnicode), "▕          ▏   0 %");
  EXPECT_EQ(draw_bar(0.2, kUnicode), "▕▏         ▏  <1 %");
  EXPECT_EQ(draw_bar(62, kUnicode), "▕██████▎   ▏  62 %");
  EXPECT_EQ(draw_bar(99.9, kUnicode), "▕█████████▉▏ >99 %");
  EXPECT_EQ(draw_bar(100, kUnicode), "▕██████████▏ 100 %");
  EXPECT_EQ(draw_bar(62, kPlain), "[######    ]  62 %");
  EXPECT_EQ(draw_bar(250, kPlain), "[##########] 100 %");
}

TEST(Table, AlignsNumbersRightAndLeavesNoSpacesAtLineEnds) {
  EXPECT_EQ(
      draw_table({{"Name", Align::Left}, {"Free", Align::Right}, {"Note", Align::Left}}, {{{"a"}, {"12"}, {""}}, {{"Büro"}, {"7"}, {"x"}}}, kPlain),
      "Name  Free  Note\n"
      "a       12\n"
      "Büro     7  x\n");
}

TEST(Table, NarrowsTheWidestTextUntilItFits) {
  const Style narrow{false, true, 30};
  EXPECT_EQ(draw_table({{"Prefix", Align::Left}, {"Description", Align::Left, Width::MayCut}},
                       {{{"10.0.0.0/8"}, {"all that is private, in one block"}}}, narrow),
            "Prefix      Description\n"
            "10.0.0.0/8  all that is priva…\n");
}

TEST(Table, NeverCutsWhatIdentifies) {
  const Style narrow{false, true, 10};
  EXPECT_EQ(draw_table({{"Prefix"}, {"Seen"}}, {{{"10.255.255.0/24"}, {"2026-11-23"}}}, narrow),
            "Prefix           Seen\n10.255.255.0/24  2026-11-23\n");
}

TEST(Table, ColoursOnlyWhereAsked) {
  const Cell cell{{}, Tone::Bad, 50.0};
  EXPECT_EQ(draw_table({{"U"}}, {{cell}}, kPlain), "U\n[#####     ]  50 %\n");
  EXPECT_EQ(draw_table({{"U"}}, {{cell}}, {true, false, 0}), "\x1b[2mU\x1b[0m\n\x1b[31m[#####     ]  50 %\x1b[0m\n");
}

TEST(Record, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(draw_record({{"Id"}, {"Owner"}, {"Description"}}, {{"7"}, {""}, {"x\ny"}}, kPlain), "Id           7\nDescription  x\\x0ay\n");
}

TEST(Csv, QuotesByRfc4180) {
  EXPECT_EQ(csv_record({"a", "b,c", "say \"x\"", "", " d", "two\nlines"}), "a,\"b,c\",\"say \"\"x\"\"\",,\" d\",\"two\nlines\"\r\n");
}

TEST(Csv, TakesNestedValuesListsAndNulls) {
  const auto item = json::parse(R"({"u":{"percent":62.5},"n":null,"l":["a","b"],"o":[{"x":1}],"big":"18446744073709551616","t":true})").value();
  EXPECT_EQ(csv_value(item, "u.percent"), "62.5");
  EXPECT_EQ(csv_value(item, "n"), "");
  EXPECT_EQ(csv_value(item, "absent.percent"), "");
  EXPECT_EQ(csv_value(item, "l"), "a b");
  EXPECT_EQ(csv_value(item, "o"), R"({"x":1})");
  EXPECT_EQ(csv_value(item, "big"), "18446744073709551616");
  EXPECT_EQ(csv_value(item, "t"), "true");
}

TEST(Json, KeepsValuesAndOrderAndEscapesWhatSteers) {
  const std::string text = R"({"b":80.0,"a":[1,-2,"18446744073709551616"],"e":{},"l":[],"s":"q\"\u001b\u009b\u202e東"})";
  const auto value = json::parse(text).value();
  EXPECT_EQ(compact_json(value), R"({"b":80,"a":[1,-2,"18446744073709551616"],"e":{},"l":[],"s":"q\"\u001b\u009b\u202e東"})");
  EXPECT_EQ(pretty_json(json::parse(R"({"a":[1,{"b":null}]})").value()), "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ]\n}");
}

}  // namespace
}  // namespace ipam::cli
