// Dates of Windows logs, "MM/DD/YY" on most servers, day before month on some. Thread rule: pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ipam::wire::log_lines {

// How sure a day is: "11/10/26" is two days.
enum class DateReading : std::uint8_t {
  Certain,        // only one order is possible
  ByExpectedDay,  // the order that comes nearer to the day that the caller expected
  ByOrder,        // the order of the lines before, at first month before day, as the documentation of Windows says
};

enum class DateOrder : std::uint8_t { MonthFirst, DayFirst };

struct Date {
  int year = 0;
  unsigned month = 0, day = 0;
  DateReading reading = DateReading::Certain;

  std::chrono::local_days day_number() const {
    return std::chrono::local_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
  }
};

// Separated by '/', '.' or '-'; two digits of a year are of this century; a year of four digits may come first ("2026-11-28"). Where both orders are
// possible, the one that comes nearer to `expected` is taken, without it `order`; a date that has only one order sets `order` for those that follow.
std::optional<Date> read_date(std::string_view text, const std::optional<std::chrono::local_days>& expected, DateOrder& order);

// "8:05:09", "08:05:09.123": since midnight. A leap second is told as the second after it.
std::optional<std::chrono::microseconds> read_time_of_day(std::string_view text);

}  // namespace ipam::wire::log_lines
