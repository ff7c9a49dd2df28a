// Trend: a step function of samples as averages over equal periods (MS-IPAMM2, section 3.1.1.1.24, has twelve). Thread rule: pure functions.
#pragma once

#include "forecast/forecast.h"
#include "model/utilization.h"

#include <span>
#include <vector>

namespace ipam::service {

struct TrendBucket {
  Time from{};
  Time until{};
  bool measured = false;  // whether a sample holds in any part of it
  double capacity = 0;    // at its end
  double used = 0;        // on average, over the part that was measured
  double peak = 0;
  double assigned = 0;
  double reserved = 0;
  double leased = 0;
  double networks = 0;  // of /64, at its end
  double networks_used = 0;
};

// `samples` in order of time, of which the first may lie before `from`: it holds until the next one. What lies after `now` is not measured.
// `buckets` ≥ 1, from < until.
std::vector<TrendBucket> trend_of(std::span<const model::UtilizationSample> samples, Time from, Time until, std::size_t buckets, Time now);

// The most used of each day up to that of `now`, days without a change included.
std::vector<forecast::DailyPeak> peaks_of(std::span<const model::UtilizationSample> samples, Time now);

}  // namespace ipam::service
