#include "wire/dnsp/structures.h"

#include "ip/address.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::wire::dnsp {

std::vector<std::string> texts_of(const std::optional<AddressArray>& array) {
  constexpr std::uint16_t kIpv4 = 2, kIpv6 = 23;
  std::vector<std::string> texts;
  if (!array) return texts;
  for (const Address& each : array->addresses) {
    const ByteView octets(each.socket_address);
    const auto family = static_cast<std::uint16_t>(octets[0] | octets[1] << 8);
    // As in sockaddr_in and sockaddr_in6.
    if (family == kIpv4) texts.push_back(ip::Address::from_network_bytes(octets.subspan(4, 4)).value().to_string());
    if (family == kIpv6) texts.push_back(ip::Address::from_network_bytes(octets.subspan(8, 16)).value().to_string());
  }
  return texts;
}

std::string version_text(std::uint32_t version) { return fmt::format("{}.{}.{}", version & 0xFF, version >> 8 & 0xFF, version >> 16); }

}  // namespace ipam::wire::dnsp
