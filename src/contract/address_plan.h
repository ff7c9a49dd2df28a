// The address plan in the API: /api/v1/address_spaces, blocks, subnets, ranges, addresses and addresses:allocate. Thread rule: plain values.
//
// `space` in a request is the name or the id of an address space; left out it is "Default".
#pragma once

#include "contract/custom_field.h"

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
  std::optional<std::string> provider;  // of a customer space: the provider space that carries it
  CustomFieldTexts custom_fields;
};
BOOST_DESCRIBE_STRUCT(AddressSpace, (), (id, name, kind, description, owner, subnets, used_ipv4, used_ipv6, provider, custom_fields))

struct AddressSpaceCreate {
  std::string name;
  std::optional<AddressSpaceKind> kind;
  std::optional<std::string> description;
  std::optional<std::string> owner;
  std::optional<std::string> provider;  // name or id
  std::optional<CustomFieldTexts> custom_fields;
};
BOOST_DESCRIBE_STRUCT(AddressSpaceCreate, (), (name, kind, description, owner, provider, custom_fields))

struct AddressSpacePatch {
  std::optional<std::string> name;
  Patch<std::string> description;
  Patch<std::string> owner;
  Patch<std::string> provider;
  std::optional<CustomFieldChanges> custom_fields;
};
BOOST_DESCRIBE_STRUCT(AddressSpacePatch, (), (name, description, owner, provider, custom_fields))

// What kind of addresses they are, by the registries of IANA; computed.
enum class AddressCategory {
  Public,
  Private,
  GlobalUnicast,
  UniqueLocal,
  Shared,
  Documentation,
  Benchmarking,
  LinkLocal,
  Loopback,
  Multicast,
  SpecialPurpose,
  Reserved,
  Mixed,
};
BOOST_DESCRIBE_ENUM(AddressCategory, Public, Private, GlobalUnicast, UniqueLocal, Shared, Documentation, Benchmarking, LinkLocal, Loopback, Multicast,
                    SpecialPurpose, Reserved, Mixed)

struct Block {
  ObjectId id;
  ObjectId space_id;
  std::string space;
  ip::Prefix prefix;
  std::optional<ObjectId> block_id;  // the innermost block around it
  AddressCategory category = AddressCategory::Public;
  std::string name;
  std::string description;
  std::string owner;
  std::optional<Time> received_at;
  std::optional<std::uint8_t> under_percent;
  std::optional<std::uint8_t> over_percent;
  CustomFieldTexts custom_fields;
  Utilization utilization;
};
BOOST_DESCRIBE_STRUCT(Block, (),
                      (id, space_id, space, prefix, block_id, category, name, description, owner, received_at, under_percent, over_percent,
                       custom_fields, utilization))

struct BlockCreate {
  std::optional<std::string> space;
  ip::Prefix prefix;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> owner;
  std::optional<Time> received_at;
  std::optional<std::uint8_t> under_percent;
  std::optional<std::uint8_t> over_percent;
  std::optional<CustomFieldTexts> custom_fields;
};
BOOST_DESCRIBE_STRUCT(BlockCreate, (), (space, prefix, name, description, owner, received_at, under_percent, over_percent, custom_fields))

struct BlockPatch {
  Patch<std::string> name;
  Patch<std::string> description;
  Patch<std::string> owner;
  Patch<Time> received_at;
  Patch<std::uint8_t> under_percent;
  Patch<std::uint8_t> over_percent;
  std::optional<CustomFieldChanges> custom_fields;
};
BOOST_DESCRIBE_STRUCT(BlockPatch, (), (name, description, owner, received_at, under_percent, over_percent, custom_fields))

