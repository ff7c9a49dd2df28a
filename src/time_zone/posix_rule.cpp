#include "time_zone/posix_rule.h"

#include "base/strings.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace ipam::time_zone {
namespace {

constexpr std::int32_t kMaxOffset = 26 * 3'600;  // RFC 8536 section 3.2

}  // namespace

class PosixRuleParser {
 public:
  explicit PosixRuleParser(std::string_view text) : text_(text) {}

  Result<PosixRule> parse() {
    PosixRule rule;
    name();
    rule.standard_ = -time(true);
    if (!ok_ || text_.empty()) return finish(rule);
    name();
    rule.summer_ = text_.starts_with(',') || text_.empty() ? rule.standard_ + 3'600 : -time(true);
    std::array<PosixRule::Date, 2> dates;
    for (PosixRule::Date& each : dates) each = date();
    rule.dates_ = dates;
    return finish(rule);
  }

 private:
  Result<PosixRule> finish(const PosixRule& rule) const {
    const bool possible = std::max(std::abs(rule.standard_), std::abs(rule.summer_)) <= kMaxOffset;
    if (!ok_ || !possible || !text_.empty()) return Error(ErrorCode::Malformed, "the rule at the end of a time zone file cannot be read");
    return rule;
  }

  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  void name() {
    std::size_t length = 0;
    if (take('<')) {
      length = text_.find('>');
      ok_ = ok_ && length != std::string_view::npos;
      text_.remove_prefix(ok_ ? length + 1 : text_.size());
      return;
    }
    while (length < text_.size() && ((text_[length] | 0x20) >= 'a' && (text_[length] | 0x20) <= 'z')) ++length;
    ok_ = ok_ && length >= 3;
    text_.remove_prefix(length);
  }

  int number(int most) {
    std::size_t length = 0;
    while (length < text_.size() && length < 3 && text_[length] >= '0' && text_[length] <= '9') ++length;
    const auto value = parse_integer<int>(text_.substr(0, length), 0, most);
    ok_ = ok_ && value;
    text_.remove_prefix(length);
    return value.value_or(0);
  }

  // hh[:mm[:ss]]
  std::int32_t time(bool sign) {
    const bool negative = sign && take('-');
    if (sign && !negative) take('+');
    std::int32_t seconds = 3'600 * number(167);
    if (take(':')) seconds += 60 * number(59);
    if (take(':')) seconds += number(59);
    return negative ? -seconds : seconds;
  }

  PosixRule::Date date() {
    PosixRule::Date date;
    ok_ = ok_ && take(',');
    if (take('M')) {
      date.month = number(12);
      ok_ = ok_ && date.month >= 1 && take('.');
      date.week = number(5);
      ok_ = ok_ && date.week >= 1 && take('.');
      date.day = number(6);
    } else if (take('J')) {
      date.form = PosixRule::Form::JulianWithoutLeapDay;
      date.day = number(365);
      ok_ = ok_ && date.day >= 1;
    } else {
      date.form = PosixRule::Form::DayOfYear;
      date.day = number(365);
    }
    if (take('/')) date.seconds = time(true);
    return date;
  }

  std::string_view text_;
  bool ok_ = true;
};

Result<PosixRule> PosixRule::parse(std::string_view text) { return PosixRuleParser(text).parse(); }

std::int64_t PosixRule::at(const Date& date, int year) {
  using namespace std::chrono;
  const sys_days first = std::chrono::year(year) / January / 1;
  sys_days day = first;
  switch (date.form) {
    case Form::DayOfYear: day = first + days(date.day); break;
    case Form::JulianWithoutLeapDay: {
      const bool after_leap_day = std::chrono::year(year).is_leap() && date.day >= 60;
      day = first + days(date.day - 1 + (after_leap_day ? 1 : 0));
      break;
    }
    case Form::MonthWeekDay: {
      const auto month_of_year = std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(date.month));
      const weekday wanted(static_cast<unsigned>(date.day));
      day = date.week == 5 ? sys_days(month_of_year / wanted[last]) : sys_days(month_of_year / wanted[static_cast<unsigned>(date.week)]);
      break;
    }
  }
  return sys_seconds(day).time_since_epoch().count() + date.seconds;
}

std::optional<std::array<PosixRule::Change, 2>> PosixRule::changes(int year) const {
  if (!dates_) return std::nullopt;
  std::array<Change, 2> changes{Change{at((*dates_)[0], year) - standard_, summer_}, Change{at((*dates_)[1], year) - summer_, standard_}};
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.at < b.at; });
  return changes;
}

}  // namespace ipam::time_zone
