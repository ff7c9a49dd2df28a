// NaiveModel: what SpaceIndex promises, told with std::map and loops that scan everything; and a generator of random changes that collide often.
// Thread rule: not synchronized.
#pragma once

#include "occupancy/free_search.h"

#include <map>
#include <random>

namespace ipam::occupancy {

class NaiveModel {
 public:
  void apply(const Delta& delta);

  std::vector<PrefixEntry> chain(const ip::Prefix& prefix, EqualPrefix equal) const;
  std::vector<PrefixEntry> children(const ip::Prefix& parent, PrefixKind kind) const;
  std::vector<PrefixEntry> overlapping(const ip::Prefix& prefix) const;
  std::optional<ip::Prefix> next_free_prefix(const ip::Prefix& within, int length) const;
  std::vector<RangeEntry> ranges_overlapping(const ip::Range& range) const;
  HolderCounts holders(ip::Address address) const;
  std::optional<ip::Address> next_free(const ip::Range& within, FreeSearch search) const;
  Usage usage(const ip::Range& range) const;
  // Of an IPv6 prefix, from /1 to /64.
  std::uint64_t networks_planned(const ip::Prefix& within) const;
  std::uint64_t networks_held(const ip::Prefix& within) const;
  // The stretches of free addresses in `within`, each as long as can be, in order.
  std::vector<ip::Range> free_runs(const ip::Range& within, FreeSearch search) const;
  // The gaps between the prefixes inside `within`, in order.
  std::vector<ip::Prefix> gaps(const ip::Prefix& within) const;

  // Whether an entry inside `within` overlaps the prefix.
  bool is_taken(const ip::Prefix& prefix, const ip::Prefix& within) const;

  std::map<std::pair<ip::Prefix, PrefixKind>, std::uint64_t> prefixes;
  std::map<std::uint64_t, RangeEntry> ranges;
  std::map<ip::Address, HolderCounts> addresses;
};

class RandomChanges {
 public:
  explicit RandomChanges(std::uint64_t seed) : random_(seed) {}

  // A change that is possible in the state of the model.
  Delta next(const NaiveModel& model);
  // Places of the kind that changes happen at: few, close together, and at the ends of the families.
  ip::Address address();
  ip::Prefix prefix();
  ip::Range range();
  std::uint64_t below(std::uint64_t limit) { return std::uniform_int_distribution<std::uint64_t>(0, limit - 1)(random_); }

 private:
  std::mt19937_64 random_;
  std::uint64_t next_id_ = 1;
};

// What is chosen by each strategy, asked of both. Answers the first difference, or an empty text.
std::string difference_of_choices(const SpaceIndex& index, const NaiveModel& model, RandomChanges& random);
// Asks both everything at some random places and recounts the index. Answers the first difference, or an empty text.
std::string difference(const SpaceIndex& index, const NaiveModel& model, RandomChanges& random, int places);

}  // namespace ipam::occupancy
