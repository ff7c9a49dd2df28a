// AddressCategory: what kind of address a registry says it is (RFC 6890 and the IANA special-purpose address registries). It is computed, never
// stored. Thread rule: pure functions.
#pragma once

#include "ip/range.h"

#include <boost/describe.hpp>

#include <cstdint>
#include <vector>

namespace ipam::model {

// Public and Private are of IPv4, GlobalUnicast and UniqueLocal of IPv6. Shared: carrier-grade NAT (RFC 6598). Reserved: not assigned to any use.
enum class AddressCategory : std::uint8_t {
  Public,
  Private,
  GlobalUnicast,
  UniqueLocal,
  Shared,
  Documentation,
  Benchmarking,
  LinkLocal,
  Loopback,
  Multicast,
  SpecialPurpose,
  Reserved,
  Mixed,
};
BOOST_DESCRIBE_ENUM(AddressCategory, Public, Private, GlobalUnicast, UniqueLocal, Shared, Documentation, Benchmarking, LinkLocal, Loopback, Multicast,
                    SpecialPurpose, Reserved, Mixed)

AddressCategory category_of(ip::Address address);
// Mixed where the range reaches over addresses of several categories. A part of documentation or special purpose inside public or global unicast
// space leaves that what it is: every large allocation holds some.
AddressCategory category_of(const ip::Range& range);

// Where the addresses of a category are: inside these prefixes and outside what is excepted of each. None of Mixed.
struct CategorySpan {
  ip::Prefix within;
  std::vector<ip::Prefix> except;
};
std::vector<CategorySpan> spans_of(AddressCategory category);

}  // namespace ipam::model
