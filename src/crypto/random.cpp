#include "crypto/random.h"

#include "crypto/library.h"

#include <sodium.h>

#include <array>

namespace ipam::crypto {

void fill_random(std::span<std::uint8_t> bytes) {
  if (bytes.empty()) return;  // an empty span may point nowhere, which randombytes_buf does not allow
  ensure_library();
  randombytes_buf(bytes.data(), bytes.size());
}

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count);
  fill_random(bytes);
  return bytes;
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  fill_random({reinterpret_cast<std::uint8_t*>(&number), sizeof number});
  return number;
}

Secret random_token() {
  std::array<std::uint8_t, 32> bytes;
  fill_random(bytes);
  Secret token(to_base64url(bytes));
  sodium_memzero(bytes.data(), bytes.size());
  return token;
}

}  // namespace ipam::crypto
