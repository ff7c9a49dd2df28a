// Allocation of subnets and ranges in the API: POST /api/v1/subnets:allocate and ranges:allocate find free places and take them, in one step that no
// other client can come between; several are all or none. With ?dry_run=true the answer is what would be taken. For addresses see address_plan.h.
// Thread rule: plain values.
#pragma once

#include "contract/address_plan.h"

namespace ipam::contract {

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
