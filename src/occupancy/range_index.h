// RangeIndex: the ranges of one address space and family. They may overlap each other in any way.
//
// One tree a kind, ordered by first address, whose nodes know the greatest last address below them: the ranges that touch an address or a range are
// found in O(log n) and at most O(log n) an answer, and so is how far an address is blocked. Trees of the ends of exclusions and of what is offered
// know the measure of their unions, so capacity is exact without looking at one of them.
// Thread rule: not synchronized; copies cost O(1) and may be used in different threads.
#pragma once

#include "ip/range.h"
#include "occupancy/packed_number.h"
#include "occupancy/summary_tree.h"

#include <vector>

namespace ipam::occupancy {

// Offered: what a range gives out beside its own exclusions. It is capacity although another range excludes it, as the halves of a split scope do
// with each other's; it blocks nothing, and is no range that is looked for.
enum class RangeKind : std::uint8_t { Static, DhcpPool, Exclusion, Offered };
inline constexpr std::size_t kRangeKinds = 4;
inline constexpr std::array<RangeKind, 3> kSearchedRangeKinds = {RangeKind::Static, RangeKind::DhcpPool, RangeKind::Exclusion};

struct RangeEntry {
  std::uint64_t id = 0;
  ip::Range range;
  RangeKind kind = RangeKind::Static;

  bool operator==(const RangeEntry&) const = default;
};

// Whether the search for a free address passes over the ranges of a kind or looks inside.
enum class Blocking : std::uint8_t { PassOver, LookInside };

struct FreeSearch {
  Blocking dhcp_pools = Blocking::PassOver;
  Blocking exclusions = Blocking::PassOver;
  Blocking static_ranges = Blocking::LookInside;

  bool passes_over(RangeKind kind) const {
    switch (kind) {
      case RangeKind::Static: return static_ranges == Blocking::PassOver;
      case RangeKind::DhcpPool: return dhcp_pools == Blocking::PassOver;
      case RangeKind::Exclusion: return exclusions == Blocking::PassOver;
      case RangeKind::Offered: break;
    }
    return false;
  }
};

// The measure of a union of intervals that may overlap: entries are the places where the depth of cover changes.
class Coverage {
 public:
  // One more (1) or one less (-1) interval.
  void change(ip::U128 first, ip::U128 last, ip::Family family, std::int64_t by);
  // How many addresses of first..last no interval covers; 2^128 is answered as 2^128 - 1.
  ip::U128 uncovered(ip::U128 first, ip::U128 last) const;
  bool empty() const { return tree_.empty(); }
  std::optional<std::string> recount() const { return tree_.recount(); }

 private:
  struct Traits {
    using Key = ip::U128;
    struct Entry {
      PackedNumber place;
      std::int64_t change = 0;  // intervals that begin here minus intervals that ended just before
    };
    // Of the places p1 < … < pm: the depth after pm relative to the depth before p1, and how many addresses of p1..pm-1 lie at the lowest depth
    // that occurs there. Depth is never negative, so in the whole tree the addresses at depth 0, if any, are those at the lowest depth.
    struct Summary {
      PackedNumber first;
      PackedNumber last;
      std::int64_t depth = 0;
      std::int64_t lowest = 0;
      PackedNumber at_lowest;  // 0 when there is one place only, or none
      bool any = false;

      void append(const Entry& entry);
      void append(const Summary& next);
      bool operator==(const Summary& other) const;
    };
    static Entry make(const Key& key) { return {key, 0}; }
    static Key key(const Entry& entry) { return entry.place; }
  };

  // Modulo 2^128: the uncovered addresses below `end`, where `summary` is of all places below it.
  static ip::U128 uncovered_below(const Traits::Summary& summary, ip::U128 end);

  SummaryTree<Traits> tree_;
};

class RangeIndex {
 public:
  explicit RangeIndex(ip::Family family) : family_(family) {}

  // Insert needs an id that is not present with this kind and first address, erase exactly what was inserted.
  void insert(const RangeEntry& entry);
  void erase(const RangeEntry& entry);

  // By kind, then by first address; at most `limit`.
  std::vector<RangeEntry> overlapping(const ip::Range& range, std::size_t limit) const;
  // The last address of an unbroken stretch of blocking ranges that begins at or before the address and holds it; nothing when it is not blocked.
  // The address after may lie in another such stretch.
  std::optional<ip::U128> blocked_until(ip::U128 address, FreeSearch search) const;
  // The longest stretch from `first` on, not beyond `last`, that blocking ranges leave open: the first one that is not blocked begins it.
  std::optional<ip::Range> next_open(ip::U128 first, ip::U128 last, FreeSearch search) const;
  // How many addresses no exclusion holds, or something offers all the same; 2^128 is answered as 2^128 - 1.
  ip::U128 capacity(const ip::Range& range) const;
  std::optional<std::string> recount() const;

 private:
  struct Traits {
    struct Key {
      ip::U128 first = 0;
      std::uint64_t id = 0;
      bool operator<(const Key& other) const { return first != other.first ? first < other.first : id < other.id; }
    };
    struct Entry {
      PackedNumber first;
      PackedNumber last;
      std::uint64_t id = 0;
    };
    struct Summary {
      PackedNumber last;  // the greatest
      bool any = false;

      void append(const Entry& entry) { last = std::max<ip::U128>(last, entry.last), any = true; }
      void append(const Summary& other) { last = std::max<ip::U128>(last, other.last), any = any || other.any; }
      bool operator==(const Summary& other) const { return any == other.any && last == other.last; }
    };
    static Entry make(const Key& key) { return {key.first, {}, key.id}; }
    static Key key(const Entry& entry) { return {entry.first, entry.id}; }
  };
  using Tree = SummaryTree<Traits>;

  Tree& tree(RangeKind kind) { return trees_[static_cast<std::size_t>(kind)]; }
  const Tree& tree(RangeKind kind) const { return trees_[static_cast<std::size_t>(kind)]; }
  ip::Range range_of(const Traits::Entry& entry) const;
  void cover(RangeKind kind, ip::U128 first, ip::U128 last, std::int64_t by);

  ip::Family family_;
  std::array<Tree, kRangeKinds> trees_;
  Coverage offered_;
  Coverage told_;  // offered or excluded
};

}  // namespace ipam::occupancy
