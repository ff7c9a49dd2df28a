#include "occupancy/v4_holdings.h"

#include <algorithm>
#include <bit>

namespace ipam::occupancy {
namespace {

constexpr unsigned kWordBits = 64;

// The bits of word `word` that lie within the offsets first..last.
std::uint64_t mask_within(std::size_t word, std::uint32_t first, std::uint32_t last) {
  const std::uint32_t begin = static_cast<std::uint32_t>(word) * kWordBits;
  if (last < begin || first >= begin + kWordBits) return 0;
  const std::uint64_t from = first <= begin ? ~std::uint64_t{0} : ~std::uint64_t{0} << (first - begin);
  const std::uint64_t to = last >= begin + kWordBits - 1 ? ~std::uint64_t{0} : ~std::uint64_t{0} >> (kWordBits - 1 - (last - begin));
  return from & to;
}

}  // namespace

HolderBlock::HolderBlock(const HolderBlock& other)
    : SharedNode(other), bitmaps_(other.bitmaps_), extras_(other.extras_ ? std::make_unique<std::vector<Extra>>(*other.extras_) : nullptr) {}

std::vector<HolderBlock::Extra>::iterator HolderBlock::extra_at(std::size_t place) const {
  return std::lower_bound(extras_->begin(), extras_->end(), place, [](const Extra& extra, std::size_t wanted) { return extra.place < wanted; });
}

// Flips the bit and answers by how much the tally changed, as if the flip were an addition.
HolderChange HolderBlock::with_changed_bit(std::uint32_t offset, Holder holder) {
  const Tally before = Tally::of(holders(offset));
  bitmap(holder)[offset / kWordBits] ^= std::uint64_t{1} << offset % kWordBits;
  Tally change = Tally::of(holders(offset));
  change -= before;
  return {change, change.held != 0};
}

HolderChange HolderBlock::acquire(std::uint32_t offset, Holder holder) {
  if ((bitmap(holder)[offset / kWordBits] >> offset % kWordBits & 1) == 0) return with_changed_bit(offset, holder);
  const auto place = static_cast<std::uint16_t>(offset * kHolderKinds + static_cast<std::size_t>(holder));
  if (!extras_) extras_ = std::make_unique<std::vector<Extra>>();
  const auto extra = extra_at(place);
  if (extra != extras_->end() && extra->place == place) {
    ++extra->count;
  } else {
    extras_->insert(extra, {place, 1});
  }
  return {};
}

HolderChange HolderBlock::release(std::uint32_t offset, Holder holder) {
  const auto place = static_cast<std::uint16_t>(offset * kHolderKinds + static_cast<std::size_t>(holder));
  if (extras_) {
    const auto extra = extra_at(place);
    if (extra != extras_->end() && extra->place == place) {
      if (--extra->count == 0) extras_->erase(extra);
      if (extras_->empty()) extras_.reset();
      return {};
    }
  }
  return with_changed_bit(offset, holder);
}

HolderCounts HolderBlock::holders(std::uint32_t offset) const {
  HolderCounts counts;
  for (std::size_t kind = 0; kind < kHolderKinds; ++kind) counts.counts[kind] = bitmaps_[kind][offset / kWordBits] >> offset % kWordBits & 1;
  if (extras_) {
    const std::size_t place = offset * kHolderKinds;
    for (auto extra = extra_at(place); extra != extras_->end() && extra->place < place + kHolderKinds; ++extra) {
      counts.counts[extra->place - place] = static_cast<std::uint16_t>(extra->count + 1);
    }
  }
  return counts;
}

void HolderBlock::count(std::uint32_t first, std::uint32_t last, Totals& totals) const {
  for (std::size_t word = 0; word < kWords; ++word) {
    const std::uint64_t mask = mask_within(word, first, last);
    const auto ones = [mask](std::uint64_t bits) { return static_cast<std::uint64_t>(std::popcount(bits & mask)); };
    totals += Totals{ones(used_word(word)), ones(bitmaps_[0][word]), ones(bitmaps_[1][word]), ones(bitmaps_[2][word]), ones(held_word(word))};
  }
}

std::uint64_t HolderBlock::next_unheld(std::uint32_t offset) const {
  std::uint64_t skip = ~std::uint64_t{0} << offset % kWordBits;
  for (std::size_t word = offset / kWordBits; word < kWords; ++word, skip = ~std::uint64_t{0}) {
    const std::uint64_t free = ~held_word(word) & skip;
    if (free != 0) return word * kWordBits + static_cast<unsigned>(std::countr_zero(free));
  }
  return kWords * kWordBits;
}

std::uint64_t HolderBlock::next_held(std::uint32_t offset) const {
  std::uint64_t skip = ~std::uint64_t{0} << offset % kWordBits;
  for (std::size_t word = offset / kWordBits; word < kWords; ++word, skip = ~std::uint64_t{0}) {
    const std::uint64_t held = held_word(word) & skip;
    if (held != 0) return word * kWordBits + static_cast<unsigned>(std::countr_zero(held));
  }
  return kWords * kWordBits;
}

std::uint64_t HolderBlock::nth_unheld(std::uint64_t rank) const {
  for (std::size_t word = 0; word < kWords; ++word) {
    std::uint64_t free = ~held_word(word);
    const auto ones = static_cast<std::uint64_t>(std::popcount(free));
    if (rank < ones) {
      for (; rank > 0; --rank) free &= free - 1;
      return word * kWordBits + static_cast<unsigned>(std::countr_zero(free));
    }
    rank -= ones;
  }
  return kWords * kWordBits;
}

bool HolderBlock::find_run(std::uint64_t base, std::uint32_t first, std::uint32_t last, RunSearch& search) const {
  for (std::uint64_t at = first; at <= last;) {
    const std::uint64_t held = next_held(static_cast<std::uint32_t>(at));
    if (held > last) return false;
    if (search.close(base + held)) return true;
    at = next_unheld(static_cast<std::uint32_t>(held));
    search.open_after(base + at - 1);
  }
  return false;
}

FreeRuns<std::uint32_t> HolderBlock::runs() const {
  constexpr std::uint64_t kEnd = kWords * kWordBits;
  FreeRuns<std::uint32_t> runs;
  const std::uint64_t first = next_held(0);
  runs.front = runs.longest = static_cast<std::uint32_t>(first);
  for (std::uint64_t held = first; held < kEnd;) {
    const std::uint64_t open = next_unheld(static_cast<std::uint32_t>(held));
    held = open < kEnd ? next_held(static_cast<std::uint32_t>(open)) : kEnd;
    runs.back = static_cast<std::uint32_t>(held - open);
    runs.longest = std::max(runs.longest, runs.back);
  }
  return runs;
}

bool HolderBlock::empty() const { return next_held(0) == kWords * kWordBits; }

bool HolderBlock::full() const { return next_unheld(0) == kWords * kWordBits; }

bool HolderBlock::recount(Tally& tally) const {
  for (std::uint32_t offset = 0; offset < kWords * kWordBits; ++offset) tally += Tally::of(holders(offset));
  if (!extras_) return true;
  return std::all_of(extras_->begin(), extras_->end(), [&](const Extra& extra) {
    const std::size_t offset = extra.place / kHolderKinds;
    return extra.count != 0 && (bitmaps_[extra.place % kHolderKinds][offset / kWordBits] >> offset % kWordBits & 1) != 0;
  });
}

template <class Child>
std::size_t HolderBranch<Child>::rank(unsigned slot) const {
  return static_cast<std::size_t>(std::popcount(present_ & (bit(slot) - 1)));
}

template <class Child>
typename HolderBranch<Child>::Runs HolderBranch<Child>::runs_of(const Child& child) {
  const FreeRuns<std::uint32_t> runs = child.runs();
  const auto narrow = [](std::uint32_t count) { return static_cast<decltype(Runs::front)>(count); };
  return {narrow(runs.front), narrow(runs.back), narrow(runs.longest)};
}

template <class Child>
bool HolderBranch<Child>::take_runs(unsigned slot, std::size_t at) {
  const Runs before = slots_[at].runs;
  const Runs now = runs_of(*slots_[at].child);
  if (now == before) return false;
  slots_[at].runs = now;
  // No run reaches beyond the neighbors, which hold something.
  const std::uint64_t lower = present_ & (bit(slot) - 1);
  const std::uint64_t higher = present_ & ~(bit(slot) | (bit(slot) - 1));
  const unsigned from = lower == 0 ? 0 : kWordBits - static_cast<unsigned>(std::countl_zero(lower));
  const unsigned to = higher == 0 ? kWordBits : static_cast<unsigned>(std::countr_zero(higher));
  const std::uint32_t left = ((slot - from) << Child::kBits) + (lower == 0 ? 0U : slots_[at - 1].runs.back);
  const std::uint32_t right = ((to - slot - 1) << Child::kBits) + (higher == 0 ? 0U : slots_[at + 1].runs.front);
  const auto longest_at = [&](const Runs& runs) { return std::max({left + runs.front, std::uint32_t{runs.longest}, runs.back + right}); };
  if (longest_at(before) == runs_.longest && longest_at(now) < runs_.longest) return sum_up_runs();
  const FreeRuns<std::uint32_t> old = runs_;
  runs_.longest = std::max(old.longest, longest_at(now));
  if (lower == 0) runs_.front = left + now.front;
  if (higher == 0) runs_.back = now.back + right;
  return runs_ != old;
}

template <class Child>
FreeRuns<std::uint32_t> HolderBranch<Child>::summed_up_runs() const {
  FreeRuns<std::uint32_t> runs;
  std::uint32_t open = 0;  // how long the run is that reaches up to the slot `next`
  unsigned next = 0;
  std::size_t at = 0;
  for (std::uint64_t left = present_; left != 0; left &= left - 1, ++at) {
    const auto slot = static_cast<unsigned>(std::countr_zero(left));
    const Runs& below = slots_[at].runs;
    open += ((slot - next) << Child::kBits) + below.front;
    if (at == 0) runs.front = open;
    runs.longest = std::max({runs.longest, open, std::uint32_t{below.longest}});
    open = below.back;
    next = slot + 1;
  }
  if (present_ != 0) runs.back = open + ((kWordBits - next) << Child::kBits);
  runs.longest = std::max(runs.longest, runs.back);
  return runs;
}

template <class Child>
bool HolderBranch<Child>::sum_up_runs() {
  const FreeRuns<std::uint32_t> old = std::exchange(runs_, summed_up_runs());
  return runs_ != old;
}

template <class Child>
HolderChange HolderBranch<Child>::acquire(std::uint32_t offset, Holder holder) {
  const unsigned slot = slot_of(offset);
  const std::size_t at = rank(slot);
  const bool is_new = (present_ & bit(slot)) == 0;
  if (is_new) {
    slots_.insert(slots_.begin() + static_cast<std::ptrdiff_t>(at), Slot{CopyOnWrite<Child>::make(), {}, {}});
    present_ |= bit(slot);
  }
  Child& child = slots_[at].child.edit();
  HolderChange change = child.acquire(offset & kLowMask, holder);
  slots_[at].tally += change.tally;
  if (is_new) {
    slots_[at].runs = runs_of(child);
    change.runs = sum_up_runs();
  } else if (change.runs) {
    change.runs = take_runs(slot, at);
  }
  if (child.full()) full_ |= bit(slot);
  return change;
}

template <class Child>
HolderChange HolderBranch<Child>::release(std::uint32_t offset, Holder holder) {
  const unsigned slot = slot_of(offset);
  const std::size_t at = rank(slot);
  Child& child = slots_[at].child.edit();
  HolderChange change = child.release(offset & kLowMask, holder);
  slots_[at].tally += change.tally;
  if (!child.full()) full_ &= ~bit(slot);
  if (child.empty()) {
    slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(at));
    present_ &= ~bit(slot);
    change.runs = sum_up_runs();
  } else if (change.runs) {
    change.runs = take_runs(slot, at);
  }
  return change;
}

