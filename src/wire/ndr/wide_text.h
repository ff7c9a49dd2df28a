// UTF-16 (RFC 2781), which Windows has in its wide strings, from and to UTF-8. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace ipam::wire::ndr {

// Halves of pairs that stand alone become U+FFFD.
std::string utf8_of(std::u16string_view text);
// What is not UTF-8 becomes U+FFFD, octet by octet.
std::u16string utf16_of(std::string_view text);

}  // namespace ipam::wire::ndr
