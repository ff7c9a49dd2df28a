// Histogram: how often a value fell into which bucket, their sum and number. Thread rule: any thread; a reading is not one instant, but each number
// in it is right for some.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace ipam::metrics {

// Seconds that an answer took, from what a cache answers to what nobody waits for.
inline constexpr std::array<double, 12> kLatencyBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 10};

class Histogram {
 public:
  struct Reading {
    std::array<std::uint64_t, kLatencyBounds.size() + 1> counts{};  // of each bucket alone; the last is everything above
    double sum = 0;
    std::uint64_t count = 0;
  };

  void observe(double seconds);
  Reading read() const;

 private:
  std::array<std::atomic<std::uint64_t>, kLatencyBounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> nanoseconds_{0};
};

}  // namespace ipam::metrics
