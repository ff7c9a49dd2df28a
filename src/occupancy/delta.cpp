#include "occupancy/delta.h"

namespace ipam::occupancy {
namespace {

struct Inverse {
  Delta operator()(const PrefixAdded& delta) const { return PrefixRemoved{delta.entry}; }
  Delta operator()(const PrefixRemoved& delta) const { return PrefixAdded{delta.entry}; }
  Delta operator()(const RangeAdded& delta) const { return RangeRemoved{delta.entry}; }
  Delta operator()(const RangeRemoved& delta) const { return RangeAdded{delta.entry}; }
  Delta operator()(const AddressAcquired& delta) const { return AddressReleased{delta.address, delta.holder}; }
  Delta operator()(const AddressReleased& delta) const { return AddressAcquired{delta.address, delta.holder}; }
  Delta operator()(const SpaceCreated&) const { return SpaceDropped{}; }
  Delta operator()(const SpaceDropped&) const { return SpaceCreated{}; }
};

}  // namespace

Delta inverse(const Delta& delta) { return std::visit(Inverse{}, delta); }

}  // namespace ipam::occupancy
