// RateLimiter: how often somebody may come: a token bucket for each key. A bucket holds `burst` tokens, gets `per_second` new ones, and each request
// takes one. Buckets that are full again are forgotten, and their number is bounded. Thread rule: any thread.
#pragma once

#include "base/clock.h"
#include "base/guarded.h"

#include <absl/container/flat_hash_map.h>

#include <string>

namespace ipam::service {

struct Rate {
  double per_second = 0;  // 0: no limit
  double burst = 0;
};

class RateLimiter {
 public:
  static constexpr std::size_t kMaxBuckets = 100'000;

  // `whose` is for messages: "this address".
  RateLimiter(const Clock& clock, Rate rate, std::string whose) : clock_(clock), rate_(rate), whose_(std::move(whose)) {}

  // Errors: Overloaded; then the time to wait is in `retry_after_seconds`.
  Result<void> take(const std::string& key, int* retry_after_seconds);

 private:
  struct Bucket {
    double tokens = 0;
    MonotonicTime at{};
  };

  const Clock& clock_;
  const Rate rate_;
  const std::string whose_;
  Guarded<absl::flat_hash_map<std::string, Bucket>> buckets_;
};

}  // namespace ipam::service
