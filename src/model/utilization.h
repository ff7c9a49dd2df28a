// How full the objects of the address plan were: samples over time. Facts: not journaled. Thread rule: plain values.
#pragma once

#include "base/clock.h"
#include "model/describe.h"

#include <cstdint>

namespace ipam::model {

enum class MeasuredKind : std::uint8_t { Block, Subnet, Range, DhcpScope };
BOOST_DESCRIBE_ENUM(MeasuredKind, Block, Subnet, Range, DhcpScope)

// One measurement. It holds until the next one of its object: what does not change is not stored again. Numbers above 2^64 are told as 2^64 - 1.
struct UtilizationSample {
  MeasuredKind kind = MeasuredKind::Subnet;
  std::uint64_t object_id = 0;
  Time at{};
  std::uint64_t capacity = 0;
  std::uint64_t used = 0;
  std::uint64_t assigned = 0;
  std::uint64_t reserved = 0;
  std::uint64_t leased = 0;
  std::uint64_t networks = 0;  // of /64, of IPv6 blocks and subnets
  std::uint64_t networks_used = 0;

  bool operator==(const UtilizationSample&) const = default;
};
BOOST_DESCRIBE_STRUCT(UtilizationSample, (), (kind, object_id, at, capacity, used, assigned, reserved, leased, networks, networks_used))

}  // namespace ipam::model
