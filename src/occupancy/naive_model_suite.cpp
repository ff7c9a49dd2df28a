// Long because it is the naive twin of everything that the index answers, and asks both of them all of it.
#include "occupancy/naive_model_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ipam::occupancy {
namespace {

using ip::Address;
using ip::U128;

// The entry of this kind lies somewhere inside that one, where at equal prefixes a block contains the subnet.
bool is_below(const ip::Prefix& inner, PrefixKind inner_kind, const ip::Prefix& outer, PrefixKind outer_kind) {
  if (inner == outer) return outer_kind == PrefixKind::Block && inner_kind == PrefixKind::Subnet;
  return outer.contains(inner);
}

template <class Map>
auto any_of(const Map& map, RandomChanges& random) {
  return std::next(map.begin(), static_cast<std::ptrdiff_t>(random.below(map.size())));
}

}  // namespace

void NaiveModel::apply(const Delta& delta) {
  if (const auto* added = std::get_if<PrefixAdded>(&delta)) prefixes[{added->entry.prefix, added->entry.kind}] = added->entry.id;
  if (const auto* removed = std::get_if<PrefixRemoved>(&delta)) prefixes.erase({removed->entry.prefix, removed->entry.kind});
  if (const auto* added = std::get_if<RangeAdded>(&delta)) ranges[added->entry.id] = added->entry;
  if (const auto* removed = std::get_if<RangeRemoved>(&delta)) ranges.erase(removed->entry.id);
  if (const auto* acquired = std::get_if<AddressAcquired>(&delta)) ++addresses[acquired->address].of(acquired->holder);
  if (const auto* released = std::get_if<AddressReleased>(&delta)) {
    --addresses[released->address].of(released->holder);
    if (!addresses[released->address].held()) addresses.erase(released->address);
  }
}

std::vector<PrefixEntry> NaiveModel::chain(const ip::Prefix& prefix, EqualPrefix equal) const {
  std::vector<PrefixEntry> entries;  // the map's order is already: containers first, block before subnet
  for (const auto& [key, id] : prefixes) {
    if (key.first.contains(prefix) && (key.first != prefix || equal == EqualPrefix::Counts)) entries.push_back({key.first, key.second, id});
  }
  return entries;
}

std::vector<PrefixEntry> NaiveModel::children(const ip::Prefix& parent, PrefixKind kind) const {
  std::vector<PrefixEntry> entries;
  for (const auto& [key, id] : prefixes) {
    const auto& inner = key;
    if (!is_below(inner.first, inner.second, parent, kind)) continue;
    const bool direct = std::none_of(prefixes.begin(), prefixes.end(), [&](const auto& other) {
      const auto& [middle, middle_kind] = other.first;
      return other.first != inner && is_below(middle, middle_kind, parent, kind) && is_below(inner.first, inner.second, middle, middle_kind);
    });
    if (direct) entries.push_back({key.first, key.second, id});
  }
  return entries;
}

std::vector<PrefixEntry> NaiveModel::overlapping(const ip::Prefix& prefix) const {
  std::vector<PrefixEntry> entries;
  for (const auto& [key, id] : prefixes) {
    if (key.first.overlaps(prefix)) entries.push_back({key.first, key.second, id});
  }
  return entries;
}

std::optional<ip::Prefix> NaiveModel::next_free_prefix(const ip::Prefix& within, int length) const {
  std::optional<Address> at = within.first();
  while (at && within.contains(*at)) {
    const ip::Prefix candidate = ip::Prefix::containing(*at, length);
    const auto taken = std::find_if(prefixes.begin(), prefixes.end(), [&](const auto& entry) {
      const auto& [prefix, kind] = entry.first;
      return is_below(prefix, kind, within, PrefixKind::Block) && prefix.overlaps(candidate);
    });
    if (taken == prefixes.end()) return candidate;
    at = std::max(candidate.last(), taken->first.first.last()).next();
  }
  return std::nullopt;
}

std::vector<RangeEntry> NaiveModel::ranges_overlapping(const ip::Range& range) const {
  std::vector<RangeEntry> found;
  for (const auto& [id, entry] : ranges) {
    if (entry.range.overlaps(range) && entry.kind != RangeKind::Offered) found.push_back(entry);
  }
  std::sort(found.begin(), found.end(), [](const RangeEntry& a, const RangeEntry& b) {
    return std::tuple(a.kind, a.range.first(), a.id) < std::tuple(b.kind, b.range.first(), b.id);
  });
  return found;
}

