// What an organisation plans: address spaces, blocks, subnets, ranges and addresses. Plain values; the rules that one value must obey stand in
// rules.h, the rules between values (nesting, overlap, uniqueness) in service/planning.
//
// `revision` is the sequence of the journal record that last changed the object; it is the API's ETag. Thread rule: plain values.
#pragma once

#include "base/clock.h"
#include "ip/hardware_address.h"
#include "ip/range.h"
#include "model/describe.h"
#include "model/id.h"

#include <optional>
#include <string>

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

  bool operator==(const AddressSpace&) const = default;
};
BOOST_DESCRIBE_STRUCT(AddressSpace, (), (id, revision, name, kind, description, owner))

// A piece of address space as it was received or set aside; blocks nest.
struct Block {
  Id<Block> id;
  std::uint64_t revision = 0;
  Id<AddressSpace> space_id;
  ip::Prefix prefix;
  std::string name;
  std::string description;
  std::string owner;

  bool operator==(const Block&) const = default;
};
BOOST_DESCRIBE_STRUCT(Block, (), (id, revision, space_id, prefix, name, description, owner))

// A network that exists: one layer-2 segment or routed prefix. Subnets of one space do not overlap.
struct Subnet {
  Id<Subnet> id;
  std::uint64_t revision = 0;
  Id<AddressSpace> space_id;
  ip::Prefix prefix;
  std::string name;
  std::optional<std::uint16_t> vlan;
  std::string description;
  std::string owner;

  bool operator==(const Subnet&) const = default;
};
BOOST_DESCRIBE_STRUCT(Subnet, (), (id, revision, space_id, prefix, name, vlan, description, owner))

// Who hands out the addresses of a range (Microsoft's "Managed by Service").
enum class ManagedBy : std::uint8_t { Ipam, MsDhcp, NonMsDhcp, VmManager, Other };
BOOST_DESCRIBE_ENUM(ManagedBy, Ipam, MsDhcp, NonMsDhcp, VmManager, Other)

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

  bool operator==(const Range&) const = default;
};
BOOST_DESCRIBE_STRUCT(Range, (), (id, revision, space_id, subnet_id, first, last, name, managed_by, service_instance, description, owner, scope_id))

enum class AddressState : std::uint8_t { InUse, Reserved, Inactive };
BOOST_DESCRIBE_ENUM(AddressState, InUse, Reserved, Inactive)

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

  bool operator==(const Address&) const = default;
};
BOOST_DESCRIBE_STRUCT(Address, (), (id, revision, space_id, address, state, name, hardware_address, description, owner, assigned_at, expires_at))

}  // namespace ipam::model
