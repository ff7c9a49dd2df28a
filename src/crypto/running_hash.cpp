#include "crypto/running_hash.h"

#include <sodium.h>

#include <cstring>

namespace ipam::crypto {
namespace {

using State = crypto_hash_sha256_state;

}  // namespace

RunningHash::RunningHash() : state_{} {
  static_assert(sizeof(State) <= kStateBytes && std::is_trivially_copyable_v<State>);
  State state;
  crypto_hash_sha256_init(&state);
  std::memcpy(state_.data(), &state, sizeof state);
}

void RunningHash::add(ByteView data) {
  State state;
  std::memcpy(&state, state_.data(), sizeof state);
  crypto_hash_sha256_update(&state, data.data(), data.size());
  std::memcpy(state_.data(), &state, sizeof state);
}

Digest RunningHash::digest() const {
  State state;
  std::memcpy(&state, state_.data(), sizeof state);
  Digest digest;
  crypto_hash_sha256_final(&state, digest.data());
  return digest;
}

}  // namespace ipam::crypto
