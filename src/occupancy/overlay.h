// Overlay: what one writer's batch has changed and not yet committed, on top of the index.
//
// It holds a draft, a copy-on-write copy, of each space it touches; so a query on `find_space(…)` answers exactly as the index will after the batch
// is published, and costs the same. After the commit `Index::publish(overlay)` puts the drafts in place; a batch that fails is dropped with its
// overlay. Thread rule: belongs to the one writer. The index must outlive it.
#pragma once

#include "occupancy/delta.h"
#include "occupancy/space_index.h"

#include <map>

namespace ipam::occupancy {

class Index;

class Overlay {
 public:
  // A place in the batch to roll back to.
  enum class Mark : std::size_t {};

  explicit Overlay(const Index& index) : index_(index) {}
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;

  // The space as the batch sees it, or null. Valid, and up to date, until the space is dropped or the overlay is published, taken or destroyed.
  const SpaceIndex* find_space(std::uint64_t space);
  // Throws LogicError when the space does not exist, a space that is created does, one that is dropped is not empty, or SpaceIndex refuses the
  // delta; then nothing has changed.
  void apply(std::uint64_t space, const Delta& delta);

  Mark mark() const { return Mark{deltas_.size()}; }
  // Undoes what was applied since the mark, as if it had never happened.
  void rollback_to(Mark mark);

  const std::vector<SpaceDelta>& deltas() const { return deltas_; }
  // The deltas in order; the overlay starts anew from the index as it is then.
  std::vector<SpaceDelta> take();

 private:
  friend class Index;
  struct Draft {
    std::optional<SpaceIndex> origin;  // nothing: there was no such space
    std::optional<SpaceIndex> now;     // nothing: there is none any more
  };

  Draft& draft(std::uint64_t space);

  const Index& index_;
  std::map<std::uint64_t, Draft> drafts_;
  std::vector<SpaceDelta> deltas_;
};

// Applies a delta to a space that may not exist yet, or no longer. Throws as Overlay::apply does.
void apply_to(std::optional<SpaceIndex>& space, const Delta& delta);

}  // namespace ipam::occupancy
