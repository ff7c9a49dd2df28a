// Where something new goes: a free address, a run of free addresses or a free prefix, by a strategy.
//
// First: the lowest place. Next: the lowest one after `after`, and from the start when there is none. Random: for an address each free one is as
// likely as any other, exactly where at most kMaxStretches blocking ranges lie in the place that is searched; for a run or a prefix a random place is
// drawn until a free one comes, and after kDraws draws the next one behind the last draw is taken. Sparse: the middle of the largest gap, so that the
// new one lies farthest from what is taken; a prefix begins where the largest gap does, so that it can grow the most. BestFit: the smallest gap that
// holds the prefix, so that large ones stay whole.
//
// Every answer costs O(log n), for addresses once more for each blocking range in the place that is searched. Nothing scans. What is random comes by
// argument. Thread rule: pure functions.
#pragma once

#include "occupancy/space_index.h"

#include <functional>

namespace ipam::occupancy {

enum class AddressStrategy : std::uint8_t { First, Next, Random, Sparse };
enum class PrefixStrategy : std::uint8_t { First, Next, Random, Sparse, BestFit };

// A number below the limit, which is not 0; each as likely as any other.
using RandomSource = std::function<ip::U128(ip::U128)>;

inline constexpr std::size_t kMaxStretches = 64;
inline constexpr int kDraws = 32;

template <class Strategy>
struct Choice {
  Strategy strategy{};
  std::optional<ip::Address> after;  // for Next; nothing: as First
  RandomSource random;               // for Random, which needs it
};

// An address that nobody holds and that lies in no blocking range.
std::optional<ip::Address> choose_address(const SpaceIndex& space, const ip::Range& within, const Choice<AddressStrategy>& choice,
                                          FreeSearch search = {});
// `length` such addresses side by side; `length` is not 0.
std::optional<ip::Range> choose_run(const SpaceIndex& space, const ip::Range& within, ip::U128 length, const Choice<AddressStrategy>& choice,
                                    FreeSearch search = {});
// A prefix that no entry inside `within` overlaps; see SpaceIndex::next_free_prefix.
std::optional<ip::Prefix> choose_prefix(const SpaceIndex& space, const ip::Prefix& within, int length, const Choice<PrefixStrategy>& choice);

}  // namespace ipam::occupancy
