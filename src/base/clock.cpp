#include "base/clock.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <array>

namespace ipam {
namespace {

using std::chrono::duration_cast;
using std::chrono::time_point_cast;

Error bad_time(std::string_view text) {
  return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is not a time; write it as 2026-11-23T06:28:37Z (RFC 3339)", text.substr(0, 40)));
}

struct DurationUnit {
  char letter;
  Duration length;
};
constexpr std::array<DurationUnit, 4> kUnits{
    {{'d', std::chrono::hours(24)}, {'h', std::chrono::hours(1)}, {'m', std::chrono::minutes(1)}, {'s', std::chrono::seconds(1)}}};

}  // namespace

Time SystemClock::now() const { return time_point_cast<Duration>(std::chrono::system_clock::now()); }
MonotonicTime SystemClock::monotonic() const { return std::chrono::steady_clock::now(); }

std::string format_time(Time time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{days};
  const std::chrono::hh_mm_ss clock{time - days};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) {
    text += fmt::format(".{:06}", clock.subseconds().count());
    while (text.back() == '0') text.pop_back();
  }
  return text + "Z";
}

Result<Time> parse_time(std::string_view text) {
  const auto digits = [&](std::size_t at, std::size_t count) -> int {
    int value = 0;
    if (at + count > text.size()) return -1;
    for (std::size_t i = at; i < at + count; ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':') {
    return bad_time(text);
  }
  const int year = digits(0, 4), month = digits(5, 2), day = digits(8, 2), hour = digits(11, 2), minute = digits(14, 2), second = digits(17, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return bad_time(text);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return bad_time(text);
  Time time = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
  std::size_t at = 19;
  if (text[at] == '.') {
    Duration unit = std::chrono::milliseconds(100);
    std::size_t start = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      time += unit * (text[at] - '0');
      unit /= 10;
    }
    if (at == start) return bad_time(text);
  }
  if (at >= text.size()) return bad_time(text);
  if (text[at] == 'Z' || text[at] == 'z') return at + 1 == text.size() ? Result<Time>(time) : bad_time(text);
  if ((text[at] != '+' && text[at] != '-') || text.size() != at + 6 || text[at + 3] != ':') return bad_time(text);
  const int offset_hours = digits(at + 1, 2), offset_minutes = digits(at + 4, 2);
  if (offset_hours < 0 || offset_hours > 23 || offset_minutes < 0 || offset_minutes > 59) return bad_time(text);
  const Duration offset = std::chrono::hours(offset_hours) + std::chrono::minutes(offset_minutes);
  return text[at] == '+' ? time - offset : time + offset;
}

Result<Duration> parse_duration(std::string_view text) {
  const Error bad(ErrorCode::InvalidArgument, fmt::format("'{}' is not a duration; write it as 45s, 15m, 6h, 1d or 1d12h", text.substr(0, 40)));
  Duration total{0};
  std::string_view rest = text;
  if (rest.empty()) return bad;
  while (!rest.empty()) {
    std::size_t count = 0;
    while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
    const auto number = parse_integer<std::int64_t>(rest.substr(0, count), 0, 36'500);
    if (!number || count == rest.size()) return bad;
    const DurationUnit* unit = nullptr;
    for (const DurationUnit& candidate : kUnits) {
      if (candidate.letter == rest[count]) unit = &candidate;
    }
    if (unit == nullptr) return bad;
    total += unit->length * *number;
    rest.remove_prefix(count + 1);
  }
  return total;
}

std::string format_duration(Duration duration) {
  if (duration < std::chrono::seconds(1)) return fmt::format("{}ms", duration_cast<std::chrono::milliseconds>(duration).count());
  std::string text;
  int parts = 0;
  for (const DurationUnit& unit : kUnits) {
    const auto count = duration / unit.length;
    if (count == 0 || parts == 2) continue;
    text += fmt::format("{}{}", count, unit.letter);
    duration -= unit.length * count;
    ++parts;
  }
  return text;
}

}  // namespace ipam
