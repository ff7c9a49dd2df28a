// What MS-DHCPM tells of a DHCP server's IPv4 scopes and leases (MS-DHCPM section 2.2.1.2). The names of fields are the protocol's. IPv4 addresses
// are numbers, 10.0.0.1 is 0x0A000001. Thread rule: plain values.
#pragma once

#include "base/clock.h"
#include "wire/ndr/ndr.h"

namespace ipam::wire::dhcpm {

// DATE_TIME, section 2.2.1.2.11: 100 nanoseconds since 1601.
struct FileTime {
  std::uint32_t low = 0;
  std::uint32_t high = 0;

  // Nothing for "never" (zero) and for "for ever".
  std::optional<Time> time() const;
  bool is_endless() const { return high >= 0x7FFFFFFF; }
  bool operator==(const FileTime&) const = default;
};
constexpr auto layout(const FileTime*) {
  using namespace ndr;
  return structure(field("dwLowDateTime", &FileTime::low, u32), field("dwHighDateTime", &FileTime::high, u32));
}

// DHCP_BINARY_DATA, section 2.2.1.2.7; also DHCP_CLIENT_UID.
struct BinaryData {
  Bytes octets;

  bool operator==(const BinaryData&) const = default;
};
constexpr auto layout(const BinaryData*) {
  using namespace ndr;
  return structure(count_of("DataLength", &BinaryData::octets, u32), field("Data", &BinaryData::octets, unique(conformant(u8))));
}

// DHCP_HOST_INFO, section 2.2.1.2.8.
struct HostInfo {
  std::uint32_t address = 0;
  std::optional<std::string> netbios_name;
  std::optional<std::string> host_name;

  bool operator==(const HostInfo&) const = default;
};
constexpr auto layout(const HostInfo*) {
  using namespace ndr;
  return structure(field("IpAddress", &HostInfo::address, u32), field("NetBiosName", &HostInfo::netbios_name, unique(wide_text)),
                   field("HostName", &HostInfo::host_name, unique(wide_text)));
}

// Section 2.2.1.1.2.
enum class SubnetState : std::uint16_t { Enabled = 0, Disabled = 1, EnabledSwitched = 2, DisabledSwitched = 3, Invalid = 4 };

// DHCP_SUBNET_INFO, section 2.2.1.2.9: a scope.
struct SubnetInfo {
  std::uint32_t address = 0;
  std::uint32_t mask = 0;
  std::optional<std::string> name;
  std::optional<std::string> comment;
  HostInfo primary_host;
  SubnetState state = SubnetState::Enabled;

  bool operator==(const SubnetInfo&) const = default;
};
constexpr auto layout(const SubnetInfo*) {
  using namespace ndr;
  using S = SubnetInfo;
  return structure(field("SubnetAddress", &S::address, u32), field("SubnetMask", &S::mask, u32), field("SubnetName", &S::name, unique(wide_text)),
                   field("SubnetComment", &S::comment, unique(wide_text)), field("PrimaryHost", &S::primary_host, described),
                   field("SubnetState", &S::state, enum16));
}

// DHCP_IP_ARRAY, section 2.2.1.2.46.
struct AddressArray {
  std::vector<std::uint32_t> addresses;

  bool operator==(const AddressArray&) const = default;
};
constexpr auto layout(const AddressArray*) {
  using namespace ndr;
  return structure(count_of("NumElements", &AddressArray::addresses, u32), field("Elements", &AddressArray::addresses, unique(conformant(u32))));
}

// ---- elements of a scope (section 2.2.1.2.38) ----------------------------------------------------------------------------------------------

// DHCP_BOOTP_IP_RANGE, section 2.2.1.2.37.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t bootp_allocated = 0;
  std::uint32_t bootp_most = 0;

  bool operator==(const Range&) const = default;
};
constexpr auto layout(const Range*) {
  using namespace ndr;
  return structure(field("StartAddress", &Range::first, u32), field("EndAddress", &Range::last, u32),
                   field("BootpAllocated", &Range::bootp_allocated, u32), field("MaxBootpAllowed", &Range::bootp_most, u32));
}

// DHCP_IP_RESERVATION_V4, section 2.2.1.2.32.
struct Reservation {
  std::uint32_t address = 0;
  std::optional<BinaryData> client;  // the scope's address, an octet for the hardware's type, and the hardware address; or a client id
  std::uint8_t allowed_clients = 3;  // 1 DHCP, 2 BOOTP, 3 both

  bool operator==(const Reservation&) const = default;
};
constexpr auto layout(const Reservation*) {
  using namespace ndr;
  return structure(field("ReservedIpAddress", &Reservation::address, u32), field("ReservedForClient", &Reservation::client, unique(described)),
                   field("bAllowedClientTypes", &Reservation::allowed_clients, u8));
}

// DHCP_IP_RANGE, section 2.2.1.2.31: an exclusion.
struct Exclusion {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  bool operator==(const Exclusion&) const = default;
};
constexpr auto layout(const Exclusion*) {
  using namespace ndr;
  return structure(field("StartAddress", &Exclusion::first, u32), field("EndAddress", &Exclusion::last, u32));
}

// DHCP_IP_CLUSTER, section 2.2.1.2.34; no server has any.
struct Cluster {
  std::uint32_t address = 0;
  std::uint32_t mask = 0;

  bool operator==(const Cluster&) const = default;
};
constexpr auto layout(const Cluster*) {
  using namespace ndr;
  return structure(field("ClusterAddress", &Cluster::address, u32), field("ClusterMask", &Cluster::mask, u32));
}

