#include "wire/query_text/values.h"

#include "base/strings.h"
#include "base/utf8.h"
#include "wire/query_text/tokens.h"

#include <fmt/format.h>

#include <cmath>

namespace ipam::wire::query_text {
namespace {

Error wrong(const Value& value, std::string_view expected) {
  const std::string found = value.from_now ? "now" : shorten(value.text, 40);
  return at_column(value.column, fmt::format("expected {}, found '{}'", expected, found));
}

// Bytes of the character at the start, of a text that may not be well-formed.
std::size_t character(std::string_view text) { return std::max<std::size_t>(1, utf8_character(text)); }

bool same(char a, char b) { return equals_ignoring_case(std::string_view(&a, 1), std::string_view(&b, 1)); }

bool contains(std::string_view text, std::string_view part) {
  for (std::size_t i = 0; i + part.size() <= text.size(); ++i) {
    if (equals_ignoring_case(text.substr(i, part.size()), part)) return true;
  }
  return false;
}

}  // namespace

Result<double> as_number(const Value& value) {
  std::string_view text = value.text;
  if (text.ends_with('%')) text.remove_suffix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return wrong(value, "a number");
  return number;
}

Result<std::int64_t> as_integer(const Value& value) {
  const auto number = parse_integer<std::int64_t>(value.text);
  if (!number) return wrong(value, "a whole number");
  return *number;
}

Result<Time> as_time(const Value& value, Time now) {
  if (value.from_now) {
    // As far as a clock can tell, and no further.
    constexpr Duration kFar = std::chrono::hours(24 * 365 * 200);
    if (*value.from_now > kFar || *value.from_now < -kFar) return wrong(value, "an instant within 200 years");
    return now + *value.from_now;
  }
  constexpr std::size_t kDay = 10;
  const auto time = parse_time(value.text.size() == kDay ? value.text + "T00:00:00Z" : value.text);
  if (!time.ok()) return wrong(value, "a date as 2026-12-24, an instant as 2026-12-24T18:00:00Z, or now+7d");
  return *time;
}

Result<Duration> as_duration(const Value& value) {
  const auto duration = parse_duration(value.text);
  if (!duration.ok()) return wrong(value, "a duration as 7d or 12h");
  return *duration;
}

Result<ip::Prefix> as_prefix(const Value& value) {
  if (const auto address = ip::Address::parse(value.text); address.ok()) return ip::Prefix::containing(*address, ip::bit_count(address->family()));
  const auto prefix = ip::Prefix::parse(value.text);
  if (!prefix.ok()) return wrong(value, "a prefix as 10.0.0.0/8 or an address");
  return *prefix;
}

Result<bool> as_truth(const Value& value) {
  for (const std::string_view text : {"true", "yes", "1"}) {
    if (equals_ignoring_case(value.text, text)) return true;
  }
  for (const std::string_view text : {"false", "no", "0"}) {
    if (equals_ignoring_case(value.text, text)) return false;
  }
  return wrong(value, "true or false");
}

bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.find_first_of("*?") == std::string_view::npos) return contains(text, pattern);
  // What follows the last star is tried again one character further on: no more than length times length steps.
  std::optional<std::string_view> after_star;
  std::string_view retry, rest = text;
  while (true) {
    if (!pattern.empty() && pattern.front() == '*') {
      pattern.remove_prefix(1);
      after_star = pattern;
      retry = rest;
    } else if (!pattern.empty() && !rest.empty() && (pattern.front() == '?' || same(pattern.front(), rest.front()))) {
      rest.remove_prefix(pattern.front() == '?' ? character(rest) : 1);
      pattern.remove_prefix(1);
    } else if (pattern.empty() && rest.empty()) {
      return true;
    } else if (after_star && !retry.empty()) {
      retry.remove_prefix(character(retry));
      rest = retry;
      pattern = *after_star;
    } else {
      return false;
    }
  }
}

}  // namespace ipam::wire::query_text
