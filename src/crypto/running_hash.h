// RunningHash: SHA-256 (FIPS 180-4) of what comes piece by piece. Thread rule: one thread.
#pragma once

#include "crypto/hash.h"

#include <cstddef>

namespace ipam::crypto {

class RunningHash {
 public:
  RunningHash();
  void add(ByteView data);
  // Of all that was added until now; more may be added afterwards.
  Digest digest() const;

 private:
  static constexpr std::size_t kStateBytes = 128;
  alignas(std::max_align_t) std::array<std::byte, kStateBytes> state_;  // the library's own state, which its header does not leave this room with
};

}  // namespace ipam::crypto
