// Unpredictable bytes from the kernel's generator, for keys, tokens and nonces. Thread rule: any thread.
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <cstddef>
#include <span>

namespace ipam::crypto {

void fill_random(std::span<std::uint8_t> bytes);
Bytes random_bytes(std::size_t count);
std::uint64_t random_number();
// 256 unpredictable bits as 43 characters of base64url: session and API tokens, first passwords.
Secret random_token();

}  // namespace ipam::crypto
