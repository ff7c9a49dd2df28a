// Writer: puts octets together in NDR's transfer syntax (C706 chapter 14, little-endian). Octets that only align are zero. Thread rule: one thread.
#pragma once

#include "base/bytes.h"

#include <unordered_map>
#include <unordered_set>

namespace ipam::wire::ndr {

class Writer {
 public:
  // Numbers, each aligned to its size.
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) { number(value, 2); }
  void u32(std::uint32_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }
  void octets(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void align(std::size_t to);
  bool ok() const { return true; }

  // As a Reader has them; nothing here can fail.
  struct Step {
    Step(Writer&, const char*) {}
    Step(Writer&, std::size_t) {}
  };
  struct Deeper {
    explicit Deeper(Writer&) {}
  };

  // ---- for the kinds of this room ----
  std::uint32_t new_referent_id();
  // The id of what a full pointer refers to; the first pointer to it writes it.
  std::uint32_t shared_id(const void* object, const void* pointer);
  bool take_expected(const void* pointer) { return expected_.erase(pointer) != 0; }

  Bytes take() && { return std::move(bytes_); }

 private:
  void number(std::uint64_t value, std::size_t size);

  Bytes bytes_;
  std::uint32_t referents_ = 0;
  std::unordered_map<const void*, std::uint32_t> shared_;
  std::unordered_set<const void*> expected_;
};

}  // namespace ipam::wire::ndr
