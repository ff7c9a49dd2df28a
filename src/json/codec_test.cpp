#include "json/codec.h"

#include <gtest/gtest.h>

namespace ipam::json {
namespace {

enum class State { InUse, Inactive };
BOOST_DESCRIBE_ENUM(State, InUse, Inactive)

struct Item {
  std::string name;
  std::uint8_t small = 0;
  std::optional<State> state;
};
BOOST_DESCRIBE_STRUCT(Item, (), (name, small, state))

struct Page {
  std::vector<Item> items;
  std::uint64_t total = 0;
  Time at{};
  std::optional<std::optional<std::string>> owner;
};
BOOST_DESCRIBE_STRUCT(Page, (), (items, total, at, owner))

std::vector<std::string> wrong_fields(std::string_view text) {
  const auto page = read<Page>(text);
  std::vector<std::string> pointers;
  if (!page.ok()) {
    for (const FieldError& field : page.error().fields) pointers.push_back(field.pointer);
  }
  return pointers;
}

TEST(JsonCodec, RoundTripsAStruct) {
  const Page page{{{"a\"\n", 255, State::InUse}, {"b", 0, std::nullopt}},
                  1ULL << 60U,
                  parse_time("2026-11-23T06:28:37Z").value(),
                  std::optional<std::string>("me")};
  const std::string text = write(page);
  EXPECT_EQ(
      text,
      R"({"items":[{"name":"a\"\n","small":255,"state":"in_use"},{"name":"b","small":0,"state":null}],"total":"1152921504606846976","at":"2026-11-23T06:28:37Z","owner":"me"})");
  EXPECT_EQ(write(read<Page>(text).value()), text);
}

TEST(JsonCodec, NamesEveryWrongFieldByItsPointer) {
  EXPECT_EQ(wrong_fields(R"({"items":[{"name":1,"small":256},{"name":"x","small":1,"state":"gone"}],"total":-1,"at":"yesterday","more/or~less":1})"),
            (std::vector<std::string>{"/items/0/name", "/items/0/small", "/items/1/state", "/total", "/at", "/more~1or~0less"}));
  EXPECT_EQ(wrong_fields("{}"), (std::vector<std::string>{"/items", "/total", "/at"}));
}

TEST(JsonCodec, IgnoresUnknownFieldsAtEveryDepthWhenAsked) {
  const auto json = parse(R"({"items":[{"name":"a","small":1,"new":1}],"total":0,"at":"2026-11-23T06:28:37Z","newer":{}})").value();
  EXPECT_FALSE(read_value<Page>(json).ok());
  EXPECT_EQ(read_value<Page>(json, UnknownFields::Ignore)->items.front().name, "a");
}

TEST(JsonCodec, TellsAbsentFromNull) {
  const char* rest = R"("items":[],"total":0,"at":"2026-11-23T06:28:37Z")";
  EXPECT_FALSE(read<Page>(std::string("{") + rest + "}")->owner.has_value());
  const auto null = read<Page>(std::string(R"({"owner":null,)") + rest + "}");
  ASSERT_TRUE(null->owner.has_value());
  EXPECT_FALSE(null->owner->has_value());
}

TEST(JsonCodec, RefusesWhatIsNotOneClearDocument) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("{} {}"), std::string(R"({"a":1,"a":2})"), std::string(40, '['), std::string("nul")}) {
    const auto value = parse(text);
    ASSERT_FALSE(value.ok()) << text;
    EXPECT_EQ(value.error().code, ErrorCode::Malformed);
  }
}

TEST(JsonCodec, IntegersThatJsonReadersLoseAreStrings) {
  EXPECT_EQ(write(std::uint64_t{1} << 53U), "9007199254740992");
  EXPECT_EQ(write((std::uint64_t{1} << 53U) + 1), "\"9007199254740993\"");
  EXPECT_EQ(read<std::uint64_t>("\"18446744073709551615\"").value(), 18446744073709551615ULL);
  EXPECT_FALSE(read<std::uint64_t>("\"18446744073709551616\"").ok());
  EXPECT_FALSE(read<std::uint64_t>("1.5").ok());
}

}  // namespace
}  // namespace ipam::json
