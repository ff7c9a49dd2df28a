// Addresses of the machine itself. Thread rule: a pure function.
#pragma once

#include "ip/address.h"

namespace ipam::ip {

// 127.0.0.0/8 and ::1 (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3); an IPv4-mapped address is not looked into.
bool is_loopback(const Address& address);

}  // namespace ipam::ip
