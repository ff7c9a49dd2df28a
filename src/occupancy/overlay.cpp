#include "occupancy/overlay.h"

#include "base/assert.h"
#include "occupancy/index.h"

namespace ipam::occupancy {

void apply_to(std::optional<SpaceIndex>& space, const Delta& delta) {
  if (std::holds_alternative<SpaceCreated>(delta)) {
    IPAM_ASSERT(!space, "a space is created twice");
    space.emplace();
    return;
  }
  IPAM_ASSERT(space, "there is no such space");
  if (std::holds_alternative<SpaceDropped>(delta)) {
    IPAM_ASSERT(space->empty(), "a space is dropped that is not empty");
    space.reset();
  } else {
    space->apply(delta);
  }
}

Overlay::Draft& Overlay::draft(std::uint64_t space) {
  const auto [at, created] = drafts_.try_emplace(space);
  if (created) {
    at->second.origin = index_.snapshot(space);
    at->second.now = at->second.origin;
  }
  return at->second;
}

const SpaceIndex* Overlay::find_space(std::uint64_t space) {
  const std::optional<SpaceIndex>& now = draft(space).now;
  return now ? &*now : nullptr;
}

void Overlay::apply(std::uint64_t space, const Delta& delta) {
  deltas_.push_back({space, delta});
  try {
    apply_to(draft(space).now, delta);
  } catch (...) {
    deltas_.pop_back();
    throw;
  }
}

void Overlay::rollback_to(Mark mark) {
  const auto size = static_cast<std::size_t>(mark);
  IPAM_ASSERT(size <= deltas_.size(), "rolled back to a mark that was rolled back itself");
  while (deltas_.size() > size) {
    apply_to(draft(deltas_.back().space).now, inverse(deltas_.back().delta));
    deltas_.pop_back();
  }
}

std::vector<SpaceDelta> Overlay::take() {
  drafts_.clear();
  return std::exchange(deltas_, {});
}

}  // namespace ipam::occupancy
