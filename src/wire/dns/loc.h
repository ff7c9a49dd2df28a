// LOC: where on Earth something is (RFC 1876). Its data is 16 octets: version, size, two precisions, latitude, longitude and altitude. Internal to
// this room. Thread rule: pure functions.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace ipam::wire::dns {

// Version 0 with values in their ranges; anything else is printed as octets.
bool is_known_loc(ByteView rdata);
// "51 30 12.748 N 0 7 39.611 W 0.00m 0.00m 10000.00m 10.00m", for known ones only.
std::string loc_text(ByteView rdata);
// Errors: InvalidArgument.
Result<Bytes> loc_from_text(const std::vector<std::string_view>& parts);

}  // namespace ipam::wire::dns
