#include "wire/http1/body_decoder.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::wire::http1 {
namespace {

// Enough for any 64-bit size; more would only be zeros in front.
constexpr int kMaxSizeDigits = 16;

Refusal too_large(std::uint64_t limit) { return {413, Error(ErrorCode::Malformed, fmt::format("the body is larger than {} bytes", limit))}; }
Refusal bad_chunk(const char* what) { return {400, Error(ErrorCode::Malformed, fmt::format("the chunked body is malformed: {}", what))}; }

}  // namespace

std::optional<Refusal> BodyDecoder::set_limit(std::uint64_t body_bytes) {
  limits_.body_bytes = body_bytes;
  if (framing_ == Framing::Length && left_ > body_bytes) return too_large(body_bytes);
  return std::nullopt;
}

std::size_t BodyDecoder::feed(ByteView bytes, std::string& body, std::optional<Refusal>& refusal) {
  const std::string_view text = as_text(bytes);
  std::size_t used = 0;
  while (used < text.size() && !done() && !refusal) {
    const bool is_content = framing_ != Framing::Chunked || state_ == State::Data;
    if (!is_content) {
      if (!take_framing_byte(text[used], refusal)) break;
      ++used;
      continue;
    }
    std::uint64_t count = text.size() - used;
    if (framing_ != Framing::UntilEnd) count = std::min(count, left_);
    if (count > room(received_)) {
      refusal = too_large(limits_.body_bytes);
      break;
    }
    body.append(text, used, static_cast<std::size_t>(count));
    used += static_cast<std::size_t>(count);
    received_ += count;
    if (framing_ != Framing::UntilEnd) left_ -= count;
    if (framing_ == Framing::Chunked && left_ == 0) state_ = State::DataReturn;
  }
  return used;
}

bool BodyDecoder::add_size_digit(char c) {
  const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  if (digit < 0 || size_digits_ == kMaxSizeDigits) return false;
  left_ = left_ << 4 | static_cast<std::uint64_t>(digit);
  ++size_digits_;
  return true;
}

bool BodyDecoder::take_framing_byte(char c, std::optional<Refusal>& refusal) {
  const auto refuse = [&](Refusal why) {
    refusal = std::move(why);
    return false;
  };
  const auto expect = [&](char wanted, State next) {
    if (c != wanted) return refuse(bad_chunk("a line does not end with CR LF"));
    state_ = next;
    return true;
  };
  // One budget for all that is dropped, so that endless extensions or trailers end.
  if ((state_ == State::Extension || state_ == State::Trailer || state_ == State::TrailerStart) && ++extra_bytes_ > limits_.header_bytes) {
    return refuse({431, Error(ErrorCode::Malformed, "the chunk extensions and trailers are too long")});
  }
  switch (state_) {
    case State::SizeStart:
      left_ = 0;
      size_digits_ = 0;
      if (!add_size_digit(c)) return refuse(bad_chunk("a chunk has no size"));
      state_ = State::Size;
      return true;
    case State::Size:
      if (c == '\r') {
        state_ = State::SizeEnd;
      } else if (c == ';' || c == ' ' || c == '\t') {
        state_ = State::Extension;
      } else if (!add_size_digit(c)) {
        return refuse(bad_chunk("a chunk's size is not a hexadecimal number"));
      }
      return true;
    case State::Extension:
    case State::Trailer:
      if (c == '\r') {
        state_ = state_ == State::Trailer ? State::TrailerEnd : State::SizeEnd;
      } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) {
        return refuse(bad_chunk("a control character in an extension or a trailer"));
      }
      return true;
    case State::SizeEnd:
      if (left_ > room(received_)) return refuse(too_large(limits_.body_bytes));
      return expect('\n', left_ == 0 ? State::TrailerStart : State::Data);
    case State::DataReturn: return expect('\r', State::DataEnd);
    case State::DataEnd: return expect('\n', State::SizeStart);
    case State::TrailerStart:
      if (c == '\r') {
        state_ = State::LastEnd;
        return true;
      }
      if (!is_token(std::string_view(&c, 1))) return refuse(bad_chunk("a trailer field has no name"));
      state_ = State::Trailer;
      return true;
    case State::TrailerEnd: return expect('\n', State::TrailerStart);
    case State::LastEnd: return expect('\n', State::Done);
    case State::Data:
    case State::Done: break;
  }
  return false;
}

bool BodyDecoder::end() {
  if (framing_ == Framing::UntilEnd) state_ = State::Done;
  return done();
}

}  // namespace ipam::wire::http1
