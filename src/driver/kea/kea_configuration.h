// Reads the answer to config-get (Kea Administrator Reference Manual, "DHCPv4 Server Configuration" and "DHCPv6 Server Configuration").
//
// What Kea would never write (a subnet without id, two subnets with one id, a pool that is no text) makes the whole answer Malformed. What is valid
// and not understood, or contradicts itself inside one scope, is passed over and told in `findings`. Thread rule: pure functions.
#pragma once

#include "driver/driver.h"
#include "driver/kea/kea_service.h"

#include <string_view>

namespace ipam::driver::kea {

// Errors: those of open_answer; Malformed also when there is more than `limits` allow.
Result<ObservedConfiguration> read_configuration(Service service, std::string_view answer, const Limits& limits);
// One server that serves both: the scopes of DHCPv4 first. Options tell by their "space" which service they belong to. Errors: Malformed (more than
// `limits` allow).
Result<ObservedConfiguration> join_configurations(ObservedConfiguration version4, ObservedConfiguration version6, const Limits& limits);

}  // namespace ipam::driver::kea
