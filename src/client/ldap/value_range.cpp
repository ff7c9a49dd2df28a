#include "client/ldap/value_range.h"

#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::client::ldap {
namespace {

constexpr std::string_view kMark = ";range=";
constexpr std::uint64_t kHighest = 1'000'000'000'000;

}  // namespace

std::optional<ValueRange> ValueRange::parse(std::string_view description) {
  const std::size_t at = to_lower(description).find(kMark);
  if (at == std::string::npos || at == 0) return std::nullopt;
  const auto parts = split(description.substr(at + kMark.size()), '-');
  if (parts.size() != 2) return std::nullopt;
  const auto low = parse_integer<std::uint64_t>(parts[0], 0, kHighest);
  if (!low) return std::nullopt;
  ValueRange range{.name = std::string(description.substr(0, at)), .low = *low, .high = std::nullopt};
  if (parts[1] == "*") return range;
  range.high = parse_integer<std::uint64_t>(parts[1], *low, kHighest);
  if (!range.high) return std::nullopt;
  return range;
}

std::string ValueRange::following() const { return fmt::format("{};range={}-*", name, high.value_or(0) + 1); }

bool ValueRange::continued_by(const ValueRange& other) const { return equals_ignoring_case(name, other.name) && high && other.low == *high + 1; }

}  // namespace ipam::client::ldap
