#include "occupancy/free_search.h"

namespace ipam::occupancy {
namespace {

using ip::Address;
using ip::Range;
using ip::U128;

Range range_of(Address first, U128 length) { return Range::create(first, Address(first.family(), first.number() + (length - 1))).value(); }

// The part of `within` from `first` on, if there is any.
std::optional<Range> tail(const Range& within, std::optional<Address> first) {
  if (!first || *first > within.last()) return std::nullopt;
  return Range::create(std::max(*first, within.first()), within.last()).value();
}

std::optional<Range> first_run(const SpaceIndex& space, const Range& within, U128 length, FreeSearch search) {
  std::optional<Range> rest = within;
  while (rest) {
    const std::vector<Range> open = space.open_stretches(*rest, search, 1);
    if (open.empty()) return std::nullopt;
    if (const auto first = space.first_unheld_run(open.front(), length)) return range_of(*first, length);
    rest = tail(within, open.front().last().next());
  }
  return std::nullopt;
}

// From `first` on, else from the start: then it may reach over `first`.
std::optional<Range> run_from(const SpaceIndex& space, const Range& within, U128 length, std::optional<Address> first, FreeSearch search) {
  const std::optional<Range> behind = tail(within, first);
  if (behind) {
    if (const auto found = first_run(space, *behind, length, search)) return found;
  }
  return first_run(space, within, length, search);
}

std::optional<Range> sparse_run(const SpaceIndex& space, const Range& within, U128 length, FreeSearch search) {
  std::optional<Range> widest;
  for (const Range& open : space.open_stretches(within, search)) {
    const U128 longest = space.longest_unheld_run(open);
    if (longest == 0 || (widest && widest->size() >= longest)) continue;
    widest = range_of(*space.first_unheld_run(open, longest), longest);
  }
  if (!widest || widest->size() < length) return std::nullopt;
  return range_of({within.family(), widest->first().number() + (widest->size() - length) / 2}, length);
}

std::optional<Range> random_run(const SpaceIndex& space, const Range& within, U128 length, const RandomSource& random, FreeSearch search) {
  if (within.size() < length) return std::nullopt;
  for (int draw = 1;; ++draw) {
    const Address start(within.family(), within.first().number() + random(within.size() - length + 1));
    const auto found = run_from(space, within, length, start, search);
    if (!found || found->first() == start || draw == kDraws) return found;
  }
}

std::optional<Address> random_address(const SpaceIndex& space, const Range& within, const RandomSource& random, FreeSearch search) {
  const std::vector<Range> stretches = space.open_stretches(within, search, kMaxStretches + 2);
  if (stretches.size() > kMaxStretches + 1) {
    const auto run = random_run(space, within, 1, random, search);
    return run ? std::optional(run->first()) : std::nullopt;
  }
  U128 free = 0;
  for (const Range& open : stretches) free += space.count_unheld(open);
  if (free == 0) return std::nullopt;
  U128 rank = random(free);
  for (const Range& open : stretches) {
    const U128 here = space.count_unheld(open);
    if (rank < here) return space.nth_unheld(open, rank);
    rank -= here;
  }
  return std::nullopt;
}

std::optional<ip::Prefix> prefix_from(const SpaceIndex& space, const ip::Prefix& within, int length, std::optional<Address> first) {
  if (first) {
    if (const auto found = space.next_free_prefix(within, length, *first)) return found;
  }
  return space.next_free_prefix(within, length);
}

std::optional<ip::Prefix> random_prefix(const SpaceIndex& space, const ip::Prefix& within, int length, const RandomSource& random) {
  const int bits = ip::bit_count(within.family());
  if (length < within.length() || length > bits) return std::nullopt;
  const int choices = length - within.length();
  const U128 count = choices == 128 ? ip::kMaxU128 : static_cast<U128>(1) << choices;
  for (int draw = 1;; ++draw) {
    const U128 number = choices == 0 ? 0 : random(count) << (bits - length);
    const Address start(within.family(), within.first().number() + number);
    const auto found = prefix_from(space, within, length, start);
    if (!found || found->first() == start || draw == kDraws) return found;
  }
}

std::optional<ip::Prefix> first_in(const std::optional<ip::Prefix>& gap, int length) {
  return gap ? std::optional(ip::Prefix::containing(gap->first(), length)) : std::nullopt;
}

}  // namespace

std::optional<Address> choose_address(const SpaceIndex& space, const Range& within, const Choice<AddressStrategy>& choice, FreeSearch search) {
  switch (choice.strategy) {
    case AddressStrategy::First: return space.next_free(within, search);
    case AddressStrategy::Next: {
      if (!choice.after) return space.next_free(within, search);
      const auto behind = space.next_free_after(*choice.after, within, search);
      return behind ? behind : space.next_free(within, search);
    }
    case AddressStrategy::Random: return random_address(space, within, choice.random, search);
    case AddressStrategy::Sparse: {
      const auto run = sparse_run(space, within, 1, search);
      return run ? std::optional(run->first()) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<Range> choose_run(const SpaceIndex& space, const Range& within, U128 length, const Choice<AddressStrategy>& choice, FreeSearch search) {
  switch (choice.strategy) {
    case AddressStrategy::First: return first_run(space, within, length, search);
    case AddressStrategy::Next: return run_from(space, within, length, choice.after ? choice.after->next() : std::nullopt, search);
    case AddressStrategy::Random: return random_run(space, within, length, choice.random, search);
    case AddressStrategy::Sparse: return sparse_run(space, within, length, search);
  }
  return std::nullopt;
}

std::optional<ip::Prefix> choose_prefix(const SpaceIndex& space, const ip::Prefix& within, int length, const Choice<PrefixStrategy>& choice) {
  using GapSize = PrefixTrie::GapSize;
  switch (choice.strategy) {
    case PrefixStrategy::First: return space.next_free_prefix(within, length);
    case PrefixStrategy::Next: return prefix_from(space, within, length, choice.after ? choice.after->next() : std::nullopt);
    case PrefixStrategy::Random: return random_prefix(space, within, length, choice.random);
    case PrefixStrategy::Sparse: return first_in(space.prefix_gap(within, length, GapSize::Largest), length);
    case PrefixStrategy::BestFit: return first_in(space.prefix_gap(within, length, GapSize::Smallest), length);
  }
  return std::nullopt;
}

}  // namespace ipam::occupancy