struct Subnet {
  ObjectId id;
  ObjectId space_id;
  std::string space;
  ip::Prefix prefix;
  std::optional<ObjectId> block_id;  // the innermost block around it
  AddressCategory category = AddressCategory::Public;
  std::string name;
  std::string description;
  std::string owner;
  std::vector<std::uint16_t> vlans;
  std::optional<std::uint32_t> vsid;
  std::optional<std::uint32_t> cooldown_seconds;
  std::optional<std::uint8_t> under_percent;
  std::optional<std::uint8_t> over_percent;
  CustomFieldTexts custom_fields;
  std::optional<ObjectId> quota_id;  // that it is charged to
  Utilization utilization;
};
BOOST_DESCRIBE_STRUCT(Subnet, (),
                      (id, space_id, space, prefix, block_id, category, name, description, owner, vlans, vsid, cooldown_seconds, under_percent,
                       over_percent, custom_fields, quota_id, utilization))

struct SubnetCreate {
  std::optional<std::string> space;
  ip::Prefix prefix;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> owner;
  std::optional<std::vector<std::uint16_t>> vlans;
  std::optional<std::uint32_t> vsid;
  std::optional<std::uint32_t> cooldown_seconds;
  std::optional<std::uint8_t> under_percent;
  std::optional<std::uint8_t> over_percent;
  std::optional<CustomFieldTexts> custom_fields;
};
BOOST_DESCRIBE_STRUCT(SubnetCreate, (),
                      (space, prefix, name, description, owner, vlans, vsid, cooldown_seconds, under_percent, over_percent, custom_fields))

struct SubnetPatch {
  Patch<std::string> name;
  Patch<std::string> description;
  Patch<std::string> owner;
  Patch<std::vector<std::uint16_t>> vlans;
  Patch<std::uint32_t> vsid;
  Patch<std::uint32_t> cooldown_seconds;
  Patch<std::uint8_t> under_percent;
  Patch<std::uint8_t> over_percent;
  std::optional<CustomFieldChanges> custom_fields;
};
BOOST_DESCRIBE_STRUCT(SubnetPatch, (), (name, description, owner, vlans, vsid, cooldown_seconds, under_percent, over_percent, custom_fields))

enum class ManagedBy { Ipam, MsDhcp, NonMsDhcp, VmManager, Other };
BOOST_DESCRIBE_ENUM(ManagedBy, Ipam, MsDhcp, NonMsDhcp, VmManager, Other)

enum class Assignment { Static, Dynamic, Auto, Vip, Reserved };
BOOST_DESCRIBE_ENUM(Assignment, Static, Dynamic, Auto, Vip, Reserved)

struct Gateway {
  ip::Address address;
  std::optional<std::uint16_t> metric;  // 1 to 9999; null: automatic
};
BOOST_DESCRIBE_STRUCT(Gateway, (), (address, metric))

// How a range lies over others of its address space. FailoverPartners: their servers serve the same addresses on purpose.
enum class RangeOverlap { None, Overlapping, FailoverPartners };
BOOST_DESCRIBE_ENUM(RangeOverlap, None, Overlapping, FailoverPartners)

struct Range {
  ObjectId id;
  ObjectId space_id;
  std::string space;
  ip::Address first;
  ip::Address last;
  ObjectId subnet_id;
  std::optional<ObjectId> scope_id;  // the DHCP scope that this range is: collected, and read-only in the plan
  AddressCategory category = AddressCategory::Public;
  std::optional<Time> reclaimed_at;  // when addresses of it were last reclaimed
  std::string name;
  ManagedBy managed_by = ManagedBy::Ipam;
  std::string service_instance;
  std::string description;
  std::string owner;
  Assignment assignment = Assignment::Static;
  std::vector<Gateway> gateways;
  std::vector<ip::Address> dns_servers;
  std::vector<std::string> dns_suffixes;
  std::string connection_suffix;
  std::vector<ip::Address> wins_servers;
  std::vector<ip::Range> reserved;
  std::vector<ip::Range> vips;
  std::vector<ip::Range> exclusions;
  std::string reverse_zone;
  std::optional<Time> assigned_at;
  std::optional<std::uint8_t> under_percent;
  std::optional<std::uint8_t> over_percent;
  std::optional<std::uint64_t> stated_used;
  CustomFieldTexts custom_fields;
  RangeOverlap overlap = RangeOverlap::None;
  bool use_for_utilization = true;  // in sums over ranges: false where an older range that it overlaps counts
  Utilization utilization;
};
BOOST_DESCRIBE_STRUCT(Range, (),
                      (id, space_id, space, first, last, subnet_id, scope_id, category, reclaimed_at, name, managed_by, service_instance, description,
                       owner, assignment, gateways, dns_servers, dns_suffixes, connection_suffix, wins_servers, reserved, vips, exclusions,
                       reverse_zone, assigned_at, under_percent, over_percent, stated_used, custom_fields, overlap, use_for_utilization, utilization))

