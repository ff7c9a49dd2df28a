// U128: the arithmetic of IPv6 addresses and of counts that do not fit 64 bits. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace ipam::ip {

__extension__ typedef unsigned __int128 U128;

inline constexpr U128 kMaxU128 = ~static_cast<U128>(0);

constexpr std::uint64_t high_half(U128 value) { return static_cast<std::uint64_t>(value >> 64); }
constexpr std::uint64_t low_half(U128 value) { return static_cast<std::uint64_t>(value); }
constexpr U128 make_u128(std::uint64_t high, std::uint64_t low) { return static_cast<U128>(high) << 64 | low; }
constexpr double to_double(U128 value) {
  return static_cast<double>(high_half(value)) * 18446744073709551616.0 + static_cast<double>(low_half(value));
}
constexpr std::uint64_t saturate_to_u64(U128 value) { return high_half(value) != 0 ? std::numeric_limits<std::uint64_t>::max() : low_half(value); }

std::string to_decimal(U128 value);

}  // namespace ipam::ip
