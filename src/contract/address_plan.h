// The address plan in the API: /api/v1/address_spaces, blocks, subnets, ranges, addresses and addresses:allocate. Thread rule: plain values.
//
// `space` in a request is the name or the id of an address space; left out it is "Default".
#pragma once

#include "contract/common.h"

namespace ipam::contract {

enum class AddressSpaceKind { Provider, Customer };
BOOST_DESCRIBE_ENUM(AddressSpaceKind, Provider, Customer)

struct AddressSpace {
  ObjectId id;
  std::string name;
  AddressSpaceKind kind = AddressSpaceKind::Provider;
  std::string description;
  std::string owner;
  std::uint64_t subnets = 0;
  std::uint64_t used_ipv4 = 0;  // distinct addresses in use
  json::Wide used_ipv6 = 0;
};
BOOST_DESCRIBE_STRUCT(AddressSpace, (), (id, name, kind, description, owner, subnets, used_ipv4, used_ipv6))

struct AddressSpaceCreate {
  std::string name;
  std::optional<AddressSpaceKind> kind;
  std::optional<std::string> description;
  std::optional<std::string> owner;
};
BOOST_DESCRIBE_STRUCT(AddressSpaceCreate, (), (name, kind, description, owner))

struct AddressSpacePatch {
  std::optional<std::string> name;
  Patch<std::string> description;
  Patch<std::string> owner;
};
BOOST_DESCRIBE_STRUCT(AddressSpacePatch, (), (name, description, owner))

struct Block {
  ObjectId id;
  ObjectId space_id;
  std::string space;
  ip::Prefix prefix;
  std::string name;
  std::string description;
  std::string owner;
  Utilization utilization;
};
BOOST_DESCRIBE_STRUCT(Block, (), (id, space_id, space, prefix, name, description, owner, utilization))

struct BlockCreate {
  std::optional<std::string> space;
  ip::Prefix prefix;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> owner;
};
BOOST_DESCRIBE_STRUCT(BlockCreate, (), (space, prefix, name, description, owner))

struct BlockPatch {
  Patch<std::string> name;
  Patch<std::string> description;
  Patch<std::string> owner;
};
BOOST_DESCRIBE_STRUCT(BlockPatch, (), (name, description, owner))

struct Subnet {
  ObjectId id;
  ObjectId space_id;
  std::string space;
  ip::Prefix prefix;
  std::string name;
  std::optional<std::uint16_t> vlan;
  std::string description;
  std::string owner;
  Utilization utilization;
};
BOOST_DESCRIBE_STRUCT(Subnet, (), (id, space_id, space, prefix, name, vlan, description, owner, utilization))

struct SubnetCreate {
  std::optional<std::string> space;
  ip::Prefix prefix;
  std::optional<std::string> name;
  std::optional<std::uint16_t> vlan;
  std::optional<std::string> description;
  std::optional<std::string> owner;
};
BOOST_DESCRIBE_STRUCT(SubnetCreate, (), (space, prefix, name, vlan, description, owner))

struct SubnetPatch {
  Patch<std::string> name;
  Patch<std::uint16_t> vlan;
  Patch<std::string> description;
  Patch<std::string> owner;
};
BOOST_DESCRIBE_STRUCT(SubnetPatch, (), (name, vlan, description, owner))

enum class ManagedBy { Ipam, MsDhcp, NonMsDhcp, VmManager, Other };
BOOST_DESCRIBE_ENUM(ManagedBy, Ipam, MsDhcp, NonMsDhcp, VmManager, Other)

struct Range {
  ObjectId id;
  ObjectId space_id;
  std::string space;
  ObjectId subnet_id;
  ip::Address first;
  ip::Address last;
  std::string name;
  ManagedBy managed_by = ManagedBy::Ipam;
  std::string service_instance;
  std::string description;
  std::string owner;
  std::optional<ObjectId> scope_id;  // the DHCP scope that this range is; null for one of the plan's own
  Utilization utilization;
};
BOOST_DESCRIBE_STRUCT(Range, (),
                      (id, space_id, space, subnet_id, first, last, name, managed_by, service_instance, description, owner, scope_id, utilization))

struct RangeCreate {
  std::optional<std::string> space;
  ip::Address first;
  ip::Address last;
  std::optional<std::string> name;
  std::optional<ManagedBy> managed_by;
  std::optional<std::string> service_instance;
  std::optional<std::string> description;
  std::optional<std::string> owner;
};
BOOST_DESCRIBE_STRUCT(RangeCreate, (), (space, first, last, name, managed_by, service_instance, description, owner))

struct RangePatch {
  Patch<std::string> name;
  Patch<std::string> description;
  Patch<std::string> owner;
};
BOOST_DESCRIBE_STRUCT(RangePatch, (), (name, description, owner))

enum class AddressState { InUse, Reserved, Inactive };
BOOST_DESCRIBE_ENUM(AddressState, InUse, Reserved, Inactive)

struct Address {
  ObjectId id;
  ObjectId space_id;
  std::string space;
  ip::Address address;
  AddressState state = AddressState::InUse;
  std::string name;
  std::optional<ip::HardwareAddress> hardware_address;
  std::string description;
  std::string owner;
  Time assigned_at{};
  std::optional<Time> expires_at;  // null: given for good
};
BOOST_DESCRIBE_STRUCT(Address, (), (id, space_id, space, address, state, name, hardware_address, description, owner, assigned_at, expires_at))

struct AddressCreate {
  std::optional<std::string> space;
  ip::Address address;
  std::optional<ObjectId> range_id;  // the range it is meant for: an address outside it is refused
  std::optional<AddressState> state;
  std::optional<std::string> name;
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<std::string> description;
  std::optional<std::string> owner;
  std::optional<Time> expires_at;
};
BOOST_DESCRIBE_STRUCT(AddressCreate, (), (space, address, range_id, state, name, hardware_address, description, owner, expires_at))

struct AddressPatch {
  std::optional<AddressState> state;
  Patch<std::string> name;
  Patch<ip::HardwareAddress> hardware_address;
  Patch<std::string> description;
  Patch<std::string> owner;
  Patch<Time> expires_at;
};
BOOST_DESCRIBE_STRUCT(AddressPatch, (), (state, name, hardware_address, description, owner, expires_at))

enum class AddressStrategy { First, Next, Random, Sparse };
BOOST_DESCRIBE_ENUM(AddressStrategy, First, Next, Random, Sparse)

// POST /api/v1/addresses:allocate: finds free addresses and takes them, in one step that no other client can come between.
struct AllocateRequest {
  std::optional<std::string> space;
  std::string from;                                   // a prefix or first-last inside one subnet, or the id of a range
  std::optional<std::vector<std::string>> then_from;  // more such places, in order: where one is full the next one is taken from
  std::optional<std::uint32_t> count;                 // default 1, at most 1 000; all or none
  std::optional<AddressStrategy> strategy;            // default first
  std::optional<AddressState> state;
  std::optional<std::string> name;
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<std::string> description;
  std::optional<std::string> owner;
  std::optional<Time> expires_at;
};
BOOST_DESCRIBE_STRUCT(AllocateRequest, (), (space, from, then_from, count, strategy, state, name, hardware_address, description, owner, expires_at))

struct AllocateAnswer {
  std::vector<Address> addresses;
  std::uint64_t sequence = 0;            // journal sequence of the allocation, which is durable
  std::optional<Time> lease_data_as_of;  // oldest lease data that was relied on; null when no DHCP server serves the subnet
};
BOOST_DESCRIBE_STRUCT(AllocateAnswer, (), (addresses, sequence, lease_data_as_of))

}  // namespace ipam::contract
