// TimeZone: what a wall clock showed when, read from a compiled zone (TZif, RFC 8536 versions 1 to 4).
//
// Logs of servers tell local time. `to_utc` turns it into an instant and says when that cannot be done: the hour that a clock shows twice in autumn
// has two instants, the one it leaves out in spring has none. Whoever stores the event keeps both instants, and a person sees that it is ambiguous.
//
// GCC 12 has std::chrono::local_time but not the time zone database of C++20: docs/decisions/0041-time-zones-of-our-own.md. The rule at the end of
// the file (a POSIX TZ string) is followed up to the year 2200. Leap seconds are refused: the folder "right" of zoneinfo counts differently.
// Thread rule: immutable values.
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::time_zone {

// What a wall clock shows, with microseconds; of no zone until a TimeZone gives it one.
using LocalTime = std::chrono::local_time<Duration>;

// A date and a time of day that exist, or nothing. A leap second (second 60) is told as the second after it.
std::optional<LocalTime> make_local_time(int year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second,
                                         unsigned microsecond = 0);
// "2026-11-23T06:28:37", with fractional digits only where there are some.
std::string format_local_time(LocalTime local);

enum class Meaning : std::uint8_t { Unique, Ambiguous, Skipped };

struct Instant {
  Meaning meaning = Meaning::Unique;
  // Unique: both the same. Ambiguous: the first and the last time that the clock showed it. Skipped: what it means by the offset from before the
  // jump (`latest`) and from after it (`earliest`).
  Time earliest, latest;

  bool operator==(const Instant&) const = default;
};

class TimeZone {
 public:
  static constexpr std::size_t kMaxFile = 1U << 20U;

  // UTC.
  TimeZone() = default;
  // A clock that never changes. `offset`: east of Greenwich is positive.
  static TimeZone fixed(std::chrono::seconds offset);
  // From the content of a TZif file. Errors: Malformed, Unsupported (leap seconds).
  static Result<TimeZone> parse(ByteView file);
  // From the system's database: "Europe/Berlin". Errors: InvalidArgument (no name of a zone), NotFound, Malformed. Blocks.
  static Result<TimeZone> load(std::string_view name, const std::string& folder = "/usr/share/zoneinfo");

  // Local time minus UTC at this instant.
  std::chrono::seconds offset_at(Time time) const;
  LocalTime to_local(Time time) const;
  Instant to_utc(LocalTime local) const;

 private:
  struct Transition {
    std::int64_t at = 0;  // seconds since 1970
    std::int32_t offset = 0;
  };

  std::int32_t offset_at_second(std::int64_t second) const;

  std::int32_t first_offset_ = 0;        // before the first transition
  std::vector<Transition> transitions_;  // by time
};

}  // namespace ipam::time_zone
