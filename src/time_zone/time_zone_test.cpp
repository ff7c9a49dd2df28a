#include "time_zone/time_zone.h"

#include "base/file.h"
#include "time_zone/posix_rule.h"

#include <gmock/gmock.h>

#include <ctime>

namespace ipam::time_zone {
namespace {

Time utc(std::string_view text) { return parse_time(text).value(); }
LocalTime local(int month, unsigned day, unsigned hour, unsigned minute, int year = 2026) {
  return make_local_time(year, static_cast<unsigned>(month), day, hour, minute, 0).value();
}

TEST(TimeZone, TellsWhatAClockInBerlinShowed) {
  const TimeZone berlin = TimeZone::load("Europe/Berlin").value();
  EXPECT_EQ(format_local_time(berlin.to_local(utc("2026-01-15T12:00:00Z"))), "2026-01-15T13:00:00");
  EXPECT_EQ(format_local_time(berlin.to_local(utc("2026-07-15T12:00:00.25Z"))), "2026-07-15T14:00:00.25");
  EXPECT_EQ(berlin.to_utc(local(7, 15, 14, 0)), (Instant{Meaning::Unique, utc("2026-07-15T12:00:00Z"), utc("2026-07-15T12:00:00Z")}));
}

TEST(TimeZone, AnHourThatAClockShowsTwiceHasTwoInstants) {
  const TimeZone berlin = TimeZone::load("Europe/Berlin").value();
  EXPECT_EQ(berlin.to_utc(local(10, 25, 1, 59)).meaning, Meaning::Unique);
  EXPECT_EQ(berlin.to_utc(local(10, 25, 2, 0)), (Instant{Meaning::Ambiguous, utc("2026-10-25T00:00:00Z"), utc("2026-10-25T01:00:00Z")}));
  EXPECT_EQ(berlin.to_utc(local(10, 25, 2, 59)), (Instant{Meaning::Ambiguous, utc("2026-10-25T00:59:00Z"), utc("2026-10-25T01:59:00Z")}));
  EXPECT_EQ(berlin.to_utc(local(10, 25, 3, 0)), (Instant{Meaning::Unique, utc("2026-10-25T02:00:00Z"), utc("2026-10-25T02:00:00Z")}));
}

TEST(TimeZone, AnHourThatAClockLeavesOutIsSaidToBeSkipped) {
  const TimeZone berlin = TimeZone::load("Europe/Berlin").value();
  EXPECT_EQ(berlin.to_utc(local(3, 29, 1, 59)).meaning, Meaning::Unique);
  EXPECT_EQ(berlin.to_utc(local(3, 29, 2, 30)), (Instant{Meaning::Skipped, utc("2026-03-29T00:30:00Z"), utc("2026-03-29T01:30:00Z")}));
  EXPECT_EQ(berlin.to_utc(local(3, 29, 3, 0)), (Instant{Meaning::Unique, utc("2026-03-29T01:00:00Z"), utc("2026-03-29T01:00:00Z")}));
}

TEST(TimeZone, FollowsTheRuleBehindTheLastTransition) {
  const TimeZone berlin = TimeZone::load("Europe/Berlin").value();
  EXPECT_EQ(berlin.offset_at(utc("2150-07-01T00:00:00Z")), std::chrono::hours(2));
  EXPECT_EQ(berlin.offset_at(utc("2150-12-01T00:00:00Z")), std::chrono::hours(1));
  const TimeZone sydney = TimeZone::load("Australia/Sydney").value();  // its summer spans the turn of the year
  EXPECT_EQ(sydney.offset_at(utc("2150-01-01T00:00:00Z")), std::chrono::hours(11));
  EXPECT_EQ(sydney.offset_at(utc("2150-07-01T00:00:00Z")), std::chrono::hours(10));
}

// The C library reads the same files by code that is not ours.
TEST(TimeZone, AgreesWithTheCLibraryEverySixHoursOfEightyYears) {
  for (const char* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "Africa/Casablanca",
                           "Europe/Dublin", "Asia/Tehran", "Pacific/Apia", "UTC", "America/Nuuk"}) {
    const TimeZone zone = TimeZone::load(name).value();
    setenv("TZ", name, 1);
    tzset();
    for (std::time_t second = 0; second < 2'500'000'000; second += 21'600) {
      std::tm shown{};
      localtime_r(&second, &shown);
      ASSERT_EQ(zone.offset_at(Time(std::chrono::seconds(second))).count(), shown.tm_gmtoff) << name << " at " << second;
      const Instant back = zone.to_utc(zone.to_local(Time(std::chrono::seconds(second))));
      ASSERT_NE(back.meaning, Meaning::Skipped) << name << " at " << second;
      ASSERT_TRUE(back.earliest == Time(std::chrono::seconds(second)) || back.latest == Time(std::chrono::seconds(second))) << name << second;
    }
  }
  unsetenv("TZ");
  tzset();
}

TEST(TimeZone, AFixedOffsetNeverChanges) {
  EXPECT_EQ(TimeZone::fixed(std::chrono::hours(-5)).to_utc(local(3, 29, 2, 30)).earliest, utc("2026-03-29T07:30:00Z"));
  EXPECT_EQ(TimeZone().to_utc(local(3, 29, 2, 30)).meaning, Meaning::Unique);
}

TEST(TimeZone, TakesOnlyNamesOfZones) {
  for (const char* name : {"", "/etc/passwd", "../passwd", "Europe/../../etc", "Europe//Berlin", "Europe/", "Europe/Ber lin"}) {
    EXPECT_EQ(TimeZone::load(name).error().code, ErrorCode::InvalidArgument) << name;
  }
  EXPECT_EQ(TimeZone::load("Europe/Nowhere").error().code, ErrorCode::NotFound);
  EXPECT_EQ(TimeZone::load("zone.tab").error().code, ErrorCode::InvalidArgument);
}

TEST(TimeZone, RefusesAFileThatIsCutOff) {
  const std::string file = read_file("/usr/share/zoneinfo/Europe/Berlin", TimeZone::kMaxFile).value();
  for (std::size_t size = 0; size < file.size(); ++size) {
    ASSERT_FALSE(TimeZone::parse(as_bytes(file).first(size)).ok()) << size;
  }
}

TEST(LocalTime, IsADateAndATimeThatExist) {
  EXPECT_FALSE(make_local_time(2026, 2, 29, 0, 0, 0));
  EXPECT_TRUE(make_local_time(2028, 2, 29, 0, 0, 0));
  EXPECT_FALSE(make_local_time(2026, 13, 1, 0, 0, 0));
  EXPECT_FALSE(make_local_time(2026, 300, 1, 0, 0, 0));
  EXPECT_FALSE(make_local_time(2026, 1, 1, 24, 0, 0));
  EXPECT_EQ(format_local_time(*make_local_time(2016, 12, 31, 23, 59, 60)), "2017-01-01T00:00:00");
}

TEST(PosixRule, ReadsTheFormsOfTheStandard) {
  const PosixRule sixty = PosixRule::parse("XXX4YYY3,J60/0,J300/1:30").value();
  EXPECT_EQ((*sixty.changes(2024))[0].at, utc("2024-03-01T04:00:00Z").time_since_epoch() / std::chrono::seconds(1));
  const PosixRule days = PosixRule::parse("<-03>3<-02>,0/0,364/-1").value();
  EXPECT_EQ((*days.changes(2026))[0].at, utc("2026-01-01T03:00:00Z").time_since_epoch() / std::chrono::seconds(1));
  EXPECT_EQ(PosixRule::parse("IST-5:30").value().standard_offset(), 19'800);
  for (const char* text : {"", "AB1", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "<CET-1"}) {
    EXPECT_FALSE(PosixRule::parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace ipam::time_zone
