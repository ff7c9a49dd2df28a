#include "service/interchange/cell_text.h"

#include "service/interchange/column.h"

#include <array>

namespace ipam::service::interchange {
namespace {

Error no_date(std::string_view text) {
  return {ErrorCode::InvalidArgument,
          fmt::format("'{}' is no date; write 2026-12-24, 2026-12-24T18:30:00Z, 12/24/2026 (month first) or 24.12.2026", shorten(text, 40))};
}

// Three numbers with one sign between them.
std::optional<std::array<int, 3>> three_numbers(std::string_view text, char separator) {
  const auto parts = split(text, separator);
  if (parts.size() != 3) return std::nullopt;
  std::array<int, 3> numbers{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = parse_integer<int>(parts[i], 0, 9'999);
    if (!number) return std::nullopt;
    numbers.at(i) = *number;
  }
  return numbers;
}

std::optional<Time> read_day(std::string_view text) {
  int year = 0, month = 0, day = 0;
  if (const auto numbers = three_numbers(text, '-')) {
    std::tie(year, month, day) = std::tuple((*numbers)[0], (*numbers)[1], (*numbers)[2]);
  } else if (const auto american = three_numbers(text, '/')) {
    std::tie(month, day, year) = std::tuple((*american)[0], (*american)[1], (*american)[2]);
  } else if (const auto european = three_numbers(text, '.')) {
    std::tie(day, month, year) = std::tuple((*european)[0], (*european)[1], (*european)[2]);
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (year < 1900 || !date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date));
}

// "18:30", "18:30:05", "6:30 PM".
std::optional<Duration> read_hour(std::string_view text) {
  const bool is_morning = text.ends_with("AM") || text.ends_with("am"), is_evening = text.ends_with("PM") || text.ends_with("pm");
  if (is_morning || is_evening) text = trim(text.substr(0, text.size() - 2));
  const auto parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  const auto minutes = parse_integer<int>(parts[1], 0, 59), seconds = parts.size() == 3 ? parse_integer<int>(parts[2], 0, 59) : std::optional(0);
  auto hours = parse_integer<int>(parts[0], 0, is_morning || is_evening ? 12 : 23);
  if (!hours || !minutes || !seconds) return std::nullopt;
  if (is_morning || is_evening) hours = *hours % 12 + (is_evening ? 12 : 0);
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) + std::chrono::seconds(*seconds);
}

}  // namespace

std::string column_key(std::string_view name) {
  std::string key;
  for (const char c : to_lower(trim(name))) {
    if (c != ' ' && c != '_' && c != '-' && c != '\t') key += c;
  }
  return key;
}

Result<Time> read_date(std::string_view text) {
  if (auto time = parse_time(text); time.ok()) return time;
  const auto blank = text.find(' ');
  const auto day = read_day(text.substr(0, blank));
  if (!day) return no_date(text);
  if (blank == std::string_view::npos) return *day;
  const auto hour = read_hour(trim(text.substr(blank)));
  if (!hour) return no_date(text);
  return *day + *hour;
}

const std::vector<Word<model::ManagedBy>>& managed_by_words() {
  using enum model::ManagedBy;
  static const std::vector<Word<model::ManagedBy>> words{
      {Ipam, {"IPAM"}}, {MsDhcp, {"MS DHCP"}}, {NonMsDhcp, {"Non-MS DHCP"}}, {VmManager, {"VM Manager", "VMM"}}, {Other, {"Others", "Other"}}};
  return words;
}

const std::vector<Word<model::AddressState>>& address_state_words() {
  using enum model::AddressState;
  static const std::vector<Word<model::AddressState>> words{
      {InUse, {"In-Use"}}, {Reserved, {"Reserved"}}, {Inactive, {"Inactive"}}, {Held, {"Held"}}, {Cooling, {"Cooling"}}};
  return words;
}

const std::vector<Word<model::Assignment>>& assignment_words() {
  using enum model::Assignment;
  static const std::vector<Word<model::Assignment>> words{
      {Static, {"Static"}}, {Dynamic, {"Dynamic"}}, {Auto, {"Auto"}}, {Vip, {"VIP"}}, {Reserved, {"Reserved"}}};
  return words;
}

std::vector<std::string_view> list_parts(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find_first_of(separators);
    const std::string_view part = trim(text.substr(0, end));
    if (!part.empty()) parts.push_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <>
Result<std::uint16_t> read_element(std::string_view text) {
  const auto number = parse_integer<std::uint16_t>(text);
  if (!number) return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is no number from 0 to 65535", shorten(text, 40)));
  return *number;
}

template <>
Result<ip::Address> read_element(std::string_view text) {
  return ip::Address::parse(text);
}

template <>
Result<ip::Range> read_element(std::string_view text) {
  if (const auto address = ip::Address::parse(text); address.ok()) return ip::Range::create(*address, *address);
  return ip::Range::parse(text);
}

Result<model::Gateway> read_gateway(std::string_view text) {
  model::Gateway gateway;
  std::string plain;
  for (const char c : to_lower(text)) plain += c == ',' || c == '=' ? ' ' : c;
  std::vector<std::string_view> words;
  for (const std::string_view word : split(plain, ' ')) {
    if (!word.empty() && word != "address" && word != "metric") words.push_back(word);
  }
  if (words.empty() || words.size() > 2)
    return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is no gateway; write 10.0.0.1 or 10.0.0.1 metric 10", shorten(text, 40)));
  gateway.address = IPAM_TRY(ip::Address::parse(words[0]));
  if (words.size() == 2 && words[1] != "automatic" && words[1] != "auto") gateway.metric = IPAM_TRY(read_element<std::uint16_t>(words[1]));
  return gateway;
}

std::string write_element(std::uint16_t value) { return std::to_string(value); }
std::string write_element(const std::string& value) { return value; }
std::string write_element(const ip::Address& value) { return value.to_string(); }
std::string write_element(const ip::Range& value) { return value.first() == value.last() ? value.first().to_string() : value.to_string(); }
std::string write_element(const model::Gateway& value) {
  return value.metric ? fmt::format("{} metric {}", value.address.to_string(), *value.metric) : value.address.to_string();
}

Result<ip::Prefix> prefix_of(const ip::Address& first, const ip::Address& last) {
  const auto range = IPAM_TRY(ip::Range::create(first, last));
  // The longest prefix around the first address that reaches the last one.
  for (int length = ip::bit_count(first.family()); length >= 0; --length) {
    const ip::Prefix prefix = ip::Prefix::containing(first, length);
    if (prefix.first() != first) break;
    if (prefix.last() == last) return prefix;
  }
  return Error(ErrorCode::InvalidArgument, fmt::format("{} is no prefix; give it as the prefixes that it is made of, one a row", range.to_string()));
}

}  // namespace ipam::service::interchange
