// Dates of the log, "MM/DD/YY" on most servers, day before month on some. Thread rule: pure functions.
#pragma once

#include "wire/dhcp_audit_log/event.h"

#include <chrono>

namespace ipam::wire::dhcp_audit_log {

enum class DateOrder : std::uint8_t { MonthFirst, DayFirst };

struct Date {
  int year = 0;
  unsigned month = 0, day = 0;
  DateReading reading = DateReading::Certain;
};

// Separated by '/', '.' or '-'; two digits of a year are of this century; a year of four digits may come first ("2026-11-28"). Where both orders are
// possible, the one that comes nearer to `expected` is taken, without it `order`; a date that has only one order sets `order` for those that follow.
std::optional<Date> read_date(std::string_view text, const std::optional<std::chrono::local_days>& expected, DateOrder& order);

}  // namespace ipam::wire::dhcp_audit_log
