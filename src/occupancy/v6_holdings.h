// V6Holdings: who holds each IPv6 address, as an order-statistic B+-tree of the held addresses.
//
// Keys are sorted and distinct, so the address at rank r + k is the address at rank r plus k exactly while there is no gap between them: the end of
// a run of held addresses is found by one descent, however long the run.
// Thread rule: not synchronized; copies cost O(1) and may be used in different threads.
#pragma once

#include "occupancy/holder.h"
#include "occupancy/packed_number.h"
#include "occupancy/summary_tree.h"

namespace ipam::occupancy {

class V6Holdings {
 public:
  // Release needs a holder of that kind, acquire fewer than kMaxHoldersOfKind: the caller has checked `holders`.
  void acquire(ip::U128 address, Holder holder);
  void release(ip::U128 address, Holder holder);
  HolderCounts holders(ip::U128 address) const;
  Totals count(ip::U128 first, ip::U128 last) const;
  std::optional<ip::U128> next_unheld(ip::U128 from) const;
  bool empty() const { return tree_.empty(); }
  std::optional<std::string> recount() const;

 private:
  struct Traits {
    using Key = ip::U128;
    struct Entry {
      PackedNumber address;
      HolderCounts counts;
    };
    struct Summary {
      std::uint32_t addresses = 0;
      Tally tally;

      void append(const Entry& entry) { ++addresses, tally += Tally::of(entry.counts); }
      void append(const Summary& other) { addresses += other.addresses, tally += other.tally; }
      bool operator==(const Summary&) const = default;
    };
    static Entry make(const Key& key) { return {key, {}}; }
    static Key key(const Entry& entry) { return entry.address; }
  };
  using Tree = SummaryTree<Traits>;
  static_assert(sizeof(Traits::Entry) == 24);

  // How many entries, from the first on, a condition on address and rank holds for that never holds again once it does not; and the last of them.
  struct Place {
    std::uint32_t count = 0;
    const Traits::Entry* last = nullptr;
  };
  template <class Holds>
  Place last_where(Holds&& holds) const;

  Tree tree_;
};

}  // namespace ipam::occupancy
