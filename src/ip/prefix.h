// Prefix: an aligned power-of-two block of addresses, "10.1.0.0/16". Host bits are always zero: text or parts with host bits are refused, and the
// message names the prefix that was probably meant. Order: by first address, then the shorter prefix (the container) first.
// Thread rule: a plain value.
#pragma once

#include "ip/address.h"

namespace ipam::ip {

class Prefix {
 public:
  constexpr Prefix() = default;

  // Errors: InvalidArgument (no prefix length, length out of range, host bits set).
  static Result<Prefix> parse(std::string_view text);
  static Result<Prefix> create(Address network, int length);
  // The prefix of this length that holds the address. `length` must be within the family's bits.
  static Prefix containing(Address address, int length);

  constexpr Family family() const { return network_.family(); }
  constexpr Address network() const { return network_; }
  constexpr Address first() const { return network_; }
  Address last() const;
  constexpr int length() const { return length_; }
  // Number of addresses; 2^128 (::/0) is answered as 2^128 - 1.
  U128 size() const;
  std::string to_string() const;

  bool contains(Address address) const;
  bool contains(const Prefix& other) const;  // also when equal
  bool overlaps(const Prefix& other) const { return contains(other) || other.contains(*this); }

  // Address key (5 or 17 bytes) followed by the length: memcmp order = prefix order. The form in databases.
  Bytes key() const;
  // Errors: Malformed.
  static Result<Prefix> from_key(ByteView key);

  constexpr auto operator<=>(const Prefix&) const = default;

  template <typename H>
  friend H AbslHashValue(H state, const Prefix& prefix) {
    return H::combine(std::move(state), prefix.network_, prefix.length_);
  }

 private:
  constexpr Prefix(Address network, int length) : network_(network), length_(length) {}

  Address network_;
  int length_ = 0;
};

// Mask of the host bits of a prefix of this length.
U128 host_mask(Family family, int length);

}  // namespace ipam::ip
