// Address: one IPv4 or IPv6 address.
//
// Text: IPv4 in dotted decimal with exactly four parts and no leading zeros; IPv6 in any form of RFC 4291 section 2.2, printed by RFC 5952. Zone
// identifiers ("%eth0") are refused. An IPv4-mapped IPv6 address (::ffff:0:0/96) stays IPv6; `unmapped` makes it IPv4.
// Order: all IPv4 before all IPv6, each by number; the key() bytes have the same order under memcmp.
// Thread rule: a plain value.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "ip/uint128.h"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace ipam::ip {

enum class Family : std::uint8_t { V4 = 4, V6 = 6 };

constexpr int bit_count(Family family) { return family == Family::V4 ? 32 : 128; }
// The number of the last address of the family.
constexpr U128 last_number(Family family) { return family == Family::V4 ? static_cast<U128>(0xFFFFFFFFU) : kMaxU128; }

class Address {
 public:
  constexpr Address() = default;
  constexpr Address(Family family, U128 number) : number_(number & last_number(family)), family_(family) {}
  static constexpr Address v4(std::uint32_t number) { return {Family::V4, number}; }
  static constexpr Address v6(U128 number) { return {Family::V6, number}; }

  // Errors: InvalidArgument, with a message that quotes the text.
  static Result<Address> parse(std::string_view text);
  // From 4 or 16 bytes in network order. Errors: Malformed.
  static Result<Address> from_network_bytes(ByteView bytes);

  constexpr Family family() const { return family_; }
  constexpr U128 number() const { return number_; }
  std::string to_string() const;
  Bytes network_bytes() const;

  // One byte for the family (4 or 6), then the address in network order: 5 or 17 bytes, memcmp order = address order. The form in databases.
  Bytes key() const;
  // Errors: Malformed.
  static Result<Address> from_key(ByteView key);

  // The next and previous address of the same family; nothing past its ends.
  std::optional<Address> next() const;
  std::optional<Address> previous() const;
  // ::ffff:a.b.c.d as a.b.c.d; everything else unchanged.
  Address unmapped() const;

  constexpr auto operator<=>(const Address& other) const {
    if (const auto order = family_ <=> other.family_; order != 0) return order;
    return number_ < other.number_   ? std::strong_ordering::less
           : number_ > other.number_ ? std::strong_ordering::greater
                                     : std::strong_ordering::equal;
  }
  constexpr bool operator==(const Address&) const = default;

  template <typename H>
  friend H AbslHashValue(H state, const Address& address) {
    return H::combine(std::move(state), address.family_, high_half(address.number_), low_half(address.number_));
  }

 private:
  U128 number_ = 0;
  Family family_ = Family::V4;
};

}  // namespace ipam::ip
