// Small text functions that the standard library lacks. ASCII only: names of the field (host names, MACs, headers) are ASCII.
// Thread rule: pure functions.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam {

std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// "CamelCase" and "camelCase" to "camel_case": enumerators as the API and the database write them.
std::string to_snake_case(std::string_view camel);
// Whether the bytes are well-formed UTF-8 (RFC 3629) without NUL and without control characters other than tab and line feed.
bool is_clean_text(std::string_view text);
// At most the first `limit` bytes of the text, never half a character, with "…" in place of what is cut: for messages that quote input.
std::string shorten(std::string_view text, std::size_t limit);

// "1 server", "2 servers": a count with its noun, for messages.
std::string count_of(std::uint64_t count, std::string_view noun);

// The whole text as a decimal integer within [low, high], or nothing.
template <std::integral T>
std::optional<T> parse_integer(std::string_view text, T low = std::numeric_limits<T>::min(), T high = std::numeric_limits<T>::max()) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) return std::nullopt;
  return value;
}

}  // namespace ipam
