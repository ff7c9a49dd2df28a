// Clock: where every part of Cadastre takes the time from, so that a test can be at any instant.
//
// Time is UTC with microseconds. `now` is the calendar's time and may jump; `monotonic` never goes back and measures durations.
// Thread rule: every implementation may be called from any thread.
#pragma once

#include "base/result.h"

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

namespace ipam {

using Duration = std::chrono::microseconds;
using Time = std::chrono::time_point<std::chrono::system_clock, Duration>;
using MonotonicTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual MonotonicTime monotonic() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  MonotonicTime monotonic() const override;
};

// A clock that stands still until a test moves it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : offset_(start.time_since_epoch().count()) {}
  Time now() const override { return Time(Duration(offset_.load())); }
  MonotonicTime monotonic() const override { return MonotonicTime(Duration(offset_.load())); }
  void advance(Duration by) { offset_ += by.count(); }

 private:
  std::atomic<Duration::rep> offset_;
};

// RFC 3339 in UTC: "2026-11-23T06:28:37Z", with fractional digits only where there are some.
std::string format_time(Time time);
// Reads RFC 3339 with any offset. Errors: InvalidArgument.
Result<Time> parse_time(std::string_view text);
// "45s", "15m", "6h", "1d", and sums of them ("1d12h"). Errors: InvalidArgument.
Result<Duration> parse_duration(std::string_view text);
std::string format_duration(Duration duration);

}  // namespace ipam
