// Where the strategy "next" goes on: what was taken last in a place. Bookkeeping. Thread rule: plain values.
#pragma once

#include "model/address_plan.h"

namespace ipam::model {

struct AllocationCursor {
  Id<AddressSpace> space_id;
  ip::Prefix place;  // the subnet that addresses are taken from, or the prefix that subnets are cut from
  ip::Address last;

  bool operator==(const AllocationCursor&) const = default;
};
BOOST_DESCRIBE_STRUCT(AllocationCursor, (), (space_id, place, last))

}  // namespace ipam::model