// Section 2.2.1.1.7. What is asked for is one of Ranges, Reservations and Exclusions; a range tells by its type for which clients it is.
enum class ElementType : std::uint16_t {
  Ranges = 0,
  SecondaryHosts = 1,
  Reservations = 2,
  Exclusions = 3,
  Clusters = 4,
  RangesForDhcp = 5,
  RangesForBoth = 6,
  RangesForBootp = 7,
};

using ElementData =
    std::variant<std::optional<Range>, std::optional<HostInfo>, std::optional<Reservation>, std::optional<Exclusion>, std::optional<Cluster>>;
inline constexpr auto kElementData =
    ndr::union_of(ndr::enum16, ndr::arm<0>(ndr::unique(ndr::described)), ndr::arm<1>(ndr::unique(ndr::described)),
                  ndr::arm<2>(ndr::unique(ndr::described)), ndr::arm<3>(ndr::unique(ndr::described)), ndr::arm<4>(ndr::unique(ndr::described)));

// DHCP_SUBNET_ELEMENT_DATA_V5. The union's own discriminant is 0 for every kind of range.
struct Element {
  ElementType type = ElementType::Ranges;
  ElementData data;

  bool operator==(const Element&) const = default;
};
constexpr auto layout(const Element*) {
  using namespace ndr;
  return structure(field("ElementType", &Element::type, enum16), field("Element", &Element::data, kElementData));
}

// DHCP_SUBNET_ELEMENT_INFO_ARRAY_V5, section 2.2.1.2.39.
struct ElementArray {
  std::vector<Element> elements;

  bool operator==(const ElementArray&) const = default;
};
constexpr auto layout(const ElementArray*) {
  using namespace ndr;
  return structure(count_of("NumElements", &ElementArray::elements, u32), field("Elements", &ElementArray::elements, unique(conformant(described))));
}

// ---- leases --------------------------------------------------------------------------------------------------------------------------------

// DHCP_CLIENT_INFO_V5, section 2.2.1.2.18.
struct Client {
  std::uint32_t address = 0;
  std::uint32_t mask = 0;
  BinaryData hardware_address;
  std::optional<std::string> name;
  std::optional<std::string> comment;
  FileTime expires;
  HostInfo owner;
  std::uint8_t type = 0;   // 1 DHCP, 2 BOOTP, 3 both, 0x40 none of these
  std::uint8_t state = 0;  // the low two bits: 0 offered, 1 active, 2 declined, 3 about to be deleted

  bool operator==(const Client&) const = default;
};
constexpr auto layout(const Client*) {
  using namespace ndr;
  return structure(field("ClientIpAddress", &Client::address, u32), field("SubnetMask", &Client::mask, u32),
                   field("ClientHardwareAddress", &Client::hardware_address, described), field("ClientName", &Client::name, unique(wide_text)),
                   field("ClientComment", &Client::comment, unique(wide_text)), field("ClientLeaseExpires", &Client::expires, described),
                   field("OwnerHost", &Client::owner, described), field("bClientType", &Client::type, u8), field("AddressState", &Client::state, u8));
}

// DHCP_CLIENT_INFO_ARRAY_V5, section 2.2.1.2.20.
struct ClientArray {
  std::vector<std::optional<Client>> clients;

  bool operator==(const ClientArray&) const = default;
};
constexpr auto layout(const ClientArray*) {
  using namespace ndr;
  return structure(count_of("NumElements", &ClientArray::clients, u32),
                   field("Clients", &ClientArray::clients, unique(conformant(unique(described)))));
}

// ---- counters ------------------------------------------------------------------------------------------------------------------------------

// SCOPE_MIB_INFO_V5, section 2.2.1.2.54.
struct ScopeCounters {
  std::uint32_t subnet = 0;
  std::uint32_t in_use = 0;
  std::uint32_t free = 0;
  std::uint32_t pending_offers = 0;

  bool operator==(const ScopeCounters&) const = default;
};
constexpr auto layout(const ScopeCounters*) {
  using namespace ndr;
  using S = ScopeCounters;
  return structure(field("Subnet", &S::subnet, u32), field("NumAddressesInuse", &S::in_use, u32), field("NumAddressesFree", &S::free, u32),
                   field("NumPendingOffers", &S::pending_offers, u32));
}

// DHCP_MIB_INFO_V5, section 2.2.1.2.55.
struct Counters {
  std::uint32_t discovers = 0;
  std::uint32_t offers = 0;
  std::uint32_t requests = 0;
  std::uint32_t acks = 0;
  std::uint32_t naks = 0;
  std::uint32_t declines = 0;
  std::uint32_t releases = 0;
  FileTime started;
  std::array<std::uint32_t, 7> quarantine{};  // of network access protection, which is no more
  std::uint32_t delayed_offers = 0;
  std::uint32_t scopes_with_delayed_offers = 0;
  std::vector<ScopeCounters> scopes;

  bool operator==(const Counters&) const = default;
};
constexpr auto layout(const Counters*) {
  using namespace ndr;
  using C = Counters;
  return structure(field("Discovers", &C::discovers, u32), field("Offers", &C::offers, u32), field("Requests", &C::requests, u32),
                   field("Acks", &C::acks, u32), field("Naks", &C::naks, u32), field("Declines", &C::declines, u32),
                   field("Releases", &C::releases, u32), field("ServerStartTime", &C::started, described),
                   field("QtnNumLeases…QtnIASErrors", &C::quarantine, fixed(u32)), field("DelayedOffers", &C::delayed_offers, u32),
                   field("ScopesWithDelayedOffers", &C::scopes_with_delayed_offers, u32), count_of("Scopes", &C::scopes, u32),
                   field("ScopeInfo", &C::scopes, unique(conformant(described))));
}

}  // namespace ipam::wire::dhcpm
