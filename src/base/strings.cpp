#include "base/strings.h"

#include "base/utf8.h"

#include <algorithm>

namespace ipam {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

std::string to_snake_case(std::string_view camel) {
  std::string text;
  for (const char c : camel) {
    if (c >= 'A' && c <= 'Z' && !text.empty()) text += '_';
    text += lower(c);
  }
  return text;
}

bool is_clean_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_character(text);
    if (length == 0) return false;
    const auto c = static_cast<unsigned char>(text.front());
    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string count_of(std::uint64_t count, std::string_view noun) {
  const std::string_view plural = noun.ends_with('s') ? "es" : "s";  // addresses
  return std::to_string(count) + ' ' + std::string(noun) + std::string(count == 1 ? "" : plural);
}

std::string shorten(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace ipam