// Whether the date until which an address was given comes soon (by the setting expiry_alert) or has come.
enum class ExpiryStatus { Active, Alert, Expired };
BOOST_DESCRIBE_ENUM(ExpiryStatus, Active, Alert, Expired)

struct RangeCreate {
  std::optional<std::string> space;
  std::optional<ip::Prefix> subnet;  // the subnet that it lies in: made, where there is none around the range
  ip::Address first;
  ip::Address last;
  std::optional<std::string> name;
  std::optional<ManagedBy> managed_by;
  std::optional<std::string> service_instance;
  std::optional<std::string> description;
  std::optional<std::string> owner;
  std::optional<Assignment> assignment;
  std::optional<std::vector<Gateway>> gateways;
  std::optional<std::vector<ip::Address>> dns_servers;
  std::optional<std::vector<std::string>> dns_suffixes;
  std::optional<std::string> connection_suffix;
  std::optional<std::vector<ip::Address>> wins_servers;
  std::optional<std::vector<ip::Range>> reserved;
  std::optional<std::vector<ip::Range>> vips;
  std::optional<std::vector<ip::Range>> exclusions;
  std::optional<std::string> reverse_zone;
  std::optional<Time> assigned_at;
  std::optional<std::uint8_t> under_percent;
  std::optional<std::uint8_t> over_percent;
  std::optional<std::uint64_t> stated_used;
  std::optional<CustomFieldTexts> custom_fields;
};
BOOST_DESCRIBE_STRUCT(RangeCreate, (),
                      (space, subnet, first, last, name, managed_by, service_instance, description, owner, assignment, gateways, dns_servers,
                       dns_suffixes, connection_suffix, wins_servers, reserved, vips, exclusions, reverse_zone, assigned_at, under_percent,
                       over_percent, stated_used, custom_fields))

struct RangePatch {
  Patch<std::string> name;
  Patch<std::string> description;
  Patch<std::string> owner;
  std::optional<Assignment> assignment;
  Patch<std::vector<Gateway>> gateways;
  Patch<std::vector<ip::Address>> dns_servers;
  Patch<std::vector<std::string>> dns_suffixes;
  Patch<std::string> connection_suffix;
  Patch<std::vector<ip::Address>> wins_servers;
  Patch<std::vector<ip::Range>> reserved;
  Patch<std::vector<ip::Range>> vips;
  Patch<std::vector<ip::Range>> exclusions;
  Patch<std::string> reverse_zone;
  Patch<Time> assigned_at;
  Patch<std::uint8_t> under_percent;
  Patch<std::uint8_t> over_percent;
  Patch<std::uint64_t> stated_used;
  std::optional<CustomFieldChanges> custom_fields;
};
BOOST_DESCRIBE_STRUCT(RangePatch, (),
                      (name, description, owner, assignment, gateways, dns_servers, dns_suffixes, connection_suffix, wins_servers, reserved, vips,
                       exclusions, reverse_zone, assigned_at, under_percent, over_percent, stated_used, custom_fields))

enum class AddressState { InUse, Reserved, Inactive, Held, Cooling };
BOOST_DESCRIBE_ENUM(AddressState, InUse, Reserved, Inactive, Held, Cooling)

