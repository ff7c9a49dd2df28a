#include "occupancy/v6_holdings.h"

namespace ipam::occupancy {

using ip::U128;

void V6Holdings::acquire(U128 address, Holder holder) {
  tree_.edit(address, [holder](Traits::Entry& entry) {
    ++entry.counts.of(holder);
    return true;
  });
}

void V6Holdings::release(U128 address, Holder holder) {
  tree_.edit(address, [holder](Traits::Entry& entry) {
    --entry.counts.of(holder);
    return entry.counts.held();
  });
}

HolderCounts V6Holdings::holders(U128 address) const {
  const Traits::Entry* entry = tree_.find(address);
  return entry == nullptr ? HolderCounts{} : entry->counts;
}

Totals V6Holdings::count(U128 first, U128 last) const {
  Totals totals;
  totals += tree_.up_to(last).tally;
  totals -= tree_.below(first).tally;
  return totals;
}

std::uint64_t V6Holdings::count_networks(U128 first, U128 last) const { return tree_.up_to(last).networks - tree_.below(first).networks; }

template <class Holds>
V6Holdings::Place V6Holdings::last_where(Holds&& holds) const {
  Place place;
  const Tree::Node* node = tree_.root();
  if (node == nullptr) return place;
  while (!node->leaf) {
    const Tree::Inner& inner = Tree::as_inner(*node);
    const auto* link = std::partition_point(inner.begin(), inner.end(),
                                            [&](const Tree::Link& other) { return holds(other.first, place.count + other.before.tally.held); });
    if (link == inner.begin()) return place;
    place.count += (link - 1)->before.tally.held;
    node = (link - 1)->child.get();
  }
  const Tree::Leaf& leaf = Tree::as_leaf(*node);
  const auto* end = std::partition_point(leaf.begin(), leaf.end(), [&](const Traits::Entry& entry) {
    return holds(entry.address, place.count + static_cast<std::uint32_t>(&entry - leaf.begin()));
  });
  place.count += static_cast<std::uint32_t>(end - leaf.begin());
  if (end != leaf.begin()) place.last = end - 1;
  return place;
}

std::optional<U128> V6Holdings::next_unheld(U128 from) const {
  const Place at = last_where([from](U128 address, std::uint32_t /*rank*/) { return address <= from; });
  if (at.last == nullptr || at.last->address != from) return from;
  // Address minus rank never falls, and stays the same exactly while there is no gap.
  const U128 offset = from - (at.count - 1);
  const Place end = last_where([offset](U128 address, std::uint32_t rank) { return address - rank <= offset; });
  const U128 found = offset + end.count;
  return found == 0 ? std::nullopt : std::optional(found);  // 0: past the last address
}

std::optional<U128> V6Holdings::nth_unheld(U128 rank) const {
  // Address minus rank is how many free addresses lie below a held one.
  const Place below = last_where([rank](U128 address, std::uint32_t held) { return address - held <= rank; });
  const U128 found = rank + below.count;
  return found < rank ? std::nullopt : std::optional(found);
}

bool V6Holdings::find_run(U128 first, U128 last, RunSearch& search) const {
  bool found = false;
  tree_.walk(
      [&](U128 begin, const Traits::Summary& below) {
        if (below.last < first) return false;
        if (begin < first || below.last > last) return true;
        return !search.pass(begin, below.last, FreeRuns<U128>{0, 0, below.widest});
      },
      [&](const Traits::Entry& entry) {
        if (entry.address < first) return true;
        if (entry.address > last) return false;
        if ((found = search.close(entry.address))) return false;
        search.open_after(entry.address);
        return true;
      });
  return found || search.finish(last);
}

std::optional<U128> V6Holdings::first_run(U128 first, U128 last, U128 length) const {
  RunSearch search(first, length);
  return find_run(first, last, search) ? std::optional(search.open()) : std::nullopt;
}

U128 V6Holdings::longest_run(U128 first, U128 last) const {
  RunSearch search(first, ip::kMaxU128);
  find_run(first, last, search);
  return search.longest();
}

std::optional<std::string> V6Holdings::recount() const {
  if (auto fault = tree_.recount()) return "IPv6 holders: " + *fault;
  bool held = true;
  tree_.walk([](const auto&, const auto&) { return true; }, [&held](const Traits::Entry& entry) { return held = entry.counts.held(); });
  return held ? std::nullopt : std::optional<std::string>("IPv6 holders: an address without a holder is kept");
}

}  // namespace ipam::occupancy
