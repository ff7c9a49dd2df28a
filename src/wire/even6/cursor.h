// Cursor: little-endian numbers and pieces of bytes from outside, without ever leaving them. The first thing that is wrong is remembered, and
// everything read after it is zero or empty: the caller checks `ok`. Thread rule: one thread; the bytes must outlive it.
#pragma once

#include "base/bytes.h"

namespace ipam::wire::even6 {

class Cursor {
 public:
  explicit Cursor(ByteView bytes) : bytes_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  ByteView bytes(std::size_t count) {
    if (!ok_ || count > remaining()) {
      ok_ = false;
      return {};
    }
    const ByteView taken = bytes_.subspan(at_, count);
    at_ += count;
    return taken;
  }
  void skip(std::size_t count) { bytes(count); }
  // The next byte without taking it; 0 at the end.
  std::uint8_t peek() const { return ok_ && at_ < bytes_.size() ? bytes_[at_] : std::uint8_t{0}; }

  std::size_t at() const { return at_; }
  std::size_t remaining() const { return bytes_.size() - at_; }
  bool ok() const { return ok_; }

 private:
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    const ByteView taken = bytes(size);
    for (std::size_t i = taken.size(); i > 0; --i) value = value << 8U | taken[i - 1];
    return value;
  }

  ByteView bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace ipam::wire::even6
