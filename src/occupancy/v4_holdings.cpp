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
Tally HolderBlock::with_changed_bit(std::uint32_t offset, Holder holder) {
  Tally change = Tally::of(holders(offset));
  bitmap(holder)[offset / kWordBits] ^= std::uint64_t{1} << offset % kWordBits;
  Tally after = Tally::of(holders(offset));
  after -= change;
  return after;
}

Tally HolderBlock::acquire(std::uint32_t offset, Holder holder) {
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

Tally HolderBlock::release(std::uint32_t offset, Holder holder) {
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
    totals += Totals{ones(used_word(word)), ones(bitmaps_[0][word]), ones(bitmaps_[1][word]), ones(bitmaps_[2][word])};
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

bool HolderBlock::empty() const {
  std::uint64_t any = 0;
  for (std::size_t word = 0; word < kWords; ++word) any |= held_word(word);
  return any == 0;
}

bool HolderBlock::full() const {
  std::uint64_t all = ~std::uint64_t{0};
  for (std::size_t word = 0; word < kWords; ++word) all &= held_word(word);
  return all == ~std::uint64_t{0};
}

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
Tally HolderBranch<Child>::acquire(std::uint32_t offset, Holder holder) {
  const unsigned slot = slot_of(offset);
  const std::size_t at = rank(slot);
  if ((present_ & bit(slot)) == 0) {
    slots_.insert(slots_.begin() + static_cast<std::ptrdiff_t>(at), Slot{CopyOnWrite<Child>::make(), {}});
    present_ |= bit(slot);
  }
  Child& child = slots_[at].child.edit();
  const Tally change = child.acquire(offset & kLowMask, holder);
  slots_[at].tally += change;
  if (child.full()) full_ |= bit(slot);
  return change;
}

template <class Child>
Tally HolderBranch<Child>::release(std::uint32_t offset, Holder holder) {
  const unsigned slot = slot_of(offset);
  const std::size_t at = rank(slot);
  Child& child = slots_[at].child.edit();
  const Tally change = child.release(offset & kLowMask, holder);
  slots_[at].tally += change;
  if (!child.full()) full_ &= ~bit(slot);
  if (child.empty()) {
    slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(at));
    present_ &= ~bit(slot);
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
bool HolderBranch<Child>::recount(Tally& tally) const {
  if (slots_.size() != static_cast<std::size_t>(std::popcount(present_)) || (full_ & ~present_) != 0) return false;
  for (unsigned slot = 0; slot < kWordBits; ++slot) {
    if ((present_ & bit(slot)) == 0) continue;
    const Child& child = *slots_[rank(slot)].child;
    Tally below;
    if (!child.recount(below) || child.empty() || below != slots_[rank(slot)].tally || child.full() != ((full_ & bit(slot)) != 0)) return false;
    tally += below;
  }
  return true;
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

std::optional<std::string> V4Holdings::recount() const {
  Tally tally;
  if (!root_ || root_->recount(tally)) return std::nullopt;
  return "IPv4 holders: a tally, a full mark or a child differs from a recount";
}

}  // namespace ipam::occupancy
