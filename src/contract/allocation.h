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
  std::optional<std::uint16_t> vlan;
  std::optional<std::string> description;
  std::optional<std::string> owner;
};
BOOST_DESCRIBE_STRUCT(SubnetAllocateRequest, (), (space, from, length, count, strategy, name, vlan, description, owner))

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
};
BOOST_DESCRIBE_STRUCT(RangeAllocateRequest, (), (space, from, size, count, strategy, name, managed_by, service_instance, description, owner))

struct RangeAllocateAnswer {
  std::vector<Range> ranges;
  std::uint64_t sequence = 0;  // journal sequence of the allocation, which is durable
};
BOOST_DESCRIBE_STRUCT(RangeAllocateAnswer, (), (ranges, sequence))

}  // namespace ipam::contract
