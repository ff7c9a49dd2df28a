// Hashes of 32 bytes. Specifications: SHA-256 FIPS 180-4, HMAC RFC 2104, BLAKE2b RFC 7693. Thread rule: pure functions.
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <array>

namespace ipam::crypto {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(ByteView data);
Digest hmac_sha256(ByteView key, ByteView data);

// How a token is stored and looked up: BLAKE2b-256 without salt, which suffices for what random_token() makes (256 bits cannot be guessed) and
// would not for a password (see PasswordHasher).
Digest hash_token(const Secret& token);

// Whether both are the same; the time taken depends on the lengths only.
bool equal_in_constant_time(ByteView a, ByteView b);

// One link of a tamper-evident chain: the digest of everything before it and of this record. SHA-256 over "cadastre chain v1", a zero byte,
// `previous` and `record`; the first link of a chain has an all-zero `previous`. A changed, missing, added or moved record changes every later link.
Digest chain(const Digest& previous, ByteView record);

}  // namespace ipam::crypto
