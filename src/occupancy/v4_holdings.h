// V4Holdings: who holds each IPv4 address, as a trie of 64-way branches over blocks of 256 addresses.
//
// A block has one bitmap a kind of holder; a branch knows of each child its tally, its runs of free addresses and whether every address in it is
// held. So acquire and release touch one node a level (five levels) and sum up the runs of a level at most once, counting adds at most 64 tallies a
// level at each end of the range, and a search for an address that nobody holds, for the nth or for a run of them skips subtrees in at most 64 steps
// a level, however many addresses are used. Thread rule: not synchronized; copies cost O(1) and may be used in different threads.
#pragma once

#include "occupancy/copy_on_write.h"
#include "occupancy/holder.h"
#include "occupancy/run_search.h"

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace ipam::occupancy {

// What one acquire or release changed in a node. The tally's difference may wrap around.
struct HolderChange {
  Tally tally;
  bool runs = false;
};

// 256 addresses.
class HolderBlock : public SharedNode {
 public:
  static constexpr int kBits = 8;

  HolderBlock() = default;
  HolderBlock(const HolderBlock& other);

  HolderChange acquire(std::uint32_t offset, Holder holder);
  HolderChange release(std::uint32_t offset, Holder holder);
  HolderCounts holders(std::uint32_t offset) const;
  void count(std::uint32_t first, std::uint32_t last, Totals& totals) const;
  // The first offset from this one on that is not held, or that is; 256 when there is none.
  std::uint64_t next_unheld(std::uint32_t offset) const;
  std::uint64_t next_held(std::uint32_t offset) const;
  // The offset that has `rank` free ones below it and is free; 256 when there are not that many.
  std::uint64_t nth_unheld(std::uint64_t rank) const;
  // Takes part in a search for a run; offset 0 is the address `base`. True when it is found.
  bool find_run(std::uint64_t base, std::uint32_t first, std::uint32_t last, RunSearch& search) const;
  FreeRuns<std::uint32_t> runs() const;
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
  HolderChange with_changed_bit(std::uint32_t offset, Holder holder);

  std::array<Bitmap, kHolderKinds> bitmaps_{};
  std::unique_ptr<std::vector<Extra>> extras_;
};

// 64 children, of which only those that hold something exist.
template <class Child>
class HolderBranch : public SharedNode {
 public:
  static constexpr int kBits = Child::kBits + 6;

  HolderChange acquire(std::uint32_t offset, Holder holder);
  HolderChange release(std::uint32_t offset, Holder holder);
  HolderCounts holders(std::uint32_t offset) const;
  void count(std::uint32_t first, std::uint32_t last, Totals& totals) const;
  std::uint64_t next_unheld(std::uint32_t offset) const;
  std::uint64_t nth_unheld(std::uint64_t rank) const;
  bool find_run(std::uint64_t base, std::uint32_t first, std::uint32_t last, RunSearch& search) const;
  const FreeRuns<std::uint32_t>& runs() const { return runs_; }
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
    // A child holds at least one address, so that a run is shorter than it.
    using Runs = FreeRuns<std::conditional_t<Child::kBits <= 8, std::uint8_t, std::uint32_t>>;

    CopyOnWrite<Child> child;
    Tally tally;
    Runs runs;
  };
  using Runs = typename Slot::Runs;

  static Runs runs_of(const Child& child);
  // Takes over the runs of a child that was there before; whether those of this node have changed.
  bool take_runs(unsigned slot, std::size_t at);
  FreeRuns<std::uint32_t> summed_up_runs() const;
  // Sums up the runs of all children; whether they have changed.
  bool sum_up_runs();

  FreeRuns<std::uint32_t> runs_;
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
  // The free address that has `rank` free ones below it.
  std::optional<std::uint32_t> nth_unheld(std::uint64_t rank) const;
  // The first address of the first run of `length` free addresses within first..last.
  std::optional<std::uint32_t> first_run(std::uint32_t first, std::uint32_t last, std::uint64_t length) const;
  // How many free addresses lie side by side there, at most.
  std::uint64_t longest_run(std::uint32_t first, std::uint32_t last) const;
  bool empty() const { return !root_; }
  std::optional<std::string> recount() const;

 private:
  using Root = HolderBranch<HolderBranch<HolderBranch<HolderBranch<HolderBlock>>>>;
  static_assert(Root::kBits == 32);
  CopyOnWrite<Root> root_;
};

}  // namespace ipam::occupancy
