#include "wire/http1/query.h"

#include "base/strings.h"

namespace ipam::wire::http1 {
namespace {

constexpr std::size_t kMaxParameters = 1000;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

Result<std::string> percent_decode(std::string_view text, PlusSign plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == PlusSign::Space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return Error(ErrorCode::Malformed, "'%' is not followed by two hexadecimal digits: " + shorten(text, 60));
      if (high == 0 && low == 0) return Error(ErrorCode::Malformed, "'%00' is not allowed: " + shorten(text, 60));
      decoded += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return encoded;
}

Result<Query> Query::parse(std::string_view text) {
  Query query;
  if (text.empty()) return query;
  for (const std::string_view part : split(text, '&')) {
    if (part.empty()) continue;
    if (query.size() == kMaxParameters) return Error(ErrorCode::Malformed, "the query has more than 1000 parameters");
    const auto equals = part.find('=');
    std::string name = IPAM_TRY(percent_decode(part.substr(0, equals), PlusSign::Space));
    std::string value = equals == std::string_view::npos ? std::string() : IPAM_TRY(percent_decode(part.substr(equals + 1), PlusSign::Space));
    query.add(std::move(name), std::move(value));
  }
  return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
  for (const Parameter& parameter : parameters_) {
    if (parameter.first == name) return parameter.second;
  }
  return std::nullopt;
}

std::string Query::to_string() const {
  std::string text;
  for (const auto& [name, value] : parameters_) {
    if (!text.empty()) text += '&';
    text += percent_encode(name) + '=' + percent_encode(value);
  }
  return text;
}

}  // namespace ipam::wire::http1
