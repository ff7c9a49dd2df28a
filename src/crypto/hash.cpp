#include "crypto/hash.h"

#include "crypto/library.h"

#include <sodium.h>

#include <string_view>

namespace ipam::crypto {

namespace {

// An empty view may have no place, which libsodium does not take even with a length of nothing.
const unsigned char* place_of(ByteView bytes) {
  static const unsigned char nothing = 0;
  return bytes.empty() ? &nothing : bytes.data();
}

}  // namespace

Digest sha256(ByteView data) {
  Digest digest;
  crypto_hash_sha256(digest.data(), place_of(data), data.size());
  return digest;
}

Digest hmac_sha256(ByteView key, ByteView data) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, place_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, place_of(data), data.size());
  Digest digest;
  crypto_auth_hmacsha256_final(&state, digest.data());
  sodium_memzero(&state, sizeof state);
  return digest;
}

Digest hash_token(const Secret& token) {
  ensure_library();
  const ByteView text = as_bytes(token.reveal());
  Digest digest;
  crypto_generichash(digest.data(), digest.size(), text.data(), text.size(), nullptr, 0);
  return digest;
}

bool equal_in_constant_time(ByteView a, ByteView b) { return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

Digest chain(const Digest& previous, ByteView record) {
  // The terminating zero belongs to the domain.
  static constexpr char kDomain[] = "cadastre chain v1";
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(kDomain), sizeof kDomain);
  crypto_hash_sha256_update(&state, previous.data(), previous.size());
  crypto_hash_sha256_update(&state, record.data(), record.size());
  Digest digest;
  crypto_hash_sha256_final(&state, digest.data());
  return digest;
}

}  // namespace ipam::crypto
