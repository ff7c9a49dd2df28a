// PackedNumber: a U128 with the alignment of 64 bits, so that records of the index carry no padding. Thread rule: a plain value.
#pragma once

#include "ip/uint128.h"

namespace ipam::occupancy {

struct PackedNumber {
  constexpr PackedNumber() = default;
  constexpr PackedNumber(ip::U128 value) : high(ip::high_half(value)), low(ip::low_half(value)) {}
  constexpr operator ip::U128() const { return ip::make_u128(high, low); }

  std::uint64_t high = 0;
  std::uint64_t low = 0;
};

}  // namespace ipam::occupancy
