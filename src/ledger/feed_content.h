// What an entry of the change feed carries to the ledgers of other nodes: the changes of the index in their order, and the tables that were touched,
// so that caches of their rows can be emptied.
//
// Form, all numbers as LEB128: version (1); count of tables, each its length and name; count of deltas, each its space, its kind (the alternative of
// occupancy::Delta) and its fields, addresses and prefixes as their keys with the length before them. A few bytes an address.
// Thread rule: pure functions.
#pragma once

#include "occupancy/delta.h"
#include "store/store.h"

#include <span>

namespace ipam::ledger {

struct FeedContent {
  std::vector<std::string> tables;
  std::vector<occupancy::SpaceDelta> deltas;
};

Bytes write_feed_content(const store::WriteSet& writes, std::span<const occupancy::SpaceDelta> deltas);
// Errors: Malformed.
Result<FeedContent> read_feed_content(ByteView bytes);

}  // namespace ipam::ledger