template <class Child>
HolderCounts HolderBranch<Child>::holders(std::uint32_t offset) const {
  const unsigned slot = slot_of(offset);
  return (present_ & bit(slot)) == 0 ? HolderCounts{} : slots_[rank(slot)].child->holders(offset & kLowMask);
}

template <class Child>
void HolderBranch<Child>::count(std::uint32_t first, std::uint32_t last, Totals& totals) const {
  const unsigned first_slot = slot_of(first);
  const unsigned last_slot = slot_of(last);
  const bool whole_first = (first & kLowMask) == 0;
  const bool whole_last = (last & kLowMask) == kLowMask;
  std::size_t begin = rank(first_slot);
  std::size_t end = rank(last_slot);
  const bool first_present = (present_ & bit(first_slot)) != 0;
  const bool last_present = (present_ & bit(last_slot)) != 0;
  if (first_slot == last_slot) {
    if (!first_present) return;
    if (whole_first && whole_last) {
      totals += slots_[begin].tally;
    } else {
      slots_[begin].child->count(first & kLowMask, last & kLowMask, totals);
    }
    return;
  }
  if (first_present && !whole_first) slots_[begin++].child->count(first & kLowMask, kLowMask, totals);
  if (last_present && !whole_last) slots_[end].child->count(0, last & kLowMask, totals);
  if (last_present && whole_last) ++end;
  for (; begin < end; ++begin) totals += slots_[begin].tally;
}

