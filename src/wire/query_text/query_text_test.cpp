#include "wire/query_text/parser.h"
#include "wire/query_text/printer.h"
#include "wire/query_text/values.h"

#include <gmock/gmock.h>

namespace ipam::wire::query_text {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string canonical(std::string_view text) {
  const auto expression = parse(text);
  if (!expression.ok()) return "error: " + expression.error().message;
  const std::string printed = print(*expression);
  const auto again = parse(printed);
  EXPECT_TRUE(again.ok() && *again == *expression) << printed;
  return printed;
}

std::string error_of(std::string_view text) {
  const auto expression = parse(text);
  if (expression.ok()) return "(it was read)";
  EXPECT_EQ(expression.error().code, ErrorCode::InvalidArgument);
  return expression.error().message;
}

TEST(QueryText, ReadsTheExampleOfTheManual) {
  const Expression read = parse("utilization > 80 and site = London").value();
  ASSERT_EQ(read.kind, Kind::And);
  ASSERT_THAT(read.parts, SizeIs(2U));
  EXPECT_EQ(read.parts[0].comparison, (Comparison{"utilization", Operator::Greater, {{"80"}}}));
  EXPECT_EQ(read.parts[1].comparison, (Comparison{"site", Operator::Equal, {{"London"}}}));
  EXPECT_EQ(read.parts[1].comparison.column, 22U);
  EXPECT_EQ(read.parts[1].comparison.values[0].column, 29U);
}

TEST(QueryText, NotBindsCloserThanAndAndThatCloserThanOr) {
  EXPECT_EQ(parse("a=1 or b=2 and c=3").value(), parse("a=1 or (b=2 and c=3)").value());
  EXPECT_EQ(parse("not a=1 and b=2").value(), parse("(not a=1) and b=2").value());
  EXPECT_EQ(canonical("(a=1 or b=2) and c=3"), "(a = 1 or b = 2) and c = 3");
  EXPECT_EQ(canonical("not (a=1 or b=2)"), "not (a = 1 or b = 2)");
  EXPECT_EQ(canonical("not not a=1"), "not not a = 1");
}

TEST(QueryText, IsWrittenInOneWay) {
  EXPECT_EQ(canonical("  A=1 AND ((b !=  'x y') And (c<=2))"), "A = 1 and b != \"x y\" and c <= 2");
  EXPECT_EQ(canonical("name~\"app*\""), "name ~ app*");
  EXPECT_EQ(canonical("vlan in(10,20 , \"30\")"), "vlan in (10, 20, 30)");
  EXPECT_EQ(canonical("vlan NOT IN (10)"), "vlan not in (10)");
  EXPECT_EQ(canonical("\"cost center\" is not empty or owner is EMPTY"), "\"cost center\" is not empty or owner is empty");
  EXPECT_EQ(canonical("within 10.0.0.0/8 and gateway within 2001:db8::/32"), "within 10.0.0.0/8 and gateway within 2001:db8::/32");
  EXPECT_EQ(canonical("a = \"say \\\"x\\\" \\\\\""), "a = \"say \\\"x\\\" \\\\\"");
  EXPECT_EQ(canonical("site = K\xC3\xB6ln"), "site = K\xC3\xB6ln");
  EXPECT_EQ(canonical("\"and\" = \"not\""), "\"and\" = \"not\"");
  EXPECT_EQ(canonical("a = ''"), "a = \"\"");
}

TEST(QueryText, NowIsAnInstantUnlessItIsQuoted) {
  const Time now = parse_time("2026-11-23T12:00:00Z").value();
  const auto value = [](std::string_view text) { return parse(text)->comparison.values[0]; };
  EXPECT_EQ(as_time(value("t < now"), now).value(), now);
  EXPECT_EQ(as_time(value("t < now+7d"), now).value(), now + std::chrono::hours(24 * 7));
  EXPECT_EQ(as_time(value("t < NOW - 12h"), now).value(), now - std::chrono::hours(12));
  EXPECT_EQ(as_time(value("t < now -90m"), now).value(), now - std::chrono::minutes(90));
  EXPECT_EQ(canonical("t < now - 12h"), "t < now-12h");
  EXPECT_EQ(canonical("t < now+1d1h1m1s"), "t < now+1d1h1m1s");
  EXPECT_EQ(value("t = \"now\"").text, "now");
  EXPECT_EQ(canonical("t = \"now\""), "t = \"now\"");
  EXPECT_EQ(value("name = nowhere").text, "nowhere");
  EXPECT_THAT(error_of("t < now+soon"), HasSubstr("column 5: expected a duration as 7d or 12h after now, found 'soon'"));
}

TEST(QueryText, ErrorsSayTheColumnAndWhatWasExpected) {
  EXPECT_EQ(error_of(""), "column 1: expected a field, not, within or '(', found the end");
  EXPECT_EQ(error_of("utilization >"), "column 14: expected a value after '>', found the end");
  EXPECT_EQ(error_of("utilization 80"), "column 13: expected an operator (= != < <= > >= ~ !~ in, within, is), found '80'");
  EXPECT_EQ(error_of("a = 1 b = 2"), "column 7: expected and, or, or the end, found 'b'");
  EXPECT_EQ(error_of("(a = 1"), "column 7: expected and, or, or the ')' of column 1, found the end");
  EXPECT_EQ(error_of("a = 1)"), "column 6: expected and, or, or the end, found ')'");
  EXPECT_EQ(error_of("a in 10"), "column 6: expected '(' after in, found '10'");
  EXPECT_EQ(error_of("a in (10 20)"), "column 10: expected ',' or ')', found '20'");
  EXPECT_EQ(error_of("a in ()"), "column 7: expected a value after '(', found ')'");
  EXPECT_EQ(error_of("a not = 1"), "column 7: expected in, found '='");
  EXPECT_EQ(error_of("a is 1"), "column 6: expected empty, found '1'");
  EXPECT_EQ(error_of("a = and"), "column 5: expected a value after '=', found 'and'");
  EXPECT_EQ(error_of("K\xC3\xB6ln ! 1"), "column 6: '!' stands before '=' or '~' alone; write not in front of a comparison");
  EXPECT_EQ(error_of("a = \"open"), "column 5: the quote that opens here is not closed");
  EXPECT_EQ(error_of("\"\" = 1"), "column 1: a field has a name");
}

TEST(QueryText, IsBounded) {
  const std::string deep = std::string(31, '(') + "a=1" + std::string(31, ')'), deeper = std::string(32, '(') + "a=1" + std::string(32, ')');
  EXPECT_TRUE(parse(deep).ok());
  EXPECT_THAT(error_of(deeper), HasSubstr("column 33: is nested deeper than 32 levels"));
  std::string nots;
  for (int i = 0; i < 1'000; ++i) nots += "not ";
  EXPECT_THAT(error_of(nots + "a=1"), HasSubstr("nested deeper"));
  EXPECT_THAT(error_of(std::string(5'000, 'a')), HasSubstr("at most 4096 bytes"));
  std::string many = "a=1";
  for (int i = 0; i < 200; ++i) many += " or a=1";
  EXPECT_THAT(error_of(many), HasSubstr("more than 200 comparisons"));
  std::string values = "a in (1";
  for (int i = 0; i < 600; ++i) values += ",1";
  EXPECT_THAT(error_of(values + ")"), HasSubstr("more than 500 values"));
  EXPECT_THAT(error_of("a = \xFF"), HasSubstr("UTF-8"));
}

TEST(QueryValues, AreReadByTheirType) {
  EXPECT_EQ(as_number({"80%"}).value(), 80.0);
  EXPECT_EQ(as_number({"-1.5"}).value(), -1.5);
  EXPECT_THAT(as_number({"many", {}, 7}).error().message, HasSubstr("column 7: expected a number, found 'many'"));
  EXPECT_EQ(as_integer({"4095"}).value(), 4095);
  EXPECT_FALSE(as_integer({"1.5"}).ok());
  EXPECT_EQ(as_time({"2026-12-24"}, Time{}).value(), parse_time("2026-12-24T00:00:00Z").value());
  EXPECT_FALSE(as_time({"24.12.2026"}, Time{}).ok());
  EXPECT_EQ(as_duration({"1d12h"}).value(), Duration(std::chrono::hours(36)));
  EXPECT_EQ(as_prefix({"10.1.2.3"})->to_string(), "10.1.2.3/32");
  EXPECT_EQ(as_prefix({"10.0.0.0/8"})->to_string(), "10.0.0.0/8");
  EXPECT_THAT(as_prefix({"ten", {}, 3}).error().message, HasSubstr("column 3: expected a prefix"));
  EXPECT_EQ(as_truth({"Yes"}).value(), true);
  EXPECT_EQ(as_truth({"0"}).value(), false);
  EXPECT_FALSE(as_truth({"maybe"}).ok());
}

TEST(QueryValues, PatternsMatch) {
  EXPECT_TRUE(matches("app*", "APP7.corp.example"));
  EXPECT_FALSE(matches("app*", "my-app"));
  EXPECT_TRUE(matches("app", "my-APP-7"));
  EXPECT_TRUE(matches("*.example", "a.b.example"));
  EXPECT_TRUE(matches("a?c",
                      "a\xC3\xB6"
                      "c"));
  EXPECT_FALSE(matches("a?c", "ac"));
  EXPECT_TRUE(matches("*a*b*c*", "xxaxxbxxc"));
  EXPECT_FALSE(matches("*a*b*c*", "xxaxxcxxb"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_FALSE(matches("?", ""));
  EXPECT_TRUE(matches("a**", "a"));
}

}  // namespace
}  // namespace ipam::wire::query_text
