// Deframer: messages out of a stream (RFC 6587; RFC 5425 over TLS): "LENGTH SPACE MESSAGE", or messages that end with LF; found for each message.
//
//   Deframer deframer({.on_message = …, .on_bad = …});
//   IPAM_TRY(deframer.feed(piece));       // pieces of any size; after an error the stream has no sense any more: close it
//   deframer.finish()                     // at its end: what waits is told as bad, or as a message where only its LF is missing
//
// A message that is longer than allowed is told as bad, and reading goes on behind it. Memory: one message. Errors: Malformed (neither a length nor a
// priority where a message should begin), what the takers answer. Thread rule: one thread.
#pragma once

#include "wire/log_lines/line_reader.h"
#include "wire/syslog/message.h"

namespace ipam::wire::syslog {

class Deframer {
 public:
  struct Takers {
    // Not parsed yet: whoever takes it decides what becomes of a malformed one.
    std::function<Result<void>(std::string_view octets)> on_message;
    // Its offset is that in the stream.
    std::function<Result<void>(const log_lines::BadLine&)> on_bad;
  };

  explicit Deframer(Takers takers, std::size_t max_message = kMaxMessage) : takers_(std::move(takers)), max_message_(max_message) {}

  Result<void> feed(std::string_view piece);
  Result<void> finish();

 private:
  enum class State { Begin, Length, Counted, Line };

  Result<void> take_begin(std::string_view& piece);
  Result<void> take_length(std::string_view& piece);
  Result<void> take_counted(std::string_view& piece);
  Result<void> take_line(std::string_view& piece);
  void keep(std::string_view part);
  Result<void> end_message();

  static constexpr std::size_t kMaxDigits = 7;

  const Takers takers_;
  const std::size_t max_message_;
  State state_ = State::Begin;
  std::uint64_t at_ = 0;     // in the stream
  std::uint64_t begin_ = 0;  // of the message, with its length
  std::size_t length_ = 0;   // as sent
  std::size_t digits_ = 0;
  std::uint64_t received_ = 0;  // octets of the message
  std::string message_;         // the first of them
};

}  // namespace ipam::wire::syslog