HolderCounts NaiveModel::holders(Address address) const {
  const auto at = addresses.find(address);
  return at == addresses.end() ? HolderCounts{} : at->second;
}

std::optional<Address> NaiveModel::next_free(const ip::Range& within, FreeSearch search) const {
  std::optional<Address> at = within.first();
  while (at && within.contains(*at)) {
    const auto blocking = std::find_if(ranges.begin(), ranges.end(),
                                       [&](const auto& entry) { return search.passes_over(entry.second.kind) && entry.second.range.contains(*at); });
    if (blocking == ranges.end() && !holders(*at).held()) return at;
    at = (blocking == ranges.end() ? *at : blocking->second.range.last()).next();
  }
  return std::nullopt;
}

std::uint64_t NaiveModel::networks_planned(const ip::Prefix& within) const {
  std::set<ip::Prefix> taken;  // /64 or shorter; those that contain others come before them
  for (const auto& [key, id] : prefixes) {
    if (key.second != PrefixKind::Subnet || !within.contains(key.first)) continue;
    taken.insert(key.first.length() <= 64 ? key.first : ip::Prefix::containing(key.first.first(), 64));
  }
  std::uint64_t networks = 0;
  std::optional<ip::Prefix> outer;
  for (const ip::Prefix& prefix : taken) {
    if (outer && outer->contains(prefix)) continue;
    outer = prefix;
    networks += std::uint64_t{1} << (64 - prefix.length());
  }
  return networks;
}

std::uint64_t NaiveModel::networks_held(const ip::Prefix& within) const {
  std::set<ip::Prefix> networks;
  for (const auto& [address, counts] : addresses) {
    if (address.family() == within.family() && within.contains(address)) networks.insert(ip::Prefix::containing(address, 64));
  }
  return networks.size();
}

Usage NaiveModel::usage(const ip::Range& range) const {
  Usage usage;
  for (const auto& [address, counts] : addresses) {
    if (!range.contains(address)) continue;
    usage.used += counts.used() ? 1 : 0;
    usage.assigned += counts.of(Holder::Static) != 0 ? 1 : 0;
    usage.reserved += counts.of(Holder::Reservation) != 0 ? 1 : 0;
    usage.leased += counts.of(Holder::Lease) != 0 ? 1 : 0;
  }
  const auto union_of = [&](std::initializer_list<RangeKind> kinds) {
    std::vector<std::pair<Address, Address>> parts;
    for (const auto& [id, entry] : ranges) {
      const auto part = entry.range.intersection(range);
      if (part && std::find(kinds.begin(), kinds.end(), entry.kind) != kinds.end()) parts.emplace_back(part->first(), part->last());
    }
    std::sort(parts.begin(), parts.end());
    U128 covered = 0;
    std::optional<Address> next = range.first();  // the first address not looked at yet
    for (const auto& [first, last] : parts) {
      if (!next || last < *next) continue;
      covered += last.number() - std::max(first, *next).number() + 1;
      next = last.next();
    }
    return std::pair(covered, !parts.empty());
  };
  const auto [offered, any_offered] = union_of({RangeKind::Offered});
  const auto [told, any_told] = union_of({RangeKind::Exclusion, RangeKind::Offered});
  // Of the whole of IPv6, 0 with any part stands for 2^128.
  const bool is_excluded = told != offered || any_told != any_offered;
  usage.capacity = is_excluded ? range.last().number() - range.first().number() + 1 - (told - offered) : range.size();
  return usage;
}

std::vector<ip::Range> NaiveModel::free_runs(const ip::Range& within, FreeSearch search) const {
  std::vector<std::pair<Address, Address>> taken;
  for (const auto& [address, counts] : addresses) {
    if (within.contains(address)) taken.emplace_back(address, address);
  }
  for (const auto& [id, entry] : ranges) {
    const auto part = entry.range.intersection(within);
    if (part && search.passes_over(entry.kind)) taken.emplace_back(part->first(), part->last());
  }
  std::sort(taken.begin(), taken.end());
  std::vector<ip::Range> runs;
  std::optional<Address> from = within.first();
  for (const auto& [first, last] : taken) {
    if (from && *from < first) runs.push_back(ip::Range::create(*from, *first.previous()).value());
    if (from && *from <= last) from = last.next();
  }
  if (from && *from <= within.last()) runs.push_back(ip::Range::create(*from, within.last()).value());
  return runs;
}

bool NaiveModel::is_taken(const ip::Prefix& prefix, const ip::Prefix& within) const {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& entry) {
    return is_below(entry.first.first, entry.first.second, within, PrefixKind::Block) && entry.first.first.overlaps(prefix);
  });
}

