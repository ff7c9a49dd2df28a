#include "service/planning/fullness.h"

#include <algorithm>

namespace ipam::service {

ip::U128 offered_by(const model::Range& range) {
  const auto extent = ip::Range::create(range.first, range.last);
  ip::U128 offered = extent.ok() ? extent->size() : 0;
  for (const ip::Range& part : range.exclusions) offered -= std::min(offered, part.size());
  return offered;
}

double percent_used(const occupancy::Usage& usage) {
  return usage.capacity == 0 ? 0.0 : ip::to_double(usage.used) / ip::to_double(usage.capacity) * 100.0;
}

Fullness fullness_of(double percent, const Thresholds& thresholds, std::optional<model::Percent> under, std::optional<model::Percent> over) {
  if (percent >= over.value_or(thresholds.over)) return Fullness::Over;
  return percent < under.value_or(thresholds.under) ? Fullness::Under : Fullness::Optimal;
}

}  // namespace ipam::service
