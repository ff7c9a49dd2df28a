// What an organisation plans: address spaces, blocks, subnets, ranges and addresses. Plain values; the rules that one value must obey stand in
// rules.h, the rules between values (nesting, overlap, uniqueness) in service/planning.
//
// `revision` is the sequence of the journal record that last changed the object; it is the API's ETag. Thread rule: plain values.
#pragma once

#include "base/clock.h"
#include "ip/hardware_address.h"
#include "ip/range.h"
#include "model/custom_field.h"
#include "model/describe.h"

#include <optional>
#include <string>
#include <vector>

namespace ipam::model {

enum class AddressSpaceKind : std::uint8_t { Provider, Customer };
BOOST_DESCRIBE_ENUM(AddressSpaceKind, Provider, Customer)

// A realm in which every address is unique. Spaces may overlap each other (mergers, tenants, labs).
struct AddressSpace {
  Id<AddressSpace> id;
  std::uint64_t revision = 0;
  std::string name;
  AddressSpaceKind kind = AddressSpaceKind::Provider;
  std::string description;
  std::string owner;
  std::optional<Id<AddressSpace>> provider_id;  // of a customer space: the provider space that carries it
  CustomValues custom;

  bool operator==(const AddressSpace&) const = default;
};
BOOST_DESCRIBE_STRUCT(AddressSpace, (), (id, revision, name, kind, description, owner, provider_id, custom))

// From which utilization on something is over- or underutilized, in percent; where an object does not say, 80 and 20.
using Percent = std::uint8_t;

// A piece of address space as it was received or set aside; blocks nest.
struct Block {
  Id<Block> id;
  std::uint64_t revision = 0;
  Id<AddressSpace> space_id;
  ip::Prefix prefix;
  std::string name;
  std::string description;
  std::string owner;
  std::optional<Time> received_at;  // when a public block came from its regional internet registry, which is its custom field RIR
  std::optional<Percent> under_percent;
  std::optional<Percent> over_percent;
  CustomValues custom;

  bool operator==(const Block&) const = default;
};
BOOST_DESCRIBE_STRUCT(Block, (), (id, revision, space_id, prefix, name, description, owner, received_at, under_percent, over_percent, custom))

struct Quota;

// A network that exists: one layer-2 segment or routed prefix. Subnets of one space do not overlap.
struct Subnet {
  Id<Subnet> id;
  std::uint64_t revision = 0;
  Id<AddressSpace> space_id;
  ip::Prefix prefix;
  std::string name;
  std::string description;
  std::string owner;
  std::vector<std::uint16_t> vlans;               // VLAN identifiers, none twice (IEEE 802.1Q)
  std::optional<std::uint32_t> vsid;              // virtual subnet identifier of a virtualized network, 24 bits
  std::optional<std::uint32_t> cooldown_seconds;  // for how long a released address is not given again; nothing: as the settings say
  std::optional<Percent> under_percent;
  std::optional<Percent> over_percent;
  CustomValues custom;
  std::optional<Id<Quota>> quota_id;  // that it is charged to

  bool operator==(const Subnet&) const = default;
};
BOOST_DESCRIBE_STRUCT(Subnet, (),
                      (id, revision, space_id, prefix, name, description, owner, vlans, vsid, cooldown_seconds, under_percent, over_percent, custom,
                       quota_id))

// Who hands out the addresses of a range (Microsoft's "Managed by Service").
enum class ManagedBy : std::uint8_t { Ipam, MsDhcp, NonMsDhcp, VmManager, Other };
BOOST_DESCRIBE_ENUM(ManagedBy, Ipam, MsDhcp, NonMsDhcp, VmManager, Other)

// How the addresses of a range, or one address, are given out.
enum class Assignment : std::uint8_t { Static, Dynamic, Auto, Vip, Reserved };
BOOST_DESCRIBE_ENUM(Assignment, Static, Dynamic, Auto, Vip, Reserved)

struct Gateway {
  ip::Address address;
  std::optional<std::uint16_t> metric;  // 1 to 9999; nothing: automatic

