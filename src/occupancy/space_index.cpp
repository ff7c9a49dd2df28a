#include "occupancy/space_index.h"

#include "base/assert.h"

#include <fmt/format.h>

namespace ipam::occupancy {
namespace {

using ip::Address;
using ip::U128;

std::uint32_t v4_number(Address address) { return static_cast<std::uint32_t>(address.number()); }
ip::Prefix host_prefix(Address address) { return ip::Prefix::containing(address, ip::bit_count(address.family())); }

}  // namespace

SpaceIndex::SpaceIndex() : body_(CopyOnWrite<Body>::make()) {}

void SpaceIndex::insert(const ip::Prefix& prefix, PrefixKind kind, std::uint64_t id) {
  IPAM_ASSERT(!find(prefix, kind), fmt::format("{} is entered twice", prefix.to_string()));
  edit(prefix.family()).prefixes.insert(prefix, kind, id);
}

void SpaceIndex::erase(const ip::Prefix& prefix, PrefixKind kind) {
  IPAM_ASSERT(find(prefix, kind), fmt::format("{} is not entered", prefix.to_string()));
  edit(prefix.family()).prefixes.erase(prefix, kind);
}

std::optional<std::uint64_t> SpaceIndex::find(const ip::Prefix& prefix, PrefixKind kind) const {
  return of(prefix.family()).prefixes.find(prefix, kind);
}

std::optional<PrefixEntry> SpaceIndex::longest_match(Address address, std::optional<PrefixKind> kind) const {
  return longest_match(host_prefix(address), EqualPrefix::Counts, kind);
}

std::optional<PrefixEntry> SpaceIndex::longest_match(const ip::Prefix& prefix, EqualPrefix equal, std::optional<PrefixKind> kind) const {
  return of(prefix.family()).prefixes.longest_match(prefix, equal, kind);
}

std::vector<PrefixEntry> SpaceIndex::chain(Address address) const { return chain(host_prefix(address), EqualPrefix::Counts); }

std::vector<PrefixEntry> SpaceIndex::chain(const ip::Prefix& prefix, EqualPrefix equal) const {
  return of(prefix.family()).prefixes.chain(prefix, equal);
}

std::vector<PrefixEntry> SpaceIndex::children(const ip::Prefix& parent, PrefixKind kind, std::size_t limit) const {
  return of(parent.family()).prefixes.children(parent, kind, limit);
}

std::vector<PrefixEntry> SpaceIndex::overlapping(const ip::Prefix& prefix, std::size_t limit) const {
  std::vector<PrefixEntry> entries = chain(prefix, EqualPrefix::DoesNotCount);
  if (entries.size() > limit) entries.resize(limit);
  const std::vector<PrefixEntry> inside = of(prefix.family()).prefixes.inside(prefix, limit - entries.size());
  entries.insert(entries.end(), inside.begin(), inside.end());
  return entries;
}

std::optional<ip::Prefix> SpaceIndex::next_free_prefix(const ip::Prefix& within, int length, Address from) const {
  return of(within.family()).prefixes.next_free(within, length, from);
}

std::optional<ip::Prefix> SpaceIndex::prefix_gap(const ip::Prefix& within, int length, PrefixTrie::GapSize size) const {
  return of(within.family()).prefixes.gap(within, length, size);
}

void SpaceIndex::insert_range(std::uint64_t id, const ip::Range& range, RangeKind kind) {
  IPAM_ASSERT(!find_range(id), fmt::format("range {} is entered twice", id));
  edit(range.family()).ranges.insert({id, range, kind});
  body_.edit().range_places.edit(id, [&](RangePlaceTraits::Entry& place) {
    place = {id, range.first().number(), range.last().number(), range.family(), kind};
    return true;
  });
}

void SpaceIndex::erase_range(std::uint64_t id) {
  const std::optional<RangeEntry> entry = find_range(id);
  IPAM_ASSERT(entry, fmt::format("range {} is not entered", id));
  edit(entry->range.family()).ranges.erase(*entry);
  body_.edit().range_places.edit(id, [](RangePlaceTraits::Entry&) { return false; });
}

std::optional<RangeEntry> SpaceIndex::find_range(std::uint64_t id) const {
  const RangePlaceTraits::Entry* place = body_->range_places.find(id);
  if (place == nullptr) return std::nullopt;
  return RangeEntry{id, ip::Range::create({place->family, place->first}, {place->family, place->last}).value(), place->kind};
}

std::vector<RangeEntry> SpaceIndex::ranges_containing(Address address) const { return ranges_overlapping(host_prefix(address)); }

std::vector<RangeEntry> SpaceIndex::ranges_overlapping(const ip::Range& range, std::size_t limit) const {
  return of(range.family()).ranges.overlapping(range, limit);
}

void SpaceIndex::acquire(Address address, Holder holder) {
  IPAM_ASSERT(holders(address).of(holder) < kMaxHoldersOfKind, fmt::format("{} has too many holders of one kind", address.to_string()));
  if (address.family() == ip::Family::V4) {
    body_.edit().v4_holdings.acquire(v4_number(address), holder);
  } else {
    body_.edit().v6_holdings.acquire(address.number(), holder);
  }
}

void SpaceIndex::release(Address address, Holder holder) {
  IPAM_ASSERT(holders(address).of(holder) > 0, fmt::format("{} is released but not held", address.to_string()));
  if (address.family() == ip::Family::V4) {
    body_.edit().v4_holdings.release(v4_number(address), holder);
  } else {
    body_.edit().v6_holdings.release(address.number(), holder);
  }
}

HolderCounts SpaceIndex::holders(Address address) const {
  return address.family() == ip::Family::V4 ? body_->v4_holdings.holders(v4_number(address)) : body_->v6_holdings.holders(address.number());
}

std::optional<U128> SpaceIndex::next_unheld(ip::Family family, U128 from) const {
  if (family == ip::Family::V6) return body_->v6_holdings.next_unheld(from);
  const auto found = body_->v4_holdings.next_unheld(static_cast<std::uint32_t>(from));
  return found ? std::optional<U128>(*found) : std::nullopt;
}

std::optional<Address> SpaceIndex::next_free(const ip::Range& within, FreeSearch search) const {
  const RangeIndex& ranges = of(within.family()).ranges;
  const U128 last = within.last().number();
  U128 from = within.first().number();
  while (true) {
    const std::optional<U128> unheld = next_unheld(within.family(), from);
    if (!unheld || *unheld > last) return std::nullopt;
    const std::optional<U128> blocked = ranges.blocked_until(*unheld, search);
    if (!blocked) return Address(within.family(), *unheld);
    if (*blocked >= last) return std::nullopt;
    from = *blocked + 1;
  }
}

std::optional<Address> SpaceIndex::next_free_after(Address after, const ip::Range& within, FreeSearch search) const {
  if (after < within.first()) return next_free(within, search);
  if (after >= within.last()) return std::nullopt;
  return next_free(ip::Range::create(*after.next(), within.last()).value(), search);
}

Totals SpaceIndex::totals(const ip::Range& range) const {
  if (range.family() == ip::Family::V4) return body_->v4_holdings.count(v4_number(range.first()), v4_number(range.last()));
  return body_->v6_holdings.count(range.first().number(), range.last().number());
}

std::vector<ip::Range> SpaceIndex::open_stretches(const ip::Range& within, FreeSearch search, std::size_t limit) const {
  std::vector<ip::Range> stretches;
  const U128 last = within.last().number();
  std::optional<U128> from = within.first().number();
  while (from && stretches.size() < limit) {
    const auto open = of(within.family()).ranges.next_open(*from, last, search);
    if (!open) break;
    stretches.push_back(*open);
    from = open->last().number() < last ? std::optional<U128>(open->last().number() + 1) : std::nullopt;
  }
  return stretches;
}

U128 SpaceIndex::count_unheld(const ip::Range& stretch) const {
  const U128 span = stretch.last().number() - stretch.first().number();  // one less than there are, so that it cannot overflow
  const U128 held = totals(stretch).held;
  return held != 0 ? span - (held - 1) : span == ip::kMaxU128 ? span : span + 1;
}

std::optional<Address> SpaceIndex::nth_unheld(const ip::Range& stretch, U128 rank) const {
  const U128 first = stretch.first().number();
  const U128 below = first == 0 ? 0 : count_unheld(ip::Range::create({stretch.family(), 0}, {stretch.family(), first - 1}).value());
  if (rank > ip::last_number(stretch.family()) - below) return std::nullopt;
  std::optional<U128> found;
  if (stretch.family() == ip::Family::V6) {
    found = body_->v6_holdings.nth_unheld(below + rank);
  } else if (const auto number = body_->v4_holdings.nth_unheld(static_cast<std::uint64_t>(below + rank))) {
    found = *number;
  }
  return found && *found <= stretch.last().number() ? std::optional(Address(stretch.family(), *found)) : std::nullopt;
}

std::optional<Address> SpaceIndex::first_unheld_run(const ip::Range& stretch, U128 length) const {
  std::optional<U128> found;
  if (length > stretch.size()) return std::nullopt;
  if (stretch.family() == ip::Family::V6) {
    found = body_->v6_holdings.first_run(stretch.first().number(), stretch.last().number(), length);
  } else if (const auto number =
                 body_->v4_holdings.first_run(v4_number(stretch.first()), v4_number(stretch.last()), static_cast<std::uint64_t>(length))) {
    found = *number;
  }
  return found ? std::optional(Address(stretch.family(), *found)) : std::nullopt;
}

U128 SpaceIndex::longest_unheld_run(const ip::Range& stretch) const {
  if (stretch.family() == ip::Family::V6) return body_->v6_holdings.longest_run(stretch.first().number(), stretch.last().number());
  return body_->v4_holdings.longest_run(v4_number(stretch.first()), v4_number(stretch.last()));
}

Usage SpaceIndex::usage(const ip::Range& range) const {
  const Totals totals = this->totals(range);
  return {totals.used, totals.assigned, totals.reserved, totals.leased, of(range.family()).ranges.capacity(range)};
}

std::uint64_t SpaceIndex::networks_planned(const ip::Prefix& within) const { return of(within.family()).prefixes.count_networks(within); }

std::uint64_t SpaceIndex::networks_held(const ip::Prefix& within) const {
  return body_->v6_holdings.count_networks(within.first().number(), within.last().number());
}

void SpaceIndex::apply(const Delta& delta) {
  struct Apply {
    SpaceIndex& index;
    void operator()(const PrefixAdded& added) { index.insert(added.entry.prefix, added.entry.kind, added.entry.id); }
    void operator()(const PrefixRemoved& removed) {
      const auto& [prefix, kind, id] = removed.entry;
      IPAM_ASSERT(index.find(prefix, kind) == id, fmt::format("{} is removed under another id", prefix.to_string()));
      index.erase(prefix, kind);
    }
    void operator()(const RangeAdded& added) { index.insert_range(added.entry.id, added.entry.range, added.entry.kind); }
    void operator()(const RangeRemoved& removed) {
      IPAM_ASSERT(index.find_range(removed.entry.id) == removed.entry, fmt::format("range {} is removed but was another", removed.entry.id));
      index.erase_range(removed.entry.id);
    }
    void operator()(const AddressAcquired& acquired) { index.acquire(acquired.address, acquired.holder); }
    void operator()(const AddressReleased& released) { index.release(released.address, released.holder); }
    void operator()(const SpaceCreated&) { refuse(); }
    void operator()(const SpaceDropped&) { refuse(); }
    static void refuse() { IPAM_ASSERT(false, "a space cannot create or drop itself"); }
  };
  std::visit(Apply{*this}, delta);
}

bool SpaceIndex::empty() const {
  return body_->v4.prefixes.size() == 0 && body_->v6.prefixes.size() == 0 && body_->range_places.empty() && body_->v4_holdings.empty() &&
         body_->v6_holdings.empty();
}

std::vector<std::string> SpaceIndex::recount() const {
  std::vector<std::string> faults;
  const auto note = [&faults](std::optional<std::string> fault) {
    if (fault) faults.push_back(std::move(*fault));
  };
  for (const Family* family : {&body_->v4, &body_->v6}) {
    note(family->prefixes.recount());
    note(family->ranges.recount());
  }
  note(body_->range_places.recount());
  note(body_->v4_holdings.recount());
  note(body_->v6_holdings.recount());
  return faults;
}

}  // namespace ipam::occupancy
