#include "occupancy/range_index.h"

#include <limits>

namespace ipam::occupancy {

using ip::U128;

void Coverage::Traits::Summary::append(const Entry& entry) {
  Summary one;
  one.first = one.last = entry.place;
  one.depth = entry.change;
  one.any = true;
  append(one);
}

void Coverage::Traits::Summary::append(const Summary& next) {
  if (!next.any) return;
  if (!any) {
    *this = next;
    return;
  }
  const auto take = [this](std::int64_t level, U128 addresses) {
    if (addresses == 0 || (at_lowest != 0 && level > lowest)) return;
    at_lowest = at_lowest != 0 && level == lowest ? at_lowest + addresses : addresses;
    lowest = level;
  };
  take(depth, next.first - last);
  take(depth + next.lowest, next.at_lowest);
  last = next.last;
  depth += next.depth;
}

bool Coverage::Traits::Summary::operator==(const Summary& other) const {
  return any == other.any && first == other.first && last == other.last && depth == other.depth && lowest == other.lowest &&
         at_lowest == other.at_lowest;
}

void Coverage::change(U128 first, U128 last, ip::Family family, std::int64_t by) {
  const auto change_by = [](std::int64_t amount) {
    return [amount](Traits::Entry& entry) {
      entry.change += amount;
      return entry.change != 0;
    };
  };
  tree_.edit(first, change_by(by));
  if (last != ip::last_number(family)) tree_.edit(last + 1, change_by(-by));
}

U128 Coverage::uncovered_below(const Traits::Summary& summary, U128 end) {
  if (!summary.any) return end;
  U128 count = summary.first;
  if (summary.lowest == 0) count += summary.at_lowest;
  if (summary.depth == 0) count += end - summary.last;
  return count;
}

U128 Coverage::uncovered(U128 first, U128 last) const {
  const U128 count = uncovered_below(tree_.up_to(last), last + 1) - uncovered_below(tree_.below(first), first);
  const bool whole_v6 = first == 0 && last == ip::kMaxU128;
  return whole_v6 && tree_.empty() ? ip::kMaxU128 : count;
}

void RangeIndex::insert(const RangeEntry& entry) {
  const U128 last = entry.range.last().number();
  tree(entry.kind).edit({entry.range.first().number(), entry.id}, [last](Traits::Entry& kept) {
    kept.last = last;
    return true;
  });
  cover(entry.kind, entry.range.first().number(), last, 1);
}

void RangeIndex::erase(const RangeEntry& entry) {
  tree(entry.kind).edit({entry.range.first().number(), entry.id}, [](Traits::Entry&) { return false; });
  cover(entry.kind, entry.range.first().number(), entry.range.last().number(), -1);
}

void RangeIndex::cover(RangeKind kind, U128 first, U128 last, std::int64_t by) {
  if (kind == RangeKind::Offered) offered_.change(first, last, family_, by);
  if (kind == RangeKind::Offered || kind == RangeKind::Exclusion) told_.change(first, last, family_, by);
}

U128 RangeIndex::capacity(const ip::Range& range) const {
  const U128 first = range.first().number();
  const U128 last = range.last().number();
  if (offered_.empty()) return told_.uncovered(first, last);
  // Excluded is what is told of and not offered.
  const U128 excluded = offered_.uncovered(first, last) - told_.uncovered(first, last);
  return excluded == 0 ? range.size() : last - first + 1 - excluded;
}

ip::Range RangeIndex::range_of(const Traits::Entry& entry) const { return ip::Range::create({family_, entry.first}, {family_, entry.last}).value(); }

std::vector<RangeEntry> RangeIndex::overlapping(const ip::Range& range, std::size_t limit) const {
  std::vector<RangeEntry> found;
  const U128 first = range.first().number();
  const U128 last = range.last().number();
  for (const RangeKind kind : kSearchedRangeKinds) {
    tree(kind).walk([=](const Traits::Key& key, const Traits::Summary& below) { return key.first <= last && below.last >= first; },
                    [&](const Traits::Entry& entry) {
                      if (found.size() >= limit || entry.first > last) return false;
                      if (entry.last >= first) found.push_back({entry.id, range_of(entry), kind});
                      return true;
                    });
  }
  return found;
}

std::optional<U128> RangeIndex::blocked_until(U128 address, FreeSearch search) const {
  // Of all ranges that begin at or before the address, the one that reaches farthest holds the address if any does.
  const auto reach = [&](RangeKind kind) -> std::optional<U128> {
    const Traits::Summary farthest = tree(kind).up_to({address, std::numeric_limits<std::uint64_t>::max()});
    return farthest.any && farthest.last >= address ? std::optional<U128>(farthest.last) : std::nullopt;
  };
  std::optional<U128> until;
  for (const RangeKind kind : kSearchedRangeKinds) {
    if (search.passes_over(kind)) until = std::max(until, reach(kind));
  }
  return until;
}

std::optional<ip::Range> RangeIndex::next_open(U128 first, U128 last, FreeSearch search) const {
  while (const auto blocked = blocked_until(first, search)) {
    if (*blocked >= last) return std::nullopt;
    first = *blocked + 1;
  }
  // No range holds `first`, so whatever ends behind it begins behind it.
  U128 end = last;
  const auto stop_before = [&](RangeKind kind) {
    tree(kind).walk([first](const auto&, const Traits::Summary& below) { return below.last >= first; },
                    [&](const Traits::Entry& entry) {
                      if (entry.first < first) return true;
                      end = std::min<U128>(end, entry.first - 1);
                      return false;
                    });
  };
  for (const RangeKind kind : kSearchedRangeKinds) {
    if (search.passes_over(kind)) stop_before(kind);
  }
  return ip::Range::create({family_, first}, {family_, end}).value();
}

std::optional<std::string> RangeIndex::recount() const {
  for (const Tree& kind : trees_) {
    if (auto fault = kind.recount()) return "ranges: " + *fault;
  }
  Coverage offered;
  Coverage told;
  for (const RangeKind kind : {RangeKind::Exclusion, RangeKind::Offered}) {
    tree(kind).walk([](const auto&, const auto&) { return true; },
                    [&](const Traits::Entry& entry) {
                      if (kind == RangeKind::Offered) offered.change(entry.first, entry.last, family_, 1);
                      told.change(entry.first, entry.last, family_, 1);
                      return true;
                    });
  }
  const U128 last = ip::last_number(family_);
  for (const auto& [kept, again] : {std::pair(&offered_, &offered), std::pair(&told_, &told)}) {
    if (auto fault = kept->recount()) return "exclusions: " + *fault;
    if (kept->uncovered(0, last) != again->uncovered(0, last)) return "exclusions: their union differs from a recount";
  }
  return std::nullopt;
}

}  // namespace ipam::occupancy