  auto operator<=>(const Gateway&) const = default;
};
BOOST_DESCRIBE_STRUCT(Gateway, (), (address, metric))

struct DhcpScope;

// Consecutive addresses inside one subnet that are handed out together.
struct Range {
  Id<Range> id;
  std::uint64_t revision = 0;
  Id<AddressSpace> space_id;
  Id<Subnet> subnet_id;
  ip::Address first;
  ip::Address last;
  std::string name;
  ManagedBy managed_by = ManagedBy::Ipam;
  std::string service_instance;  // the DHCP server's name for a range that DHCP manages
  std::string description;
  std::string owner;
  std::optional<Id<DhcpScope>> scope_id;  // the DHCP scope that this range is: collected, and read-only in the plan
  Assignment assignment = Assignment::Static;
  std::vector<Gateway> gateways;
  std::vector<ip::Address> dns_servers;
  std::vector<std::string> dns_suffixes;
  std::string connection_suffix;  // connection-specific DNS suffix
  std::vector<ip::Address> wins_servers;
  // Parts of the range, each list ascending and without overlap, all of them apart from each other.
  std::vector<ip::Range> reserved;    // kept for a purpose: not allocated
  std::vector<ip::Range> vips;        // virtual addresses of clusters: not allocated
  std::vector<ip::Range> exclusions;  // not part of what the range offers: no capacity
  std::string reverse_zone;           // the reverse lookup zone that its addresses are entered in
  std::optional<Time> assigned_at;    // when the range was put to use
  std::optional<Time> reclaimed_at;   // when addresses of it were last reclaimed
  std::optional<Percent> under_percent;
  std::optional<Percent> over_percent;
  std::optional<std::uint64_t> stated_used;  // utilization as a person states it, in place of what is counted
  CustomValues custom;

  bool operator==(const Range&) const = default;
};
BOOST_DESCRIBE_STRUCT(Range, (),
                      (id, revision, space_id, subnet_id, first, last, name, managed_by, service_instance, description, owner, scope_id, assignment,
                       gateways, dns_servers, dns_suffixes, connection_suffix, wins_servers, reserved, vips, exclusions, reverse_zone, assigned_at,
                       reclaimed_at, under_percent, over_percent, stated_used, custom))

// Held: set aside until `held_until` for somebody who has not yet confirmed it. Cooling: given back, and not to be given again until then.
enum class AddressState : std::uint8_t { InUse, Reserved, Inactive, Held, Cooling };
BOOST_DESCRIBE_ENUM(AddressState, InUse, Reserved, Inactive, Held, Cooling)

// One address that the organisation has given to something. There is at most one for an address in a space.
struct Address {
  Id<Address> id;
  std::uint64_t revision = 0;
  Id<AddressSpace> space_id;
  ip::Address address;
  AddressState state = AddressState::InUse;
  std::string name;  // host or device name
  std::optional<ip::HardwareAddress> hardware_address;
  std::string description;
  std::string owner;
  Time assigned_at{};
  std::optional<Time> expires_at;  // until when it is given; nothing: for good
  std::optional<Time> held_until;  // of a held or cooling address: when it becomes free by itself
  Assignment assignment = Assignment::Static;
  ManagedBy managed_by = ManagedBy::Ipam;
  std::string service_instance;  // which instance of that
  std::string asset_tag;
  std::string serial_number;
  std::string operating_system;           // name and version
  std::optional<ip::ClientId> client_id;  // DHCP client identifier (RFC 2132, section 9.14)
  std::optional<ip::ClientId> duid;       // of a DHCPv6 client (RFC 8415, section 11)
  std::optional<std::uint32_t> iaid;      // of its identity association
  CustomValues custom;
  std::optional<Id<Quota>> quota_id;  // that it is charged to

  bool operator==(const Address&) const = default;
};
BOOST_DESCRIBE_STRUCT(Address, (),
                      (id, revision, space_id, address, state, name, hardware_address, description, owner, assigned_at, expires_at, held_until,
                       assignment, managed_by, service_instance, asset_tag, serial_number, operating_system, client_id, duid, iaid, custom, quota_id))

}  // namespace ipam::model