struct Address {
  ObjectId id;
  ObjectId space_id;
  std::string space;
  ip::Address address;
  std::optional<ObjectId> subnet_id;  // the subnet that it lies in
  std::optional<ObjectId> range_id;   // the range that it belongs to: of those around it one of the same service, else the smallest
  AddressCategory category = AddressCategory::Public;
  Time assigned_at{};
  std::optional<Time> held_until;  // when a held or cooling address becomes free by itself
  AddressState state = AddressState::InUse;
  std::string name;
  std::optional<ip::HardwareAddress> hardware_address;
  std::string description;
  std::string owner;
  std::optional<Time> expires_at;
  Assignment assignment = Assignment::Static;
  ManagedBy managed_by = ManagedBy::Ipam;
  std::string service_instance;
  std::string asset_tag;
  std::string serial_number;
  std::string operating_system;
  std::optional<ip::ClientId> client_id;
  std::optional<ip::ClientId> duid;
  std::optional<std::uint32_t> iaid;
  CustomFieldTexts custom_fields;
  std::optional<ExpiryStatus> expiry_status;  // null: it is given for good
  bool duplicate = false;                     // a reservation or a live lease names another client for it
  std::optional<ObjectId> quota_id;           // that it is charged to
};
BOOST_DESCRIBE_STRUCT(Address, (),
                      (id, space_id, space, address, subnet_id, range_id, category, assigned_at, held_until, state, name, hardware_address,
                       description, owner, expires_at, assignment, managed_by, service_instance, asset_tag, serial_number, operating_system,
                       client_id, duid, iaid, custom_fields, expiry_status, duplicate, quota_id))

enum class ClaimKind { Record, Reservation, Lease };
BOOST_DESCRIBE_ENUM(ClaimKind, Record, Reservation, Lease)

// Who says that an address is theirs.
struct Claim {
  ClaimKind kind = ClaimKind::Record;
  std::optional<ObjectId> id;  // of the address record or the reservation
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<ip::ClientId> client_id;  // IPv6: the DUID
  std::string name;
  std::optional<ObjectId> server_id;
  std::string server;
  std::optional<Time> until;  // of a lease
};
BOOST_DESCRIBE_STRUCT(Claim, (), (kind, id, hardware_address, client_id, name, server_id, server, until))

// An address for which different clients are named.
struct DuplicateAddress {
  ObjectId space_id;
  std::string space;
  ip::Address address;
  std::vector<Claim> claims;
};
BOOST_DESCRIBE_STRUCT(DuplicateAddress, (), (space_id, space, address, claims))

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
  std::optional<Assignment> assignment;
  std::optional<ManagedBy> managed_by;
  std::optional<std::string> service_instance;
  std::optional<std::string> asset_tag;
  std::optional<std::string> serial_number;
  std::optional<std::string> operating_system;
  std::optional<ip::ClientId> client_id;
  std::optional<ip::ClientId> duid;
  std::optional<std::uint32_t> iaid;
  std::optional<CustomFieldTexts> custom_fields;
};
BOOST_DESCRIBE_STRUCT(AddressCreate, (),
                      (space, address, range_id, state, name, hardware_address, description, owner, expires_at, assignment, managed_by,
                       service_instance, asset_tag, serial_number, operating_system, client_id, duid, iaid, custom_fields))

struct AddressPatch {
  std::optional<AddressState> state;
  Patch<std::string> name;
  Patch<ip::HardwareAddress> hardware_address;
  Patch<std::string> description;
  Patch<std::string> owner;
  Patch<Time> expires_at;
  std::optional<Assignment> assignment;
  std::optional<ManagedBy> managed_by;
  Patch<std::string> service_instance;
  Patch<std::string> asset_tag;
  Patch<std::string> serial_number;
  Patch<std::string> operating_system;
  Patch<ip::ClientId> client_id;
  Patch<ip::ClientId> duid;
  Patch<std::uint32_t> iaid;
  std::optional<CustomFieldChanges> custom_fields;
};
BOOST_DESCRIBE_STRUCT(AddressPatch, (),
                      (state, name, hardware_address, description, owner, expires_at, assignment, managed_by, service_instance, asset_tag,
                       serial_number, operating_system, client_id, duid, iaid, custom_fields))

}  // namespace ipam::contract