template <class Child>
std::uint64_t HolderBranch<Child>::next_unheld(std::uint32_t offset) const {
  const unsigned slot = slot_of(offset);
  const auto address = [](unsigned at, std::uint64_t low) { return (std::uint64_t{at} << Child::kBits) + low; };
  if ((full_ & bit(slot)) == 0) {
    if ((present_ & bit(slot)) == 0) return offset;
    const std::uint64_t low = slots_[rank(slot)].child->next_unheld(offset & kLowMask);
    if (low <= kLowMask) return address(slot, low);
  }
  const std::uint64_t open = slot == kWordBits - 1 ? 0 : ~full_ & (~std::uint64_t{0} << (slot + 1));
  if (open == 0) return std::uint64_t{1} << kBits;
  const auto next = static_cast<unsigned>(std::countr_zero(open));
  return (present_ & bit(next)) == 0 ? address(next, 0) : address(next, slots_[rank(next)].child->next_unheld(0));
}

template <class Child>
std::uint64_t HolderBranch<Child>::nth_unheld(std::uint64_t rank) const {
  constexpr std::uint64_t kSize = std::uint64_t{1} << Child::kBits;
  std::size_t at = 0;
  for (unsigned slot = 0; slot < kWordBits; ++slot) {
    const bool present = (present_ & bit(slot)) != 0;
    const std::uint64_t free = present ? kSize - slots_[at].tally.held : kSize;
    if (rank < free) return slot * kSize + (present ? slots_[at].child->nth_unheld(rank) : rank);
    rank -= free;
    if (present) ++at;
  }
  return std::uint64_t{1} << kBits;
}

