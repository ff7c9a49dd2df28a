#include "wire/log_lines/date.h"

#include "base/strings.h"

#include <array>
#include <cstdlib>

namespace ipam::wire::log_lines {
namespace {

std::optional<std::chrono::local_days> day_of(int year, unsigned month, unsigned day) {
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::local_days(date);
}

}  // namespace

std::optional<Date> read_date(std::string_view text, const std::optional<std::chrono::local_days>& expected, DateOrder& order) {
  const auto at = text.find_first_of("/.-");
  if (at == std::string_view::npos) return std::nullopt;
  const auto behind = text.find(text[at], at + 1);
  if (behind == std::string_view::npos) return std::nullopt;
  const std::array<std::string_view, 3> parts{text.substr(0, at), text.substr(at + 1, behind - at - 1), text.substr(behind + 1)};
  std::array<unsigned, 3> numbers{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = parse_integer<unsigned>(parts[i], 0, 9'999);
    if (!number || parts[i].size() > 4) return std::nullopt;
    numbers[i] = *number;
  }
  if (parts[0].size() == 4) {
    if (!day_of(static_cast<int>(numbers[0]), numbers[1], numbers[2])) return std::nullopt;
    return Date{static_cast<int>(numbers[0]), numbers[1], numbers[2], DateReading::Certain};
  }
  if (parts[2].size() != 2 && parts[2].size() != 4) return std::nullopt;
  const int year = static_cast<int>(numbers[2]) + (parts[2].size() == 2 ? 2'000 : 0);
  const auto month_first = day_of(year, numbers[0], numbers[1]), day_first = day_of(year, numbers[1], numbers[0]);
  if (!month_first && !day_first) return std::nullopt;
  Date date{year, numbers[0], numbers[1], DateReading::Certain};
  if (month_first && day_first && *month_first != *day_first) {
    DateOrder chosen = order;
    date.reading = DateReading::ByOrder;
    if (expected) {
      date.reading = DateReading::ByExpectedDay;
      const auto distance = [&](std::chrono::local_days day) { return std::abs((day - *expected).count()); };
      if (distance(*month_first) != distance(*day_first)) {
        chosen = distance(*month_first) < distance(*day_first) ? DateOrder::MonthFirst : DateOrder::DayFirst;
      }
    }
    if (chosen == DateOrder::DayFirst) std::swap(date.month, date.day);
    return date;
  }
  if (!month_first) std::swap(date.month, date.day);
  if (!month_first || !day_first) order = month_first ? DateOrder::MonthFirst : DateOrder::DayFirst;
  return date;
}

std::optional<std::chrono::microseconds> read_time_of_day(std::string_view text) {
  std::chrono::microseconds fraction{0};
  if (const auto point = text.find('.'); point != std::string_view::npos) {
    const std::string_view digits = text.substr(point + 1);
    const auto number = parse_integer<unsigned>(digits, 0, 999'999);
    if (!number || digits.size() > 6) return std::nullopt;
    std::uint64_t microseconds = *number;
    for (std::size_t i = digits.size(); i < 6; ++i) microseconds *= 10;
    fraction = std::chrono::microseconds(microseconds);
    text = text.substr(0, point);
  }
  const auto parts = split(text, ':');
  if (parts.size() != 3) return std::nullopt;
  std::array<unsigned, 3> numbers{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = parse_integer<unsigned>(parts[i], 0, i == 0 ? 23 : i == 1 ? 59 : 60);
    if (!number || parts[i].size() > 2) return std::nullopt;
    numbers[i] = *number;
  }
  return std::chrono::hours(numbers[0]) + std::chrono::minutes(numbers[1]) + std::chrono::seconds(numbers[2]) + fraction;
}

}  // namespace ipam::wire::log_lines
