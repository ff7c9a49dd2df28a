// Fullness: how full an object of the plan is, in percent and by thresholds. Thread rule: pure functions.
#pragma once

#include "model/address_plan.h"
#include "occupancy/holder.h"

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
// 0 to 100, and above where more is used than there is capacity for; 0 of what has no capacity.
double percent_used(const occupancy::Usage& usage);
Fullness fullness_of(double percent, const Thresholds& thresholds, std::optional<model::Percent> under, std::optional<model::Percent> over);

}  // namespace ipam::service
