#include "service/utilization/trend.h"

#include <algorithm>
#include <chrono>

namespace ipam::service {
namespace {

using model::UtilizationSample;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

std::int64_t day_of(Time time) { return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count(); }

}  // namespace

std::vector<TrendBucket> trend_of(std::span<const UtilizationSample> samples, Time from, Time until, std::size_t buckets, Time now) {
  std::vector<TrendBucket> trend(buckets);
  const Duration whole = until - from;
  for (std::size_t i = 0; i < buckets; ++i) {
    trend[i].from = from + whole * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(buckets);
    trend[i].until = from + whole * static_cast<std::int64_t>(i + 1) / static_cast<std::int64_t>(buckets);
  }
  std::vector<double> covered(buckets, 0);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const UtilizationSample& sample = samples[i];
    const Time ends = std::min(i + 1 < samples.size() ? samples[i + 1].at : now, now);
    for (std::size_t b = 0; b < buckets; ++b) {
      TrendBucket& bucket = trend[b];
      const Time first = std::max(sample.at, bucket.from);
      const Time last = std::min(ends, bucket.until);
      // The newest sample counts at its very moment too, the end of the last period included.
      const bool within = first < bucket.until || (b + 1 == buckets && first == bucket.until);
      const bool at_once = first == last && i + 1 == samples.size() && within;
      if (first > last || (first == last && !at_once)) continue;
      const double weight = std::max(seconds(last - first), 1e-6);
      covered[b] += weight;
      bucket.measured = true;
      bucket.capacity = static_cast<double>(sample.capacity);
      bucket.peak = std::max(bucket.peak, static_cast<double>(sample.used));
      bucket.used += weight * static_cast<double>(sample.used);
      bucket.assigned += weight * static_cast<double>(sample.assigned);
      bucket.reserved += weight * static_cast<double>(sample.reserved);
      bucket.leased += weight * static_cast<double>(sample.leased);
      bucket.networks = static_cast<double>(sample.networks);
      bucket.networks_used += weight * static_cast<double>(sample.networks_used);
    }
  }
  for (std::size_t b = 0; b < buckets; ++b) {
    if (covered[b] == 0) continue;
    for (double TrendBucket::*average :
         {&TrendBucket::used, &TrendBucket::assigned, &TrendBucket::reserved, &TrendBucket::leased, &TrendBucket::networks_used}) {
      trend[b].*average /= covered[b];
    }
  }
  return trend;
}

std::vector<forecast::DailyPeak> peaks_of(std::span<const UtilizationSample> samples, Time now) {
  std::vector<forecast::DailyPeak> peaks;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const UtilizationSample& sample = samples[i];
    // It holds from its own day through the day of the next one.
    const std::int64_t last = i + 1 < samples.size() ? day_of(samples[i + 1].at) : day_of(now);
    for (std::int64_t day = day_of(sample.at); day <= last; ++day) {
      if (!peaks.empty() && peaks.back().day == day) {
        peaks.back().used = std::max(peaks.back().used, static_cast<double>(sample.used));
        peaks.back().capacity = static_cast<double>(sample.capacity);
      } else {
        peaks.push_back({day, static_cast<double>(sample.used), static_cast<double>(sample.capacity)});
      }
    }
  }
  return peaks;
}

}  // namespace ipam::service
