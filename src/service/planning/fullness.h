// Fullness: how full an object of the plan is, in percent and by thresholds. Thread rule: pure functions.
#pragma once

#include "model/address_plan.h"
#include "occupancy/space_index.h"

namespace ipam::service {

// From which utilization on something is over-, below which it is underutilized, where the object itself does not say: Microsoft IPAM's defaults.
struct Thresholds {
  model::Percent under = 20;
  model::Percent over = 80;
};

enum class Fullness : std::uint8_t { Under, Optimal, Over };
BOOST_DESCRIBE_ENUM(Fullness, Under, Optimal, Over)

// How many addresses a range hands out: all but its own exclusions, whatever other ranges leave out.
ip::U128 offered_by(const model::Range& range);
// How full something is, by the index. Of a subnet its network and broadcast address are no capacity; of a range used is what a person states, where
// one does. Networks of IPv6 blocks are taken by subnets, those of subnets by addresses.
occupancy::Usage usage_of(const occupancy::SpaceIndex& space, const model::Block& object);
occupancy::Usage usage_of(const occupancy::SpaceIndex& space, const model::Subnet& object);
occupancy::Usage usage_of(const occupancy::SpaceIndex& space, const model::Range& object);
void add(occupancy::Usage& sum, const occupancy::Usage& usage);
// 0 to 100, and above where more is used than there is capacity for; 0 of what has no capacity.
double percent_used(const occupancy::Usage& usage);
Fullness fullness_of(double percent, const Thresholds& thresholds, std::optional<model::Percent> under, std::optional<model::Percent> over);

}  // namespace ipam::service
