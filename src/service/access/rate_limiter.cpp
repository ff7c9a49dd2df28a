#include "service/access/rate_limiter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ipam::service {

Result<void> RateLimiter::take(const std::string& key, int* retry_after_seconds) {
  if (rate_.per_second <= 0) return {};
  const MonotonicTime now = clock_.monotonic();
  const auto filled = [&](const Bucket& bucket) {
    const double seconds = std::chrono::duration<double>(now - bucket.at).count();
    return std::min(rate_.burst, bucket.tokens + std::max(0.0, seconds) * rate_.per_second);
  };
  auto buckets = buckets_.lock();
  auto found = buckets->find(key);
  if (found == buckets->end()) {
    if (buckets->size() >= kMaxBuckets) {
      absl::erase_if(*buckets, [&](const auto& entry) { return filled(entry.second) >= rate_.burst; });
      // All of them are in use: whoever makes so many has no claim to his own remembered.
      if (buckets->size() >= kMaxBuckets) buckets->clear();
    }
    found = buckets->emplace(key, Bucket{rate_.burst, now}).first;
  }
  Bucket& bucket = found->second;
  bucket.tokens = filled(bucket);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return {};
  }
  *retry_after_seconds = std::max(1, static_cast<int>(std::ceil((1 - bucket.tokens) / rate_.per_second)));
  return Error(ErrorCode::Overloaded, fmt::format("{} sends more than {:g} requests a second; slow down", whose_, rate_.per_second));
}

}  // namespace ipam::service
