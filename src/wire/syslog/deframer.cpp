#include "wire/syslog/deframer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ipam::wire::syslog {

void Deframer::keep(std::string_view part) {
  received_ += part.size();
  at_ += part.size();
  message_ += part.substr(0, max_message_ - std::min(max_message_, message_.size()));
}

Result<void> Deframer::end_message() {
  state_ = State::Begin;
  const std::uint64_t received = std::exchange(received_, 0);
  const std::string message = std::exchange(message_, {});
  if (received <= max_message_) return takers_.on_message(message);
  return takers_.on_bad(
      log_lines::make_bad_line({begin_, at_ - begin_, message}, fmt::format("a message of {} octets is longer than {}", received, max_message_)));
}

Result<void> Deframer::take_begin(std::string_view& piece) {
  const char first = piece.front();
  // Line ends and NULs that senders put between counted messages.
  if (first == '\n' || first == '\r' || first == '\0') {
    piece.remove_prefix(1);
    ++at_;
    return {};
  }
  begin_ = at_;
  length_ = 0;
  digits_ = 0;
  if (first >= '1' && first <= '9') {
    state_ = State::Length;
  } else if (first == '<') {
    state_ = State::Line;
  } else {
    return Error(ErrorCode::Malformed, "a stream of syslog has neither a length nor a priority where a message should begin");
  }
  return {};
}

Result<void> Deframer::take_length(std::string_view& piece) {
  const char c = piece.front();
  piece.remove_prefix(1);
  ++at_;
  if (c == ' ') {
    state_ = State::Counted;
    return {};
  }
  if (c < '0' || c > '9' || ++digits_ > kMaxDigits) return Error(ErrorCode::Malformed, "a stream of syslog has a length that is none");
  length_ = length_ * 10 + static_cast<std::size_t>(c - '0');
  return {};
}

Result<void> Deframer::take_counted(std::string_view& piece) {
  const std::size_t size = std::min<std::size_t>(piece.size(), length_ - received_);
  keep(piece.substr(0, size));
  piece.remove_prefix(size);
  return received_ == length_ ? end_message() : Result<void>();
}

Result<void> Deframer::take_line(std::string_view& piece) {
  const auto end = piece.find('\n');
  keep(piece.substr(0, end));
  if (end == std::string_view::npos) {
    piece = {};
    return {};
  }
  piece.remove_prefix(end + 1);
  ++at_;
  return end_message();
}

Result<void> Deframer::feed(std::string_view piece) {
  while (!piece.empty()) {
    switch (state_) {
      case State::Begin: IPAM_TRY(take_begin(piece)); break;
      case State::Length: IPAM_TRY(take_length(piece)); break;
      case State::Counted: IPAM_TRY(take_counted(piece)); break;
      case State::Line: IPAM_TRY(take_line(piece)); break;
    }
  }
  return {};
}

Result<void> Deframer::finish() {
  const State state = state_;
  if (state == State::Begin) return {};
  if (state == State::Line) return end_message();
  state_ = State::Begin;
  received_ = 0;
  const std::string message = std::exchange(message_, {});
  return takers_.on_bad(log_lines::make_bad_line({begin_, at_ - begin_, message}, "the stream ended within a message"));
}

}  // namespace ipam::wire::syslog
