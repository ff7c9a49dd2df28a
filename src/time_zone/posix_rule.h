// PosixRule: the text at the end of a TZif file that says what comes after its last transition, "CET-1CEST,M3.5.0,M10.5.0/3": POSIX.1 section 8.3
// with the hours beyond a day of RFC 8536 section 3.3.1. Thread rule: a plain value.
#pragma once

#include "base/result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ipam::time_zone {

class PosixRule {
 public:
  // Errors: Malformed.
  static Result<PosixRule> parse(std::string_view text);

  struct Change {
    std::int64_t at = 0;  // seconds since 1970
    std::int32_t offset = 0;
  };

  // Seconds east of Greenwich in winter.
  std::int32_t standard_offset() const { return standard_; }
  // The two changes of a year by time, or nothing where the clock never changes.
  std::optional<std::array<Change, 2>> changes(int year) const;

 private:
  friend class PosixRuleParser;
  enum class Form : std::uint8_t { MonthWeekDay, JulianWithoutLeapDay, DayOfYear };
  struct Date {
    Form form = Form::MonthWeekDay;
    int month = 0, week = 0, day = 0;
    std::int32_t seconds = 7'200;  // of the local clock before the change
  };
  static std::int64_t at(const Date& date, int year);

  std::int32_t standard_ = 0;
  std::int32_t summer_ = 0;
  std::optional<std::array<Date, 2>> dates_;  // the begin and the end of summer time
};

}  // namespace ipam::time_zone
