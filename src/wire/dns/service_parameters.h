// The parameters at the end of SVCB and HTTPS data (RFC 9460 section 2): keys of two octets, ascending, each with a value of counted octets.
//
// Text (section 2.1 and appendix A): `alpn="h2,h3" port=8443 ipv4hint=192.0.2.1`; a key without a name is "key65280", its value a quoted text. What
// stands in the text in any order is written in ascending order. Internal to this room. Thread rule: pure functions.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::wire::dns {

// Whether the octets are parameters: whole, ascending, each once. Their values are not looked at.
bool are_service_parameters(ByteView octets);
// Nothing when the value of a key with a name is not of its form.
std::optional<std::string> service_parameters_text(ByteView octets);
// `parts`: each "key" or "key=value" or "key=\"value\"", escapes still in it. Errors: InvalidArgument.
Result<Bytes> service_parameters_from_text(const std::vector<std::string_view>& parts);

}  // namespace ipam::wire::dns
