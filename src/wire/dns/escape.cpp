#include "wire/dns/escape.h"

namespace ipam::wire::dns {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_decimal(std::string& text, std::uint8_t octet) {
  text += '\\';
  text += static_cast<char>('0' + octet / 100);
  text += static_cast<char>('0' + octet / 10 % 10);
  text += static_cast<char>('0' + octet % 10);
}

}  // namespace

void append_escaped(std::string& text, std::uint8_t octet, EscapeFor place) {
  if (octet < 0x20 || octet >= 0x7F || (octet == ' ' && place == EscapeFor::Label)) return append_decimal(text, octet);
  const std::string_view special = place == EscapeFor::Label ? ".\\\"();@$" : "\"\\";
  const char c = static_cast<char>(octet);
  if (special.find(c) != std::string_view::npos) text += '\\';
  text += c;
}

std::optional<std::uint8_t> take_octet(std::string_view text, std::size_t& at) {
  if (text[at] != '\\') return static_cast<std::uint8_t>(text[at++]);
  if (at + 1 >= text.size()) return std::nullopt;
  if (!is_digit(text[at + 1])) {
    const auto octet = static_cast<std::uint8_t>(text[at + 1]);
    if (octet < 0x20 || octet >= 0x7F) return std::nullopt;
    at += 2;
    return octet;
  }
  if (at + 3 >= text.size() || !is_digit(text[at + 2]) || !is_digit(text[at + 3])) return std::nullopt;
  const int number = (text[at + 1] - '0') * 100 + (text[at + 2] - '0') * 10 + (text[at + 3] - '0');
  if (number > 255) return std::nullopt;
  at += 4;
  return static_cast<std::uint8_t>(number);
}

std::string printable(std::string_view text) {
  std::string clean;
  // What is shown is shortened anyway.
  for (const char c : text.substr(0, 300)) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (octet < 0x20 || octet >= 0x7F) {
      append_decimal(clean, octet);
    } else {
      clean += c;
    }
  }
  return clean;
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace ipam::wire::dns
