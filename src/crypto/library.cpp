#include "crypto/library.h"

#include "base/assert.h"

#include <sodium.h>

namespace ipam::crypto {

void ensure_library() {
  static const bool ready = sodium_init() >= 0;
  IPAM_ASSERT(ready, "libsodium cannot start: the kernel gives no random bytes");
}

}  // namespace ipam::crypto
