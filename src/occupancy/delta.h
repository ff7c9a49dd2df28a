// Delta: one change of the index, with all that its inverse needs. Thread rule: plain values.
#pragma once

#include "occupancy/holder.h"
#include "occupancy/prefix_trie.h"
#include "occupancy/range_index.h"

#include <variant>

namespace ipam::occupancy {

struct PrefixAdded {
  PrefixEntry entry;
  bool operator==(const PrefixAdded&) const = default;
};
struct PrefixRemoved {
  PrefixEntry entry;
  bool operator==(const PrefixRemoved&) const = default;
};
struct RangeAdded {
  RangeEntry entry;
  bool operator==(const RangeAdded&) const = default;
};
struct RangeRemoved {
  RangeEntry entry;
  bool operator==(const RangeRemoved&) const = default;
};
struct AddressAcquired {
  ip::Address address;
  Holder holder = Holder::Static;
  bool operator==(const AddressAcquired&) const = default;
};
struct AddressReleased {
  ip::Address address;
  Holder holder = Holder::Static;
  bool operator==(const AddressReleased&) const = default;
};
// A whole address space, empty when it comes and when it goes. Not for SpaceIndex::apply: spaces belong to Overlay and Index.
struct SpaceCreated {
  bool operator==(const SpaceCreated&) const = default;
};
struct SpaceDropped {
  bool operator==(const SpaceDropped&) const = default;
};

using Delta = std::variant<PrefixAdded, PrefixRemoved, RangeAdded, RangeRemoved, AddressAcquired, AddressReleased, SpaceCreated, SpaceDropped>;

struct SpaceDelta {
  std::uint64_t space = 0;
  Delta delta;

  bool operator==(const SpaceDelta&) const = default;
};

// What undoes the change.
Delta inverse(const Delta& delta);

}  // namespace ipam::occupancy
