#include "wire/ndr/wide_text.h"

#include "base/utf8.h"

#include <cstdint>

namespace ipam::wire::ndr {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

bool is_high_half(char16_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_half(char16_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t octet) { out += static_cast<char>(octet); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

// Of one well-formed character.
std::uint32_t code_point(std::string_view character) {
  const auto octet = [&](std::size_t at) { return static_cast<std::uint32_t>(static_cast<std::uint8_t>(character[at])); };
  constexpr std::uint32_t kFirstBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t point = octet(0) & kFirstBits[character.size()];
  for (std::size_t i = 1; i < character.size(); ++i) point = point << 6 | (octet(i) & 0x3F);
  return point;
}

}  // namespace

std::string utf8_of(std::u16string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char16_t unit = text[i];
    if (is_high_half(unit) && i + 1 < text.size() && is_low_half(text[i + 1])) {
      append_utf8(out, 0x10000U + ((static_cast<std::uint32_t>(unit) - 0xD800U) << 10) + (static_cast<std::uint32_t>(text[++i]) - 0xDC00U));
    } else {
      append_utf8(out, is_high_half(unit) || is_low_half(unit) ? kReplacement : unit);
    }
  }
  return out;
}

std::u16string utf16_of(std::string_view text) {
  std::u16string out;
  while (!text.empty()) {
    const std::size_t length = utf8_character(text);
    const std::uint32_t point = length == 0 ? kReplacement : code_point(text.substr(0, length));
    if (point < 0x10000) {
      out += static_cast<char16_t>(point);
    } else {
      out += static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10));
      out += static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace ipam::wire::ndr
