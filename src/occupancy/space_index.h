// SpaceIndex: everything that lies in one address space, both families: blocks and subnets, ranges, and who holds which address.
//
// It is a value: a copy costs O(1) and shares its nodes with the original until one of them is changed, which then copies only the path it changes.
// A draft, a snapshot for a long reader and "what would be" are all just copies.
// Every change and query costs O(log n) or less, plus its answers. Nothing scans.
// A change that cannot be (a prefix entered twice, the release of an address that is not held) is a broken invariant: it throws LogicError and
// changes nothing. Thread rule: not synchronized; copies may be used in different threads.
#pragma once

#include "occupancy/delta.h"
#include "occupancy/v4_holdings.h"
#include "occupancy/v6_holdings.h"

#include <limits>

namespace ipam::occupancy {

inline constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

class SpaceIndex {
 public:
  SpaceIndex();

  // Prefixes. A block and a subnet may have the same prefix: then the block contains the subnet.
  void insert(const ip::Prefix& prefix, PrefixKind kind, std::uint64_t id);
  void erase(const ip::Prefix& prefix, PrefixKind kind);
  std::optional<std::uint64_t> find(const ip::Prefix& prefix, PrefixKind kind) const;
  // The innermost entry that contains the address or prefix.
  std::optional<PrefixEntry> longest_match(ip::Address address, std::optional<PrefixKind> kind = std::nullopt) const;
  std::optional<PrefixEntry> longest_match(const ip::Prefix& prefix, EqualPrefix equal, std::optional<PrefixKind> kind = std::nullopt) const;
  // All entries that contain it, outermost first.
  std::vector<PrefixEntry> chain(ip::Address address) const;
  std::vector<PrefixEntry> chain(const ip::Prefix& prefix, EqualPrefix equal) const;
  // What lies directly below the entry, in address order. The entry itself need not exist.
  std::vector<PrefixEntry> children(const ip::Prefix& parent, PrefixKind kind, std::size_t limit) const;
  // Entries that contain the prefix (outermost first), equal it or lie inside it (in address order), at most `limit`.
  std::vector<PrefixEntry> overlapping(const ip::Prefix& prefix, std::size_t limit) const;
  // The first prefix of this length inside `within` that no entry inside it overlaps. A block equal to `within` is the place that is searched; a
  // subnet equal to it leaves nothing free.
  std::optional<ip::Prefix> next_free_prefix(const ip::Prefix& within, int length) const { return next_free_prefix(within, length, within.first()); }
  // The same among those that do not begin before `from`.
  std::optional<ip::Prefix> next_free_prefix(const ip::Prefix& within, int length, ip::Address from) const;
  // Of the gaps inside `within` that hold a prefix of this length, the lowest of the smallest or largest. A gap is a free prefix that is not part of
  // a larger one.
  std::optional<ip::Prefix> prefix_gap(const ip::Prefix& within, int length, PrefixTrie::GapSize size) const;

  // Ranges, under ids of their own. They may overlap.
  void insert_range(std::uint64_t id, const ip::Range& range, RangeKind kind);
  void erase_range(std::uint64_t id);
  std::optional<RangeEntry> find_range(std::uint64_t id) const;
  // By kind, then by first address.
  std::vector<RangeEntry> ranges_containing(ip::Address address) const;
  std::vector<RangeEntry> ranges_overlapping(const ip::Range& range, std::size_t limit = kNoLimit) const;

  // Addresses. Each holder counts: the address is free again when the last one has released it.
  void acquire(ip::Address address, Holder holder);
  void release(ip::Address address, Holder holder);
  bool is_held(ip::Address address) const { return holders(address).held(); }
  HolderCounts holders(ip::Address address) const;
  // The first address that nobody holds and that lies in no blocking range.
  std::optional<ip::Address> next_free(const ip::Range& within, FreeSearch search = {}) const;
  // The same among the addresses after `after`.
  std::optional<ip::Address> next_free_after(ip::Address after, const ip::Range& within, FreeSearch search = {}) const;
  Usage usage(const ip::Range& range) const;
  // Of an IPv6 prefix of /64 or shorter: how many networks of /64 the subnets inside it take, and in how many an address is held.
  std::uint64_t networks_planned(const ip::Prefix& within) const;
  std::uint64_t networks_held(const ip::Prefix& within) const;
  // Stretches of `within` that no blocking range touches, in order, at most `limit`; each costs O(log n).
  std::vector<ip::Range> open_stretches(const ip::Range& within, FreeSearch search, std::size_t limit = kNoLimit) const;
  // Within one stretch, where ranges do not matter: how many addresses nobody holds (2^128 is answered as 2^128 - 1), which of them has `rank` others
  // below it, where the first run of `length` of them begins, and how long the longest run is.
  ip::U128 count_unheld(const ip::Range& stretch) const;
  std::optional<ip::Address> nth_unheld(const ip::Range& stretch, ip::U128 rank) const;
  std::optional<ip::Address> first_unheld_run(const ip::Range& stretch, ip::U128 length) const;
  ip::U128 longest_unheld_run(const ip::Range& stretch) const;

  // Any delta but the creation and dropping of spaces.
  void apply(const Delta& delta);
  bool empty() const;
  // Whether both are the very same version: copies of each other, neither changed since.
  bool same_version(const SpaceIndex& other) const { return body_.get() == other.body_.get(); }

  // Recounts every counter and summary from the leaves and says what differs: nothing, unless there is a defect. For tests and the audit.
  std::vector<std::string> recount() const;

 private:
  struct RangePlaceTraits {
    using Key = std::uint64_t;
    struct Entry {
      std::uint64_t id = 0;
      PackedNumber first;
      PackedNumber last;
      ip::Family family = ip::Family::V4;
      RangeKind kind = RangeKind::Static;
    };
    struct Summary {
      void append(const Entry&) {}
      void append(const Summary&) {}
      bool operator==(const Summary&) const = default;
    };
    static Entry make(const Key& key) { return {.id = key}; }
    static Key key(const Entry& entry) { return entry.id; }
  };
  struct Family {
    explicit Family(ip::Family family) : prefixes(family), ranges(family) {}
    PrefixTrie prefixes;
    RangeIndex ranges;
  };
  struct Body : SharedNode {
    Family v4{ip::Family::V4};
    Family v6{ip::Family::V6};
    SummaryTree<RangePlaceTraits> range_places;
    V4Holdings v4_holdings;
    V6Holdings v6_holdings;
  };

  Family& edit(ip::Family family) { return family == ip::Family::V4 ? body_.edit().v4 : body_.edit().v6; }
  const Family& of(ip::Family family) const { return family == ip::Family::V4 ? body_->v4 : body_->v6; }
  std::optional<ip::U128> next_unheld(ip::Family family, ip::U128 from) const;
  Totals totals(const ip::Range& range) const;

  CopyOnWrite<Body> body_;
};

}  // namespace ipam::occupancy