std::vector<ip::Prefix> NaiveModel::gaps(const ip::Prefix& within) const {
  std::vector<ip::Prefix> found;
  std::vector<ip::Prefix> open{within};
  while (!open.empty()) {
    const ip::Prefix prefix = open.back();
    open.pop_back();
    if (!is_taken(prefix, within)) {
      found.push_back(prefix);
    } else if (prefix.length() < ip::bit_count(prefix.family())) {
      const ip::Prefix low = ip::Prefix::containing(prefix.first(), prefix.length() + 1);
      const ip::Prefix high = ip::Prefix::containing(prefix.last(), prefix.length() + 1);
      const bool covered = std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& entry) {
        return is_below(entry.first.first, entry.first.second, within, PrefixKind::Block) && entry.first.first.contains(prefix);
      });
      if (!covered) open.push_back(high), open.push_back(low);
    }
  }
  return found;
}

Address RandomChanges::address() {
  constexpr U128 kMiddle = ip::make_u128(0x2001'0db8'0000'0001ULL, 0);
  const U128 offset = below(4) == 0 ? below(3'000) : below(300);
  switch (below(7)) {
    case 0: return Address::v4(static_cast<std::uint32_t>(offset));
    case 1: return Address::v4(~static_cast<std::uint32_t>(offset));
    case 2:
    case 3: return Address::v4(0x0A00'FF00U + static_cast<std::uint32_t>(offset));
    case 4: return Address::v6(offset);
    case 5: return Address::v6(~offset);
    default: return Address::v6(kMiddle + offset);
  }
}

ip::Prefix RandomChanges::prefix() {
  const Address inside = address();
  const int bits = ip::bit_count(inside.family());
  return ip::Prefix::containing(inside,
                                below(5) == 0 ? static_cast<int>(below(static_cast<std::uint64_t>(bits) + 1)) : bits - static_cast<int>(below(9)));
}

ip::Range RandomChanges::range() {
  if (below(3) == 0) return prefix();
  const Address a = address();
  Address b = address();
  while (b.family() != a.family()) b = address();
  if (below(3) != 0) b = Address(a.family(), a.number() + std::min<U128>(below(20), ip::last_number(a.family()) - a.number()));
  if (b.number() < a.number()) return ip::Range::create(b, a).value();
  return ip::Range::create(a, b).value();
}

Delta RandomChanges::next(const NaiveModel& model) {
  switch (below(9)) {
    case 0: {
      const ip::Prefix wanted = prefix();
      const PrefixKind kind = below(2) == 0 ? PrefixKind::Block : PrefixKind::Subnet;
      const auto at = model.prefixes.find({wanted, kind});
      if (at != model.prefixes.end()) return PrefixRemoved{{wanted, kind, at->second}};
      return PrefixAdded{{wanted, kind, next_id_++}};
    }
    case 1: {
      if (model.prefixes.size() < 12) break;
      const auto at = any_of(model.prefixes, *this);
      return PrefixRemoved{{at->first.first, at->first.second, at->second}};
    }
    case 2: return RangeAdded{{next_id_++, range(), static_cast<RangeKind>(below(kRangeKinds))}};
    case 3: {
      if (model.ranges.size() < 6) break;
      return RangeRemoved{any_of(model.ranges, *this)->second};
    }
    case 4:
    case 5: {
      if (model.addresses.empty()) break;
      const auto at = any_of(model.addresses, *this);
      for (const Holder holder : kHolders) {
        if (at->second.of(holder) != 0) return AddressReleased{at->first, holder};
      }
      break;
    }
    default: break;
  }
  return AddressAcquired{address(), kHolders[below(kHolderKinds)]};
}

namespace {

std::string difference_of_addresses(const SpaceIndex& index, const NaiveModel& model, RandomChanges& random) {
  const ip::Range within = random.range();
  const auto blocking = [&] { return random.below(3) == 0 ? Blocking::LookInside : Blocking::PassOver; };
  const FreeSearch search{blocking(), blocking(), blocking()};
  const std::string where = within.to_string();
  const std::vector<ip::Range> runs = model.free_runs(within, search);
  Address after = random.address();
  while (after.family() != within.family()) after = random.address();

  // Next: the first free one behind, else the first of all.
  std::optional<Address> next = runs.empty() ? std::nullopt : std::optional(runs.front().first());
  for (const ip::Range& run : runs) {
    if (run.last() <= after) continue;
    next = std::max(run.first(), *after.next());
    break;
  }
  if (choose_address(index, within, {AddressStrategy::Next, after, {}}, search) != next) return "the next address in " + where;

  // Random: with the number k comes the k-th free address.
  U128 free = 0;
  for (const ip::Range& run : runs) free += run.size();
  const U128 rank = free == 0 ? 0 : random.below(3) == 0 ? free - 1 : random.below(static_cast<std::uint64_t>(std::min<U128>(free, 5'000)));
  std::optional<Address> nth;
  U128 below = 0;
  for (const ip::Range& run : runs) {
    if (!nth && rank - below < run.size()) nth = Address(within.family(), run.first().number() + (rank - below));
    below += run.size();
  }
  U128 limit = 0;
  const auto draw = [&](U128 asked) {
    limit = asked;
    return rank;
  };
  if (choose_address(index, within, {AddressStrategy::Random, {}, draw}, search) != nth) return "a random address in " + where;
  if (limit != free) return fmt::format("{} free addresses in {}", ip::to_decimal(free), where);

  // Runs: the first one that is long enough; the middle of the longest one.
  const U128 length = 1 + random.below(random.below(2) == 0 ? 4 : 100);
  const auto long_enough = std::find_if(runs.begin(), runs.end(), [&](const ip::Range& run) { return run.size() >= length; });
  const auto longest = std::max_element(runs.begin(), runs.end(), [](const ip::Range& a, const ip::Range& b) { return a.size() < b.size(); });
  const auto first = choose_run(index, within, length, {}, search);
  const auto sparse = choose_run(index, within, length, {AddressStrategy::Sparse, {}, {}}, search);
  if (first.has_value() != (long_enough != runs.end()) || sparse.has_value() != first.has_value()) return "whether there is a run in " + where;
  if (!first) return {};
  if (first->size() != length || first->first() != long_enough->first()) return "the first run in " + where;
  if (sparse->size() != length || sparse->first().number() != longest->first().number() + (longest->size() - length) / 2)
    return "a sparse run in " + where;
  const auto drawn = choose_run(
      index, within, length,
      {AddressStrategy::Random, {}, [&](U128 below_this) { return random.below(static_cast<std::uint64_t>(std::min<U128>(below_this, 1'000'000))); }},
      search);
  const bool is_free = drawn && std::any_of(runs.begin(), runs.end(), [&](const ip::Range& run) { return run.contains(*drawn); });
  return is_free && drawn->size() == length ? std::string() : "a random run in " + where;
}

std::string difference_of_prefixes(const SpaceIndex& index, const NaiveModel& model, RandomChanges& random) {
  ip::Prefix within = random.prefix();
  if (random.below(2) == 0 && within.length() > 9) within = ip::Prefix::containing(within.first(), within.length() - 9);
  const int room = ip::bit_count(within.family()) - within.length();
  const int length = within.length() + static_cast<int>(random.below(static_cast<std::uint64_t>(room) + 1));
  const std::string where = fmt::format("/{} in {}", length, within.to_string());
  std::vector<ip::Prefix> fitting;
  for (const ip::Prefix& gap : model.gaps(within)) {
    if (gap.length() <= length) fitting.push_back(gap);
  }
  const auto shorter = [](const ip::Prefix& a, const ip::Prefix& b) { return a.length() < b.length(); };
  const auto at = [&](const auto& gap) { return gap == fitting.end() ? std::nullopt : std::optional(ip::Prefix::containing(gap->first(), length)); };
  const auto longer = [](const ip::Prefix& a, const ip::Prefix& b) { return a.length() > b.length(); };
  if (choose_prefix(index, within, length, {}) != at(fitting.begin())) return "the first " + where;
  if (choose_prefix(index, within, length, {PrefixStrategy::Sparse, {}, {}}) != at(std::min_element(fitting.begin(), fitting.end(), shorter))) {
    return "the sparse " + where;
  }
  if (choose_prefix(index, within, length, {PrefixStrategy::BestFit, {}, {}}) != at(std::min_element(fitting.begin(), fitting.end(), longer))) {
    return "the best fit of a " + where;
  }
  Address after = random.address();
  while (after.family() != within.family()) after = random.address();
  std::optional<ip::Prefix> next = at(fitting.begin());
  for (const ip::Prefix& gap : fitting) {
    // The first one of this gap that begins behind the address.
    std::optional<ip::Prefix> candidate = ip::Prefix::containing(std::max(gap.first(), after), length);
    if (candidate->first() <= after) {
      const auto behind = candidate->last().next();
      candidate = behind ? std::optional(ip::Prefix::containing(*behind, length)) : std::nullopt;
    }
    if (!candidate || !gap.contains(*candidate)) continue;
    next = candidate;
    break;
  }
  if (choose_prefix(index, within, length, {PrefixStrategy::Next, after, {}}) != next) return "the next " + where;
  const auto drawn = choose_prefix(index, within, length, {PrefixStrategy::Random, {}, [&](U128 limit) {
                                                             return random.below(static_cast<std::uint64_t>(std::min<U128>(limit, 1'000'000)));
                                                           }});
  if (drawn.has_value() == fitting.empty()) return "whether there is a free " + where;
  return !drawn || (within.contains(*drawn) && drawn->length() == length && !model.is_taken(*drawn, within)) ? std::string() : "a random " + where;
}

}  // namespace

std::string difference_of_choices(const SpaceIndex& index, const NaiveModel& model, RandomChanges& random) {
  std::string found = difference_of_addresses(index, model, random);
  return found.empty() ? difference_of_prefixes(index, model, random) : found;
}

std::string difference(const SpaceIndex& index, const NaiveModel& model, RandomChanges& random, int places) {
  for (const std::string& fault : index.recount()) return fault;
  for (int i = 0; i < places; ++i) {
    const Address address = random.address();
    const ip::Prefix prefix = random.prefix();
    const ip::Range range = random.range();
    const PrefixKind kind = random.below(2) == 0 ? PrefixKind::Block : PrefixKind::Subnet;
    const auto blocking = [&] { return random.below(3) == 0 ? Blocking::LookInside : Blocking::PassOver; };
    const FreeSearch search{blocking(), blocking(), blocking()};
    const ip::Prefix host = ip::Prefix::containing(address, ip::bit_count(address.family()));
    const int length =
        prefix.length() + static_cast<int>(random.below(static_cast<std::uint64_t>(ip::bit_count(prefix.family()) - prefix.length()) + 1));

    if (index.holders(address) != model.holders(address)) return fmt::format("holders of {}", address.to_string());
    if (index.next_free(range, search) != model.next_free(range, search)) return fmt::format("next free in {}", range.to_string());
    if (index.usage(range) != model.usage(range)) return fmt::format("usage of {}", range.to_string());
    if (prefix.family() == ip::Family::V6 && prefix.length() >= 1 && prefix.length() <= 64) {
      if (index.networks_planned(prefix) != model.networks_planned(prefix)) return fmt::format("networks planned in {}", prefix.to_string());
      if (index.networks_held(prefix) != model.networks_held(prefix)) return fmt::format("networks held in {}", prefix.to_string());
    }
    if (index.ranges_overlapping(range) != model.ranges_overlapping(range)) return fmt::format("ranges that overlap {}", range.to_string());
    if (index.ranges_containing(address) != model.ranges_overlapping(host)) return fmt::format("ranges that contain {}", address.to_string());
    if (index.chain(address) != model.chain(host, EqualPrefix::Counts)) return fmt::format("chain of {}", address.to_string());
    for (const EqualPrefix equal : {EqualPrefix::Counts, EqualPrefix::DoesNotCount}) {
      std::vector<PrefixEntry> chain = model.chain(prefix, equal);
      if (index.chain(prefix, equal) != chain) return fmt::format("chain of {}", prefix.to_string());
      if (index.longest_match(prefix, equal) != (chain.empty() ? std::nullopt : std::optional(chain.back()))) return "longest match";
      chain.erase(std::remove_if(chain.begin(), chain.end(), [&](const PrefixEntry& entry) { return entry.kind != kind; }), chain.end());
      if (index.longest_match(prefix, equal, kind) != (chain.empty() ? std::nullopt : std::optional(chain.back()))) return "longest match of a kind";
    }
    if (index.children(prefix, kind, kNoLimit) != model.children(prefix, kind)) return fmt::format("children of {}", prefix.to_string());
    if (index.overlapping(prefix, kNoLimit) != model.overlapping(prefix)) return fmt::format("prefixes that overlap {}", prefix.to_string());
    if (index.next_free_prefix(prefix, length) != model.next_free_prefix(prefix, length)) {
      return fmt::format("next free /{} in {}", length, prefix.to_string());
    }
    if (std::string choice = difference_of_choices(index, model, random); !choice.empty()) return choice;
    const auto entry = model.prefixes.find({prefix, kind});
    if (index.find(prefix, kind) != (entry == model.prefixes.end() ? std::nullopt : std::optional(entry->second))) return "find";
  }
  return {};
}

}  // namespace ipam::occupancy