template <class Child>
bool HolderBranch<Child>::find_run(std::uint64_t base, std::uint32_t first, std::uint32_t last, RunSearch& search) const {
  const unsigned first_slot = slot_of(first);
  const unsigned last_slot = slot_of(last);
  std::size_t at = rank(first_slot);
  // A slot without a child holds nothing: the run goes on through it.
  for (std::uint64_t left = present_ & ~std::uint64_t{0} << first_slot; left != 0; left &= left - 1, ++at) {
    const auto slot = static_cast<unsigned>(std::countr_zero(left));
    if (slot > last_slot) return false;
    const std::uint64_t begin = base + (std::uint64_t{slot} << Child::kBits);
    const std::uint32_t from = slot == first_slot ? first & kLowMask : 0;
    const std::uint32_t to = slot == last_slot ? last & kLowMask : kLowMask;
    if (from == 0 && to == kLowMask && search.pass(begin, begin + kLowMask, slots_[at].runs)) continue;
    if (slots_[at].child->find_run(begin, from, to, search)) return true;
  }
  return false;
}

template <class Child>
bool HolderBranch<Child>::recount(Tally& tally) const {
  if (slots_.size() != static_cast<std::size_t>(std::popcount(present_)) || (full_ & ~present_) != 0) return false;
  for (unsigned slot = 0; slot < kWordBits; ++slot) {
    if ((present_ & bit(slot)) == 0) continue;
    const Child& child = *slots_[rank(slot)].child;
    Tally below;
    const Slot& kept = slots_[rank(slot)];
    if (!child.recount(below) || child.empty() || below != kept.tally || child.full() != ((full_ & bit(slot)) != 0)) return false;
    if (runs_of(child) != kept.runs) return false;
    tally += below;
  }
  return runs_ == summed_up_runs();
}

void V4Holdings::acquire(std::uint32_t address, Holder holder) {
  if (!root_) root_ = CopyOnWrite<Root>::make();
  root_.edit().acquire(address, holder);
}

void V4Holdings::release(std::uint32_t address, Holder holder) {
  Root& root = root_.edit();
  root.release(address, holder);
  if (root.empty()) root_ = {};
}

HolderCounts V4Holdings::holders(std::uint32_t address) const { return root_ ? root_->holders(address) : HolderCounts{}; }

Totals V4Holdings::count(std::uint32_t first, std::uint32_t last) const {
  Totals totals;
  if (root_) root_->count(first, last, totals);
  return totals;
}

std::optional<std::uint32_t> V4Holdings::next_unheld(std::uint32_t from) const {
  const std::uint64_t found = root_ ? root_->next_unheld(from) : from;
  return found > ~std::uint32_t{0} ? std::nullopt : std::optional(static_cast<std::uint32_t>(found));
}

std::optional<std::uint32_t> V4Holdings::nth_unheld(std::uint64_t rank) const {
  const std::uint64_t found = root_ ? root_->nth_unheld(rank) : rank;
  return found > ~std::uint32_t{0} ? std::nullopt : std::optional(static_cast<std::uint32_t>(found));
}

std::optional<std::uint32_t> V4Holdings::first_run(std::uint32_t first, std::uint32_t last, std::uint64_t length) const {
  RunSearch search(first, length);
  if (!(root_ && root_->find_run(0, first, last, search)) && !search.finish(last)) return std::nullopt;
  return static_cast<std::uint32_t>(search.open());
}

std::uint64_t V4Holdings::longest_run(std::uint32_t first, std::uint32_t last) const {
  RunSearch search(first, ip::kMaxU128);
  if (root_) root_->find_run(0, first, last, search);
  search.finish(last);
  return static_cast<std::uint64_t>(search.longest());
}

std::optional<std::string> V4Holdings::recount() const {
  Tally tally;
  if (!root_ || root_->recount(tally)) return std::nullopt;
  return "IPv4 holders: a tally, a full mark or a child differs from a recount";
}

}  // namespace ipam::occupancy
