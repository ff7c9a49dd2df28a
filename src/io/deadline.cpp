#include "io/deadline.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::io {

Deadline Deadline::after(Duration duration) {
  const auto now = std::chrono::steady_clock::now();
  const bool beyond_the_clock = duration >= std::chrono::duration_cast<Duration>(TimePoint::max() - now);
  return Deadline(beyond_the_clock ? TimePoint::max() : now + duration);
}

Deadline Deadline::with(std::stop_token token) const {
  Deadline copy(time_);
  copy.token_ = std::move(token);
  return copy;
}

Deadline Deadline::at_most(Duration duration) const {
  Deadline copy = *this;
  copy.time_ = std::min(time_, after(duration).time_);
  return copy;
}

Duration Deadline::remaining() const {
  if (time_ == TimePoint::max()) return Duration::max();
  return std::max(Duration::zero(), std::chrono::duration_cast<Duration>(time_ - std::chrono::steady_clock::now()));
}

std::optional<ErrorCode> Deadline::verdict() const {
  if (token_.stop_requested()) return ErrorCode::Cancelled;
  if (time_ != TimePoint::max() && std::chrono::steady_clock::now() >= time_) return ErrorCode::DeadlineExceeded;
  return std::nullopt;
}

Result<void> Deadline::check(std::string_view what) const {
  if (const auto ended = verdict()) return wait_error(*ended, what);
  return {};
}

Error wait_error(ErrorCode verdict, std::string_view what) {
  if (verdict == ErrorCode::Cancelled) return {ErrorCode::Cancelled, fmt::format("{}: cancelled", what)};
  return {ErrorCode::DeadlineExceeded, fmt::format("{}: no answer in time", what)};
}

}  // namespace ipam::io
