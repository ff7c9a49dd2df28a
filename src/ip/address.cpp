#include "ip/address.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <array>

namespace ipam::ip {
namespace {

constexpr U128 kMappedPrefix = make_u128(0, 0x0000'FFFF'0000'0000ULL);

Error not_an_address(std::string_view text) { return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is not an IP address", shorten(text, 60))); }

std::optional<std::uint32_t> parse_v4(std::string_view text) {
  std::uint32_t number = 0;
  int parts = 0;
  while (true) {
    const auto dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    if (part.empty() || part.size() > 3 || (part.size() > 1 && part[0] == '0')) return std::nullopt;
    const auto octet = parse_integer<unsigned>(part, 0U, 255U);
    if (!octet || ++parts > 4) return std::nullopt;
    number = number << 8 | *octet;
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  return parts == 4 ? std::optional(number) : std::nullopt;
}

std::optional<unsigned> parse_group(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// RFC 4291, section 2.2: up to eight groups, at most one "::", optionally an IPv4 address in place of the last two groups.
std::optional<U128> parse_v6(std::string_view text) {
  if (text.size() < 2 || text.size() > 45) return std::nullopt;
  std::array<unsigned, 8> groups{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  } else if (text.front() == ':') {
    return std::nullopt;
  }
  while (!text.empty()) {
    const auto colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (colon == std::string_view::npos && part.find('.') != std::string_view::npos) {
      const auto v4 = parse_v4(part);
      if (!v4 || count > 6) return std::nullopt;
      groups[count++] = *v4 >> 16;
      groups[count++] = *v4 & 0xFFFF;
      break;
    }
    const auto group = parse_group(part);
    if (!group || count == 8) return std::nullopt;
    groups[count++] = *group;
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // a single colon at the end
    if (text.front() == ':') {
      if (gap) return std::nullopt;
      gap = count;
      text.remove_prefix(1);
    }
  }
  if (gap ? count > 7 : count != 8) return std::nullopt;
  U128 number = 0;
  const std::size_t zeros = 8 - count;
  for (std::size_t i = 0; i < 8; ++i) {
    unsigned group = 0;
    if (!gap || i < *gap) {
      group = groups[i];
    } else if (i >= *gap + zeros) {
      group = groups[i - zeros];
    }
    number = number << 16 | group;
  }
  return number;
}

// RFC 5952: lower case, the longest run of two or more zero groups (the first of equals) as "::", mapped addresses with a dotted tail.
std::string print_v6(U128 number) {
  if (number >> 32 == kMappedPrefix >> 32) return "::ffff:" + Address::v4(static_cast<std::uint32_t>(number)).to_string();
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(number >> (112 - 16 * i)) & 0xFFFFU;
  std::size_t best = 8, best_length = 1;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > best_length) {
      best = i;
      best_length = end - i;
    }
    i = end == i ? i + 1 : end;
  }
  fmt::memory_buffer text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      text.append(std::string_view("::"));
      i += best_length - 1;
      continue;
    }
    if (i != 0 && i != best + best_length) text.push_back(':');
    fmt::format_to(std::back_inserter(text), "{:x}", groups[i]);
  }
  return fmt::to_string(text);
}

}  // namespace

Result<Address> Address::parse(std::string_view text) {
  if (text.find(':') != std::string_view::npos) {
    if (const auto number = parse_v6(text)) return v6(*number);
  } else if (const auto number = parse_v4(text)) {
    return v4(*number);
  }
  return not_an_address(text);
}

Result<Address> Address::from_network_bytes(ByteView bytes) {
  if (bytes.size() != 4 && bytes.size() != 16)
    return Error(ErrorCode::Malformed, fmt::format("an IP address has 4 or 16 bytes, not {}", bytes.size()));
  U128 number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return Address(bytes.size() == 4 ? Family::V4 : Family::V6, number);
}

std::string Address::to_string() const {
  if (family_ == Family::V6) return print_v6(number_);
  const auto number = static_cast<std::uint32_t>(number_);
  return fmt::format("{}.{}.{}.{}", number >> 24, number >> 16 & 0xFF, number >> 8 & 0xFF, number & 0xFF);
}

Bytes Address::network_bytes() const {
  Bytes bytes;
  for (int shift = bit_count(family_) - 8; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(number_ >> shift));
  return bytes;
}

Bytes Address::key() const {
  Bytes key;
  key.reserve(17);
  key.push_back(static_cast<std::uint8_t>(family_));
  for (int shift = bit_count(family_) - 8; shift >= 0; shift -= 8) key.push_back(static_cast<std::uint8_t>(number_ >> shift));
  return key;
}

Result<Address> Address::from_key(ByteView key) {
  if (key.empty() || (key[0] == 4 ? key.size() != 5 : key[0] != 6 || key.size() != 17)) return Error(ErrorCode::Malformed, "not an address key");
  return from_network_bytes(key.subspan(1));
}

std::optional<Address> Address::next() const {
  if (number_ == last_number(family_)) return std::nullopt;
  return Address(family_, number_ + 1);
}

std::optional<Address> Address::previous() const {
  if (number_ == 0) return std::nullopt;
  return Address(family_, number_ - 1);
}

Address Address::unmapped() const {
  if (family_ == Family::V6 && number_ >> 32 == kMappedPrefix >> 32) return v4(static_cast<std::uint32_t>(number_));
  return *this;
}

}  // namespace ipam::ip
