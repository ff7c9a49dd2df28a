// V4Holdings: who holds each IPv4 address, as a trie of 64-way branches over blocks of 256 addresses.
//
// A block has one bitmap a kind of holder; a branch knows of each child its tally and whether every address in it is held. So acquire and release
// touch one node a level (five levels), counting adds at most 64 tallies a level at each end of the range, and the search for the next address
// that nobody holds skips full subtrees in one step a level, however many addresses are used.
// Thread rule: not synchronized; copies cost O(1) and may be used in different threads.
#pragma once

#include "occupancy/copy_on_write.h"
#include "occupancy/holder.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ipam::occupancy {

// 256 addresses.
class HolderBlock : public SharedNode {
 public:
  static constexpr int kBits = 8;

  HolderBlock() = default;
  HolderBlock(const HolderBlock& other);

  Tally acquire(std::uint32_t offset, Holder holder);
  Tally release(std::uint32_t offset, Holder holder);
  HolderCounts holders(std::uint32_t offset) const;
  void count(std::uint32_t first, std::uint32_t last, Totals& totals) const;
  // The first offset from this one on that is not held; 256 when there is none.
  std::uint64_t next_unheld(std::uint32_t offset) const;
  bool empty() const;
  bool full() const;
  // Recounts; false when what is kept contradicts itself.
  bool recount(Tally& tally) const;

 private:
  static constexpr std::size_t kWords = 4;
  using Bitmap = std::array<std::uint64_t, kWords>;
  // The holders of one kind of one address beyond the first. Rare, so kept beside the bitmaps, in the order of `place`.
  struct Extra {
    std::uint16_t place;  // offset * kHolderKinds + kind
    std::uint16_t count;
  };

  Bitmap& bitmap(Holder holder) { return bitmaps_[static_cast<std::size_t>(holder)]; }
  std::uint64_t used_word(std::size_t word) const { return bitmaps_[0][word] | bitmaps_[1][word] | bitmaps_[2][word]; }
  std::uint64_t held_word(std::size_t word) const { return used_word(word) | bitmaps_[3][word]; }
  std::vector<Extra>::iterator extra_at(std::size_t place) const;
  Tally with_changed_bit(std::uint32_t offset, Holder holder);

  std::array<Bitmap, kHolderKinds> bitmaps_{};
  std::unique_ptr<std::vector<Extra>> extras_;
};

// 64 children, of which only those that hold something exist.
template <class Child>
class HolderBranch : public SharedNode {
 public:
  static constexpr int kBits = Child::kBits + 6;

  // The change of the tally, which may wrap around.
  Tally acquire(std::uint32_t offset, Holder holder);
  Tally release(std::uint32_t offset, Holder holder);
  HolderCounts holders(std::uint32_t offset) const;
  void count(std::uint32_t first, std::uint32_t last, Totals& totals) const;
  std::uint64_t next_unheld(std::uint32_t offset) const;
  bool empty() const { return present_ == 0; }
  bool full() const { return full_ == ~std::uint64_t{0}; }
  bool recount(Tally& tally) const;

 private:
  static constexpr std::uint32_t kLowMask = (std::uint32_t{1} << Child::kBits) - 1;
  static unsigned slot_of(std::uint32_t offset) { return offset >> Child::kBits; }
  static std::uint64_t bit(unsigned slot) { return std::uint64_t{1} << slot; }
  // The place of a slot's child among those present.
  std::size_t rank(unsigned slot) const;

  std::uint64_t present_ = 0;
  std::uint64_t full_ = 0;
  struct Slot {
    CopyOnWrite<Child> child;
    Tally tally;
  };
  std::vector<Slot> slots_;
};

class V4Holdings {
 public:
  // Release needs a holder of that kind, acquire fewer than kMaxHoldersOfKind: the caller has checked `holders`.
  void acquire(std::uint32_t address, Holder holder);
  void release(std::uint32_t address, Holder holder);
  HolderCounts holders(std::uint32_t address) const;
  Totals count(std::uint32_t first, std::uint32_t last) const;
  std::optional<std::uint32_t> next_unheld(std::uint32_t from) const;
  bool empty() const { return !root_; }
  std::optional<std::string> recount() const;

 private:
  using Root = HolderBranch<HolderBranch<HolderBranch<HolderBranch<HolderBlock>>>>;
  static_assert(Root::kBits == 32);
  CopyOnWrite<Root> root_;
};

}  // namespace ipam::occupancy
