// Reads the answer to config-get (Kea Administrator Reference Manual, "DHCPv4 Server Configuration") into DHCP scopes. IPv4 only.
//
// What Kea would never write (a subnet without id, two subnets with one id, a pool that is no text) makes the whole answer Malformed. What is valid
// and not understood, or contradicts itself inside one scope, is passed over and told in `findings`. Thread rule: pure functions.
#pragma once

#include "driver/driver.h"

#include <string_view>

namespace ipam::driver::kea {

// Errors: those of open_answer; Malformed also when there is more than `limits` allow.
Result<ObservedConfiguration> read_configuration(std::string_view answer, const Limits& limits);

}  // namespace ipam::driver::kea
