// BodyDecoder: takes the body out of its framing (RFC 9112 section 6): a known length, chunks (section 7.1), or everything up to the end of the
// connection.
//
// Chunk extensions and trailer fields are dropped, and their bytes count against a limit of their own. Memory: the body and a few counters; nothing
// is kept of the framing. Thread rule: a plain value.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "wire/http1/message.h"

namespace ipam::wire::http1 {

// Why a message is refused: what a server answers, and the error of it.
struct Refusal {
  int status = 0;  // 0: not refused
  Error error;
};

class BodyDecoder {
 public:
  enum class Framing { None, Length, Chunked, UntilEnd };

  BodyDecoder() = default;
  BodyDecoder(Framing framing, std::uint64_t length, const Limits& limits) : framing_(framing), left_(length), limits_(limits) {}

  // Nothing may have been fed yet. Refuses (413) a length that is over the limit.
  std::optional<Refusal> set_limit(std::uint64_t body_bytes);
  // Takes bytes up to the end of the body, and appends what is content to `body`; answers how many. After a refusal nothing more may be fed.
  std::size_t feed(ByteView bytes, std::string& body, std::optional<Refusal>& refusal);
  // The connection ended. False when that is in the middle of the body.
  bool end();

  bool done() const { return framing_ == Framing::None || state_ == State::Done || (framing_ == Framing::Length && left_ == 0); }
  Framing framing() const { return framing_; }

 private:
  // What the next byte is: the parts of chunked-body, in their order. Each line of the trailer starts in TrailerStart.
  enum class State { SizeStart, Size, Extension, SizeEnd, Data, DataReturn, DataEnd, TrailerStart, Trailer, TrailerEnd, LastEnd, Done };

  bool take_framing_byte(char c, std::optional<Refusal>& refusal);
  bool add_size_digit(char c);
  std::uint64_t room(std::uint64_t received) const { return limits_.body_bytes > received ? limits_.body_bytes - received : 0; }

  Framing framing_ = Framing::None;
  State state_ = State::SizeStart;
  std::uint64_t left_ = 0;  // of the body, or of the chunk
  std::uint64_t received_ = 0;
  int size_digits_ = 0;
  std::size_t extra_bytes_ = 0;  // of extensions and trailers
  Limits limits_;
};

}  // namespace ipam::wire::http1
