#include "occupancy/v6_holdings.h"

namespace ipam::occupancy {

void V6Holdings::acquire(ip::U128 address, Holder holder) {
  tree_.edit(address, [holder](Traits::Entry& entry) {
    ++entry.counts.of(holder);
    return true;
  });
}

void V6Holdings::release(ip::U128 address, Holder holder) {
  tree_.edit(address, [holder](Traits::Entry& entry) {
    --entry.counts.of(holder);
    return entry.counts.held();
  });
}

HolderCounts V6Holdings::holders(ip::U128 address) const {
  const Traits::Entry* entry = tree_.find(address);
  return entry == nullptr ? HolderCounts{} : entry->counts;
}

Totals V6Holdings::count(ip::U128 first, ip::U128 last) const {
  Totals totals;
  totals += tree_.up_to(last).tally;
  totals -= tree_.below(first).tally;
  return totals;
}

// The first address from `from` on that is not held in this subtree, whose span `from` lies in. It may be the address after the last one below:
// then it is for the caller to look on. 0 stands for the end of the address space, which only a held `from` can reach.
ip::U128 V6Holdings::end_of_run(const Tree::Node& node, ip::U128 from) {
  if (node.leaf) {
    const Tree::Leaf& leaf = Tree::as_leaf(node);
    const auto* entry = std::partition_point(leaf.begin(), leaf.end(), [from](const Traits::Entry& other) { return other.address < from; });
    const auto* end = std::partition_point(
        entry, leaf.end(), [entry, from](const Traits::Entry& other) { return other.address - from == static_cast<ip::U128>(&other - entry); });
    return from + static_cast<ip::U128>(end - entry);
  }
  const Tree::Inner& inner = Tree::as_inner(node);
  const auto* link = std::partition_point(inner.begin() + 1, inner.end(), [from](const Tree::Link& other) { return other.first <= from; }) - 1;
  from = end_of_run(*link->child, from);
  while (++link != inner.end() && link->first == from) {
    const auto* next = link + 1;
    const bool solid = next != inner.end() && next->first - link->first == link->summary.addresses;
    from = solid ? next->first : end_of_run(*link->child, from);
  }
  return from;
}

std::optional<ip::U128> V6Holdings::next_unheld(ip::U128 from) const {
  if (tree_.empty()) return from;
  const ip::U128 found = end_of_run(*tree_.root(), from);
  return found < from ? std::nullopt : std::optional(found);
}

std::optional<std::string> V6Holdings::recount() const {
  if (auto fault = tree_.recount()) return "IPv6 holders: " + *fault;
  bool held = true;
  tree_.walk([](const auto&, const auto&) { return true; }, [&held](const Traits::Entry& entry) { return held = entry.counts.held(); });
  return held ? std::nullopt : std::optional<std::string>("IPv6 holders: an address without a holder is kept");
}

}  // namespace ipam::occupancy
