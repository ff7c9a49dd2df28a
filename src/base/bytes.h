// Bytes: raw octets, and their text forms.
// Thread rule: plain values and pure functions.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ipam {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
inline std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string to_hex(ByteView bytes);                  // "0a1b", lower case
std::string to_hex(ByteView bytes, char separator);  // "0a:1b"
Result<Bytes> from_hex(std::string_view text);       // pairs of digits, optionally separated by ':' or '-'
std::string to_base64(ByteView bytes);               // RFC 4648 section 4, padded
std::string to_base64url(ByteView bytes);            // RFC 4648 section 5, no padding
Result<Bytes> from_base64(std::string_view text);    // either alphabet, padding optional

}  // namespace ipam
