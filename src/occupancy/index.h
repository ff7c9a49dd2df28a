// Index: all address spaces, for many readers and one writer.
//
// A reader works on a snapshot: an unchanging version of one space that costs O(1) to take. So readers never wait for the writer's work, nor it for
// theirs, however long they look; the lock is held only while a version is copied or replaced.
// Thread rule: `snapshot`, `with` and `spaces` may be called from any thread; `edit` and `publish` by one writer at a time.
#pragma once

#include "base/guarded.h"
#include "base/result.h"
#include "occupancy/space_index.h"

#include <absl/container/flat_hash_map.h>

#include <atomic>
#include <span>

namespace ipam::occupancy {

class Overlay;

class Index {
 public:
  // The space as it is now, or nothing when there is no such space.
  std::optional<SpaceIndex> snapshot(std::uint64_t space) const;
  std::vector<std::uint64_t> spaces() const;
  // Calls `read(const SpaceIndex&)` with a snapshot. Errors: NotFound.
  template <class Read>
  auto with(std::uint64_t space, Read&& read) const -> Result<std::invoke_result_t<Read, const SpaceIndex&>> {
    const std::optional<SpaceIndex> now = snapshot(space);
    if (!now) return Error(ErrorCode::NotFound, "there is no such address space");
    return std::forward<Read>(read)(*now);
  }

  // Makes the change of one space visible as a whole: for the load at start. The space is created when there is none. Nothing changes when
  // `change(SpaceIndex&)` throws.
  template <class Change>
  void edit(std::uint64_t space, Change&& change) {
    SpaceIndex draft = snapshot(space).value_or(SpaceIndex());
    std::forward<Change>(change)(draft);
    replace(space, std::move(draft));
  }

  // Makes a committed batch visible, all its spaces at once; the overlay is empty then. When a space has changed since the overlay first touched
  // it, its deltas are applied to what it is now.
  void publish(Overlay& overlay);
  // The same for deltas that were committed elsewhere. Throws LogicError, having changed nothing, when one of them cannot be.
  void publish(std::span<const SpaceDelta> deltas);

  // How far in the store's change feed this index is (0 without one). Set by the writer; read from any thread.
  std::uint64_t position() const { return position_.load(std::memory_order_acquire); }
  void set_position(std::uint64_t position) { position_.store(position, std::memory_order_release); }
  // Takes the place of all spaces and the position from an index that was loaded beside this one. Snapshots that were taken stay as they are.
  void take_over(Index& fresh);

 private:
  using Spaces = absl::flat_hash_map<std::uint64_t, SpaceIndex>;

  void replace(std::uint64_t space, SpaceIndex version);

  Guarded<Spaces> spaces_;
  std::atomic<std::uint64_t> position_ = 0;
};

}  // namespace ipam::occupancy
