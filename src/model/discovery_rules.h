// What a discovery target says, read strictly: where to look and at which ports. Nothing is ever asked that these functions do not allow.
// Thread rule: pure functions.
#pragma once

#include "model/discovery.h"

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace ipam::model {

inline constexpr std::size_t kMaxTargetAddresses = 4096;  // an IPv4 /20, an IPv6 /116
inline constexpr std::size_t kMaxTargetPorts = 8;         // of one kind
inline constexpr std::size_t kMaxControllers = 16;        // of one domain

// Addresses to look at (one alone is a /32 or /128), or a host name in lower case, without the final dot.
using TargetPlace = std::variant<ip::Prefix, std::string>;

// Errors: InvalidArgument on /name: neither, too many addresses, or an address that stands for no host of its own.
Result<TargetPlace> read_place(std::string_view name);
// The addresses of hosts: without network, broadcast and subnet-router anycast address, unless the prefix is too small to have them.
std::vector<ip::Address> hosts_of(const ip::Prefix& prefix);
// Whether one host can be asked there: no unspecified, multicast, broadcast, reserved, link-local IPv6 or IPv4-mapped address.
bool is_askable(const ip::Address& address);
// "8000,8001"; no port is a port twice. Errors: InvalidArgument, as a sentence about the field.
Result<std::vector<std::uint16_t>> read_ports(std::string_view text);

// A domain controller to ask.
struct ControllerPlace {
  std::string host;                    // full name, lower case, without the final dot
  std::optional<ip::Address> address;  // none: the name is looked up

  bool operator==(const ControllerPlace&) const = default;
};
// "dc1.contoso.test,dc2.contoso.test=10.0.0.11". Errors: InvalidArgument, as a sentence about the field.
Result<std::vector<ControllerPlace>> read_controllers(std::string_view text);

}  // namespace ipam::model
