// Names of DNS as text: lower case, presentation format (RFC 1035, section 5.1: "\." is a dot inside a label, "\DDD" any octet), without the final
// dot; the root is ".". Thread rule: pure functions.
#pragma once

#include "base/result.h"
#include "ip/address.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::model {

// What a person types as the form above. Limits of RFC 1035, section 2.3.4: labels of 1 to 63 octets, 255 in all. Errors: InvalidArgument, saying
// what is wrong and, of a name that is not ASCII, what to write instead.
Result<std::string> parse_domain_name(std::string_view text);

// The names below are in the form above.
// The labels as they are written, the first first; none of the root.
std::vector<std::string_view> labels_of(std::string_view name);
// Whether the name is the zone's own or lies below it.
bool lies_in_zone(std::string_view name, std::string_view zone);
// The name and all that it lies below, the longest first, the root last.
std::vector<std::string> names_above(std::string_view name);

// "5.0.0.10.in-addr.arpa" (RFC 1035, section 3.5), "….ip6.arpa" (RFC 3596, section 2.5).
std::string reverse_name(const ip::Address& address);
// The address that a reverse name means. Nothing for another name.
std::optional<ip::Address> address_of_reverse_name(std::string_view name);

}  // namespace ipam::model
