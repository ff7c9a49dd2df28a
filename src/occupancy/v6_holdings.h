// V6Holdings: who holds each IPv6 address, as an order-statistic B+-tree of the held addresses.
//
// Keys are sorted and distinct, so the address at rank r + k is the address at rank r plus k exactly while there is no gap between them: the end of
// a run of held addresses is found by one descent, however long the run.
// Thread rule: not synchronized; copies cost O(1) and may be used in different threads.
#pragma once

#include "occupancy/holder.h"
#include "occupancy/packed_number.h"
#include "occupancy/run_search.h"
#include "occupancy/summary_tree.h"

namespace ipam::occupancy {

class V6Holdings {
 public:
  // Release needs a holder of that kind, acquire fewer than kMaxHoldersOfKind: the caller has checked `holders`.
  void acquire(ip::U128 address, Holder holder);
  void release(ip::U128 address, Holder holder);
  HolderCounts holders(ip::U128 address) const;
  Totals count(ip::U128 first, ip::U128 last) const;
  // In how many networks of /64 an address is held. `first` begins one, `last` ends one.
  std::uint64_t count_networks(ip::U128 first, ip::U128 last) const;
  std::optional<ip::U128> next_unheld(ip::U128 from) const;
  // The free address that has `rank` free ones below it.
  std::optional<ip::U128> nth_unheld(ip::U128 rank) const;
  // The first address of the first run of `length` free addresses within first..last.
  std::optional<ip::U128> first_run(ip::U128 first, ip::U128 last, ip::U128 length) const;
  // How many free addresses lie side by side there, at most; 2^128 is answered as 2^128 - 1.
  ip::U128 longest_run(ip::U128 first, ip::U128 last) const;
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
      Tally tally;
      PackedNumber first;
      PackedNumber last;
      PackedNumber widest;         // of the runs of free addresses between two of these
      std::uint32_t networks = 0;  // of /64 that these lie in

      void append(const Entry& entry) {
        if (tally.held == 0) {
          first = entry.address;
          networks = 1;
        } else {
          widest = std::max<ip::U128>(widest, entry.address - last - 1);
          networks += entry.address.high != last.high ? 1 : 0;
        }
        last = entry.address;
        tally += Tally::of(entry.counts);
      }
      void append(const Summary& next) {
        if (next.tally.held == 0) return;
        if (tally.held == 0) {
          *this = next;
          return;
        }
        widest = std::max<ip::U128>({widest, next.widest, next.first - last - 1});
        networks += next.networks - (next.first.high == last.high ? 1 : 0);
        last = next.last;
        tally += next.tally;
      }
      bool operator==(const Summary& other) const {
        return tally == other.tally && first == other.first && last == other.last && widest == other.widest && networks == other.networks;
      }
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
  // Takes the search through the addresses of first..last; whether it ended with a run that is long enough.
  bool find_run(ip::U128 first, ip::U128 last, RunSearch& search) const;

  Tree tree_;
};

}  // namespace ipam::occupancy
