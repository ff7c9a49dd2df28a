// The two DHCP services that one Kea control agent may serve, and how they are named. The key of a scope of DHCPv4 is Kea's subnet id ("12"), that
// of a scope of DHCPv6 has the family before it ("6:12"): so keys are unique over both. Thread rule: pure functions.
#pragma once

#include "ip/address.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipam::driver::kea {

enum class Service : std::uint8_t { Dhcp4, Dhcp6 };

constexpr ip::Family family_of(Service service) { return service == Service::Dhcp4 ? ip::Family::V4 : ip::Family::V6; }
constexpr std::string_view name_of(Service service) { return service == Service::Dhcp4 ? "dhcp4" : "dhcp6"; }
constexpr std::string_view protocol_of(Service service) { return service == Service::Dhcp4 ? "DHCPv4" : "DHCPv6"; }
constexpr std::string_view program_of(Service service) { return service == Service::Dhcp4 ? "kea-dhcp4" : "kea-dhcp6"; }
// Of its configuration: "Dhcp4", and in it "subnet4".
constexpr std::string_view root_of(Service service) { return service == Service::Dhcp4 ? "Dhcp4" : "Dhcp6"; }
constexpr std::string_view subnets_of(Service service) { return service == Service::Dhcp4 ? "subnet4" : "subnet6"; }
// "lease4-get-page" or "lease6-get-page" of "lease{}-get-page".
std::string command_of(Service service, std::string_view pattern);

// The manual: ids are from 1 to 4294967294.
inline constexpr std::uint64_t kMaxSubnetId = 4'294'967'294;
std::string scope_key(Service service, std::uint64_t id);
struct ScopeNumber {
  Service service = Service::Dhcp4;
  std::uint64_t id = 0;

  auto operator<=>(const ScopeNumber&) const = default;
};
// Nothing when it is no key of scope_key.
std::optional<ScopeNumber> parse_scope_key(std::string_view key);

}  // namespace ipam::driver::kea
