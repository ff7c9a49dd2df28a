// NodePresence: which nodes work with a database that several share. Bookkeeping: a row is a node's sign of life, renewed while it lives
// (service/operation/presence.h). Thread rule: plain values.
#pragma once

#include "store/table.h"

namespace ipam::store {

struct NodePresence {
  std::string node;  // as ChangeFeed::node
  Time until{};      // when it counts as gone, by the database's clock

  bool operator==(const NodePresence&) const = default;
};
BOOST_DESCRIBE_STRUCT(NodePresence, (), (node, until))

template <>
struct TableInfo<NodePresence> {
  static constexpr std::string_view name = "node_presence";
  static constexpr std::size_t key_columns = 1;
  static constexpr bool versioned = false;
};

}  // namespace ipam::store
