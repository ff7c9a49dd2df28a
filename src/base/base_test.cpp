#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/strings.h"

#include <gtest/gtest.h>

#include <set>

namespace ipam {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return Error(ErrorCode::InvalidArgument, "odd");
  return value / 2;
}

Result<int> quarter(int value) { return IPAM_TRY(half(IPAM_TRY(half(value)))); }

TEST(Result, TryYieldsTheValueOrReturnsTheError) {
  EXPECT_EQ(quarter(8).value(), 2);
  const Result<int> failed = quarter(6);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::InvalidArgument);
}

TEST(Result, ReadingTheValueOfAnErrorIsABrokenInvariant) { EXPECT_THROW((void)half(1).value(), LogicError); }

TEST(ErrorTable, NamesAndExitStatusesAreDistinctAndEveryCodeIsAtItsPlace) {
  std::set<std::string_view> names;
  std::set<int> exits;
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    const ErrorCodeRow& row = error_code_row(static_cast<ErrorCode>(i));
    EXPECT_EQ(static_cast<int>(row.code), i);
    EXPECT_TRUE(names.insert(row.name).second);
    EXPECT_TRUE(exits.insert(row.exit_status).second);
    EXPECT_EQ(error_code_row(row.name).code, row.code);
  }
  EXPECT_EQ(error_code_row("no such name").code, ErrorCode::Internal);
}

TEST(Error, DescriptionNamesTheCauses) {
  const Error error = Error(ErrorCode::Unavailable, "disk full", "write returned 28").wrapped(ErrorCode::Internal, "commit failed");
  EXPECT_EQ(error.describe(), "internal: commit failed <- unavailable: disk full (write returned 28)");
}

TEST(Time, RoundTripsThroughText) {
  for (const char* text : {"2026-11-23T06:28:37Z", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59.000001Z", "2026-01-02T03:04:05.5Z"}) {
    EXPECT_EQ(format_time(parse_time(text).value()), text);
  }
  EXPECT_EQ(format_time(parse_time("2026-11-23T07:28:37+01:00").value()), "2026-11-23T06:28:37Z");
}

TEST(Time, RefusesWhatIsNotATime) {
  for (const char* text : {"", "2026-11-23", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-23T25:00:00Z", "2026-11-23T06:28:37",
                           "2026-11-23T06:28:37.Z", "2026-11-23T06:28:37Zx"}) {
    EXPECT_FALSE(parse_time(text).ok()) << text;
  }
}

TEST(DurationText, ReadsSumsOfUnitsAndRefusesTheRest) {
  EXPECT_EQ(parse_duration("1d12h").value(), std::chrono::hours(36));
  EXPECT_EQ(format_duration(std::chrono::minutes(90)), "1h30m");
  for (const char* text : {"", "5", "h", "5x", "-5m", "5m3", "99999999d"}) EXPECT_FALSE(parse_duration(text).ok()) << text;
}

TEST(Bytes, HexAndBase64RoundTrip) {
  const Bytes bytes{0x00, 0x0a, 0xff, 0x10};
  EXPECT_EQ(to_hex(bytes), "000aff10");
  EXPECT_EQ(to_hex(bytes, ':'), "00:0a:ff:10");
  EXPECT_EQ(from_hex("00:0a:ff:10").value(), bytes);
  EXPECT_EQ(from_hex("000AFF10").value(), bytes);
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const ByteView part(bytes.data(), length);
    EXPECT_EQ(from_base64(to_base64(part)).value(), Bytes(part.begin(), part.end()));
    EXPECT_EQ(from_base64(to_base64url(part)).value(), Bytes(part.begin(), part.end()));
  }
  for (const char* text : {"0", "0g", "00:0", "00:0a-ff", "000a:ff"}) EXPECT_FALSE(from_hex(text).ok()) << text;
  for (const char* text : {"A", "A===", "QR==", "Q*=="}) EXPECT_FALSE(from_base64(text).ok()) << text;
}

TEST(Strings, CleanTextIsUtf8WithoutControlCharacters) {
  EXPECT_TRUE(is_clean_text("Zürich, 東京\tok"));
  for (const std::string& text : {std::string("\x00", 1), std::string("\x1b[31m"), std::string("\xC0\xAF"), std::string("\xED\xA0\x80"),
                                  std::string("\xF5\x80\x80\x80"), std::string("\xE2\x82")}) {
    EXPECT_FALSE(is_clean_text(text));
  }
}

TEST(Strings, SnakeCaseOfEnumerators) { EXPECT_EQ(to_snake_case("InUse"), "in_use"); }

TEST(Strings, CountsAgreeWithTheirNoun) {
  EXPECT_EQ(count_of(1, "server"), "1 server");
  EXPECT_EQ(count_of(0, "server"), "0 servers");
}

TEST(Strings, ShortenNeverCutsACharacter) { EXPECT_EQ(shorten("aé", 2), "a…"); }

TEST(Log, ValueCannotForgeALine) {
  EXPECT_EQ(log::quote_value("plain"), "plain");
  EXPECT_EQ(log::quote_value("two words"), "\"two words\"");
  EXPECT_EQ(log::quote_value("x\ny"), "\"x\\x0ay\"");
  EXPECT_EQ(log::quote_value(""), "\"\"");
}

TEST(Secret, HasNoFormatter) {
  EXPECT_TRUE(std::is_default_constructible_v<fmt::formatter<std::string>>);
  EXPECT_FALSE(std::is_default_constructible_v<fmt::formatter<Secret>>);
}

TEST(Guarded, GivesTheDataOnlyUnderItsLock) {
  Guarded<int> value(1);
  *value.lock() = 2;
  EXPECT_EQ(value.with([](int& v) { return v; }), 2);
}

}  // namespace
}  // namespace ipam
