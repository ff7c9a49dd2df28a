// Operations on whole subnets in the API: POST /api/v1/subnets/{id}:split, subnets:merge, subnets/{id}:resize and subnets:plan. Each is one
// transaction; with ?dry_run=true it is a preview. Thread rule: plain values.
#pragma once

#include "contract/address_plan.h"

namespace ipam::contract {

// Either all prefixes of a length, or those named; what these leave out is free afterwards and must be empty.
struct SubnetSplitRequest {
  std::optional<int> length;
  std::optional<std::vector<ip::Prefix>> prefixes;
};
BOOST_DESCRIBE_STRUCT(SubnetSplitRequest, (), (length, prefixes))

struct SubnetMergeRequest {
  std::vector<ObjectId> subnets;  // the lowest stays and grows to the prefix that holds all
};
BOOST_DESCRIBE_STRUCT(SubnetMergeRequest, (), (subnets))

// Either the prefix of this length at the same place, or this one.
struct SubnetResizeRequest {
  std::optional<int> length;
  std::optional<ip::Prefix> prefix;
};
BOOST_DESCRIBE_STRUCT(SubnetResizeRequest, (), (length, prefix))

struct WantedSubnet {
  std::optional<int> length;           // either this
  std::optional<std::uint64_t> hosts;  // or the longest length that has room for so many hosts
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
BOOST_DESCRIBE_STRUCT(WantedSubnet, (),
                      (length, hosts, name, description, owner, vlans, vsid, cooldown_seconds, under_percent, over_percent, custom_fields))

struct SubnetPlanRequest {
  std::optional<std::string> space;
  std::string from;                   // a prefix, or the id of a block
  std::vector<WantedSubnet> subnets;  // at most 1 000; all or none
};
BOOST_DESCRIBE_STRUCT(SubnetPlanRequest, (), (space, from, subnets))

struct SubnetsAnswer {
  std::vector<Subnet> subnets;
  std::uint64_t sequence = 0;  // journal sequence of the change, which is durable
};
BOOST_DESCRIBE_STRUCT(SubnetsAnswer, (), (subnets, sequence))

}  // namespace ipam::contract
