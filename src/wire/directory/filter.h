// Search filters out of values that come from elsewhere. Specification: RFC 4515. Thread rule: pure functions.
#pragma once

#include "base/bytes.h"

#include <string>
#include <string_view>

namespace ipam::wire::directory {

// The octets as they may stand in a filter: whatever could end the value, or is not plain text, as "\XX".
std::string escape_filter_value(ByteView value);
inline std::string escape_filter_value(std::string_view value) { return escape_filter_value(as_bytes(value)); }

// "(attribute=value)"; the attribute is ours.
std::string equality_filter(std::string_view attribute, std::string_view value);

}  // namespace ipam::wire::directory
