// What a pass has learnt against what is stored: which rows are written, which are forgotten. Thread rule: pure functions.
#pragma once

#include "service/discovery/managed_places.h"
#include "service/discovery/probes.h"

namespace ipam::service {

// A server that the pass found.
struct Finding {
  Probe probe;
  Recognition recognition;
  model::Id<model::DiscoveryTarget> target_id;
};

struct DiscoveryMerge {
  struct Change {
    model::DiscoveredServer row;  // without an id: a new one
    std::optional<model::Id<model::ManagedServer>> server_before;
  };
  std::vector<Change> put;
  std::vector<model::DiscoveredServer> forgotten;
  std::size_t found = 0;
  std::size_t fresh = 0;
  std::size_t managed = 0;
  std::size_t gone = 0;  // since the pass before
};

// `complete` are the targets whose every question was put to its end: of theirs, what was not found is gone.
DiscoveryMerge merge_discovery(const std::vector<model::DiscoveredServer>& stored, const std::vector<Finding>& findings,
                               const std::set<std::uint64_t>& complete, const ManagedPlaces& places, Time now, Duration forget_after);

}  // namespace ipam::service
