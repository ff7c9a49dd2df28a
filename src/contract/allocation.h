// Allocation in the API: POST /api/v1/addresses:allocate, subnets:allocate and ranges:allocate find free places and take them, in one step that no
// other client can come between; several are all or none. With ?dry_run=true the answer is what would be taken. Thread rule: plain values.
#pragma once

#include "contract/address_plan.h"
#include "contract/change.h"

namespace ipam::contract {

enum class AddressStrategy { First, Next, Random, Sparse };
BOOST_DESCRIBE_ENUM(AddressStrategy, First, Next, Random, Sparse)

// POST /api/v1/addresses:allocate: finds free addresses and takes them, in one step that no other client can come between.
struct AllocateRequest {
  std::optional<std::string> space;
  std::string from;                                    // a prefix or first-last inside one subnet, or the id of a range
  std::optional<std::vector<std::string>> then_from;   // more such places, in order: where one is full the next one is taken from
  std::optional<std::uint32_t> count;                  // default 1, at most 1 000; all or none
  std::optional<AddressStrategy> strategy;             // default first
  std::optional<std::uint32_t> max_lease_age_seconds;  // refused as stale when lease data that is relied on is older
  std::optional<bool> refresh;                         // collect such leases first instead
  std::optional<std::uint32_t> hold_seconds;           // only held for so long, at most 30 days, unless it is confirmed by then
  std::optional<bool> check_ping;                      // pass over what answers ping
  std::optional<bool> check_dns;                       // pass over what DNS has a name for
  std::optional<ip::HardwareAddress> reserve;          // the client that the DHCP server shall give it to: makes the reservation too
  std::optional<std::string> dhcp_server;              // name or id, where several have a scope there
  std::optional<bool> dns;                             // makes the A or AAAA record of `name` too, and the PTR record
  std::optional<bool> ptr;                             // false: no PTR record
  std::optional<std::string> zone;                     // name or id, where several hold the name
  std::optional<std::string> dns_server;
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
BOOST_DESCRIBE_STRUCT(AllocateRequest, (),
                      (space, from, then_from, count, strategy, max_lease_age_seconds, refresh, hold_seconds, check_ping, check_dns, reserve,
                       dhcp_server, dns, ptr, zone, dns_server, state, name, hardware_address, description, owner, expires_at, assignment, managed_by,
                       service_instance, asset_tag, serial_number, operating_system, client_id, duid, iaid, custom_fields))

// A free address that somebody seems to use nevertheless, as far as was asked.
struct InUseUnrecorded {
  ip::Address address;
  std::string sign;  // "answers ping after 0.4 ms"
};
BOOST_DESCRIBE_STRUCT(InUseUnrecorded, (), (address, sign))

struct AllocateAnswer {
  std::vector<Address> addresses;
  std::uint64_t sequence = 0;                // journal sequence of the allocation, which is durable
  std::optional<Time> lease_data_as_of;      // oldest lease data that was relied on; null when no DHCP server serves the subnet
  std::vector<ServerChange> changes;         // that were made on DHCP and DNS servers
  std::vector<ServerPlan> plans;             // of a dry run: that would be made there
  std::vector<InUseUnrecorded> passed_over;  // because they showed signs of life; of a dry run: those of `addresses` that would be
};
BOOST_DESCRIBE_STRUCT(AllocateAnswer, (), (addresses, sequence, lease_data_as_of, changes, plans, passed_over))

enum class PrefixStrategy { First, Next, Random, Sparse, BestFit };
BOOST_DESCRIBE_ENUM(PrefixStrategy, First, Next, Random, Sparse, BestFit)

struct SubnetAllocateRequest {
  std::optional<std::string> space;
  std::string from;                    // a prefix, or the id of a block
  int length = 0;                      // of each new subnet
  std::optional<std::uint32_t> count;  // default 1, at most 1 000; all or none
  std::optional<PrefixStrategy> strategy;
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
BOOST_DESCRIBE_STRUCT(SubnetAllocateRequest, (),
                      (space, from, length, count, strategy, name, description, owner, vlans, vsid, cooldown_seconds, under_percent, over_percent,
                       custom_fields))

struct SubnetAllocateAnswer {
  std::vector<Subnet> subnets;
  std::uint64_t sequence = 0;  // journal sequence of the allocation, which is durable
};
BOOST_DESCRIBE_STRUCT(SubnetAllocateAnswer, (), (subnets, sequence))

struct RangeAllocateRequest {
  std::optional<std::string> space;
  std::string from;                    // a prefix or first-last inside one subnet
  std::uint64_t size = 0;              // addresses of each new range, side by side
  std::optional<std::uint32_t> count;  // of ranges: default 1, at most 32; all or none
  std::optional<AddressStrategy> strategy;
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
  std::optional<std::string> reverse_zone;
  std::optional<Time> assigned_at;
  std::optional<std::uint8_t> under_percent;
  std::optional<std::uint8_t> over_percent;
  std::optional<std::uint64_t> stated_used;
  std::optional<CustomFieldTexts> custom_fields;
};
BOOST_DESCRIBE_STRUCT(RangeAllocateRequest, (),
                      (space, from, size, count, strategy, name, managed_by, service_instance, description, owner, assignment, gateways, dns_servers,
                       dns_suffixes, connection_suffix, wins_servers, reverse_zone, assigned_at, under_percent, over_percent, stated_used,
                       custom_fields))

struct RangeAllocateAnswer {
  std::vector<Range> ranges;
  std::uint64_t sequence = 0;  // journal sequence of the allocation, which is durable
};
BOOST_DESCRIBE_STRUCT(RangeAllocateAnswer, (), (ranges, sequence))

}  // namespace ipam::contract
