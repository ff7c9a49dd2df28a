// Deadline: until when a wait may last, and optionally who may end it earlier. Every wait of this room takes one.
//
// The end of time is on the steady clock of the machine, not on Clock: what waits here is a kernel, which no test clock can move. A stop token ends
// the wait with Cancelled as soon as its source is asked to stop, from any thread; that stays so for every later wait with the same token.
// Thread rule: a plain value.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string_view>

namespace ipam::io {

class Deadline {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  static Deadline never() { return Deadline(TimePoint::max()); }
  static Deadline after(Duration duration);
  static Deadline at(TimePoint time) { return Deadline(time); }

  // The same end with this token instead.
  [[nodiscard]] Deadline with(std::stop_token token) const;
  // The earlier of this end and `duration` from now, with this deadline's token.
  [[nodiscard]] Deadline at_most(Duration duration) const;

  TimePoint time() const { return time_; }
  const std::stop_token& token() const { return token_; }
  // What is left, never negative.
  Duration remaining() const;
  // Cancelled or DeadlineExceeded when the wait must not begin.
  std::optional<ErrorCode> verdict() const;
  // The verdict as an error about `what`: "10.0.0.1:8000: no answer in time".
  Result<void> check(std::string_view what) const;

 private:
  explicit Deadline(TimePoint time) : time_(time) {}

  TimePoint time_;
  std::stop_token token_;
};

// The error for a wait on `what` that ended by this verdict (DeadlineExceeded or Cancelled).
Error wait_error(ErrorCode verdict, std::string_view what);

}  // namespace ipam::io
