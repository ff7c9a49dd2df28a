// Hmac: keyed digests (RFC 2104) over data that comes in pieces, with the hash functions that DNS (RFC 8945) and rndc know. One key, as many
// digests as wanted: `finish` begins the next. MD5 is left out. Thread rule: one thread at a time.
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <cstddef>
#include <memory>

namespace ipam::crypto {

enum class HmacAlgorithm { Sha1, Sha224, Sha256, Sha384, Sha512 };

// Octets of a digest.
std::size_t digest_size(HmacAlgorithm algorithm);

class Hmac {
 public:
  Hmac(HmacAlgorithm algorithm, ByteView key);
  ~Hmac();
  Hmac(Hmac&&) noexcept;
  Hmac& operator=(Hmac&&) noexcept;

  void update(ByteView data);
  // The digest of what was given since the last one.
  Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ipam::crypto
