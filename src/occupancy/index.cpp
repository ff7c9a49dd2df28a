#include "occupancy/index.h"

#include "occupancy/overlay.h"

#include <algorithm>

namespace ipam::occupancy {

std::optional<SpaceIndex> Index::snapshot(std::uint64_t space) const {
  const auto locked = spaces_.lock();
  const auto at = locked->find(space);
  return at == locked->end() ? std::nullopt : std::optional(at->second);
}

std::vector<std::uint64_t> Index::spaces() const {
  std::vector<std::uint64_t> ids;
  spaces_.with([&ids](const Spaces& spaces) {
    for (const auto& [id, space] : spaces) ids.push_back(id);
  });
  std::sort(ids.begin(), ids.end());
  return ids;
}

void Index::publish(Overlay& overlay) {
  // Old versions are freed when `drafts` goes, after the lock: that may take a while.
  std::map<std::uint64_t, Overlay::Draft> drafts = std::exchange(overlay.drafts_, {});
  const std::vector<SpaceDelta> deltas = std::exchange(overlay.deltas_, {});
  for (auto& [space, draft] : drafts) {
    const std::optional<SpaceIndex> now = snapshot(space);
    const bool unchanged = now.has_value() == draft.origin.has_value() && (!now || now->same_version(*draft.origin));
    if (unchanged) continue;
    draft.now = now;
    for (const SpaceDelta& delta : deltas) {
      if (delta.space == space) apply_to(draft.now, delta.delta);
    }
  }
  const auto locked = spaces_.lock();
  for (auto& [space, draft] : drafts) {
    if (!draft.now) {
      locked->erase(space);
    } else {
      std::swap((*locked)[space], *draft.now);
    }
  }
}

void Index::publish(std::span<const SpaceDelta> deltas) {
  Overlay overlay(*this);
  for (const SpaceDelta& delta : deltas) overlay.apply(delta.space, delta.delta);
  publish(overlay);
}

void Index::take_over(Index& fresh) {
  Spaces spaces;
  std::swap(*fresh.spaces_.lock(), spaces);
  std::swap(*spaces_.lock(), spaces);  // the old versions are freed with the local, after the lock
  set_position(fresh.position());
}

void Index::replace(std::uint64_t space, SpaceIndex version) {  // the old version is freed with the parameter, after the lock
  const auto locked = spaces_.lock();
  std::swap((*locked)[space], version);
}

}  // namespace ipam::occupancy
