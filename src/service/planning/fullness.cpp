#include "service/planning/fullness.h"

#include "ledger/deltas.h"

#include <algorithm>

namespace ipam::service {
namespace {

constexpr int kNetworkLength = 64;

bool has_networks(const ip::Prefix& prefix) { return prefix.family() == ip::Family::V6 && prefix.length() >= 1 && prefix.length() <= kNetworkLength; }

std::uint64_t networks_in(const ip::Prefix& prefix) { return std::uint64_t{1} << (kNetworkLength - prefix.length()); }

}  // namespace

ip::U128 offered_by(const model::Range& range) {
  const auto extent = ip::Range::create(range.first, range.last);
  ip::U128 offered = extent.ok() ? extent->size() : 0;
  for (const ip::Range& part : range.exclusions) offered -= std::min(offered, part.size());
  return offered;
}

occupancy::Usage usage_of(const occupancy::SpaceIndex& space, const model::Block& object) {
  occupancy::Usage usage = space.usage(object.prefix);
  if (!has_networks(object.prefix)) return usage;
  usage.networks = networks_in(object.prefix);
  usage.networks_used = space.networks_planned(object.prefix);
  return usage;
}

occupancy::Usage usage_of(const occupancy::SpaceIndex& space, const model::Subnet& object) {
  occupancy::Usage usage = space.usage(object.prefix);
  usage.capacity -= std::min<ip::U128>(usage.capacity, ledger::boundary_of(object.prefix).size());
  if (!has_networks(object.prefix)) return usage;
  usage.networks = networks_in(object.prefix);
  usage.networks_used = space.networks_held(object.prefix);
  return usage;
}

occupancy::Usage usage_of(const occupancy::SpaceIndex& space, const model::Range& object) {
  const auto extent = ip::Range::create(object.first, object.last);
  occupancy::Usage usage = extent.ok() ? space.usage(*extent) : occupancy::Usage{};
  usage.capacity = offered_by(object);
  if (object.stated_used) usage.used = *object.stated_used;
  return usage;
}

void add(occupancy::Usage& sum, const occupancy::Usage& usage) {
  sum.used += usage.used;
  sum.assigned += usage.assigned;
  sum.reserved += usage.reserved;
  sum.leased += usage.leased;
  sum.capacity += usage.capacity;
  sum.networks += usage.networks;
  sum.networks_used += usage.networks_used;
}

double percent_used(const occupancy::Usage& usage) {
  return usage.capacity == 0 ? 0.0 : ip::to_double(usage.used) / ip::to_double(usage.capacity) * 100.0;
}

Fullness fullness_of(double percent, const Thresholds& thresholds, std::optional<model::Percent> under, std::optional<model::Percent> over) {
  if (percent >= over.value_or(thresholds.over)) return Fullness::Over;
  return percent < under.value_or(thresholds.under) ? Fullness::Under : Fullness::Optimal;
}

}  // namespace ipam::service
