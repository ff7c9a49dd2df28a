#include "wire/log_lines/text.h"

#include "base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace ipam::wire::log_lines {
namespace {

constexpr std::uint32_t kNoCharacter = 0xFFFD;

// The bytes 0x80 to 0x9F of Windows-1252; all others are their own number.
constexpr std::array<std::uint16_t, 32> kWindows1252{0x20AC,       kNoCharacter, 0x201A, 0x0192, 0x201E, 0x2026,       0x2020, 0x2021,
                                                     0x02C6,       0x2030,       0x0160, 0x2039, 0x0152, kNoCharacter, 0x017D, kNoCharacter,
                                                     kNoCharacter, 0x2018,       0x2019, 0x201C, 0x201D, 0x2022,       0x2013, 0x2014,
                                                     0x02DC,       0x2122,       0x0161, 0x203A, 0x0153, kNoCharacter, 0x017E, 0x0178};

void append_utf8(std::string& out, std::uint32_t character) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | (character >> shift & 0x3FU)); };
  if (character < 0x80) {
    out += static_cast<char>(character);
  } else if (character < 0x800) {
    out += static_cast<char>(0xC0U | character >> 6U);
    tail(0);
  } else if (character < 0x10000) {
    out += static_cast<char>(0xE0U | character >> 12U);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | character >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
}

void append_printable(std::string& out, std::uint32_t character) {
  const bool control = (character < 0x20 && character != '\t') || (character >= 0x7F && character < 0xA0);
  const bool turns = (character >= 0x2028 && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
  if (control) {
    out += fmt::format("\\x{:02x}", character);
  } else if (turns) {
    out += fmt::format("\\u{:04x}", character);
  } else {
    append_utf8(out, character);
  }
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_character(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

// The number of a well-formed character.
std::uint32_t number_of(std::string_view character) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint32_t>(static_cast<unsigned char>(character[at])); };
  if (character.size() == 1) return byte(0);
  std::uint32_t number = byte(0) & (0x7FU >> character.size());
  for (std::size_t at = 1; at < character.size(); ++at) number = number << 6U | (byte(at) & 0x3FU);
  return number;
}

}  // namespace

bool is_printable_ascii(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\t'; });
}

std::string printable(std::string_view bytes) {
  if (is_printable_ascii(bytes)) return std::string(bytes);
  std::string out;
  if (is_utf8(bytes)) {
    while (!bytes.empty()) {
      const std::size_t size = utf8_character(bytes);
      append_printable(out, number_of(bytes.substr(0, size)));
      bytes.remove_prefix(size);
    }
    return out;
  }
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_printable(out, byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte);
  }
  return out;
}

std::string utf8_of_utf16le(std::string_view bytes) {
  std::string out;
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    return static_cast<unsigned char>(bytes[at]) | static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + 1])) << 8U;
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const std::uint32_t first = unit(at);
    if (first < 0xD800 || first > 0xDFFF) {
      append_utf8(out, first);
    } else if (first < 0xDC00 && at + 3 < bytes.size() && unit(at + 2) >= 0xDC00 && unit(at + 2) <= 0xDFFF) {
      append_utf8(out, 0x10000U + ((first & 0x3FFU) << 10U | (unit(at + 2) & 0x3FFU)));
      at += 2;
    } else {
      append_utf8(out, kNoCharacter);
    }
  }
  return out;
}

}  // namespace ipam::wire::log_lines
