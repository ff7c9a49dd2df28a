// RunSearch: looks for a run of consecutive addresses that nobody holds, while it is told of the held ones in ascending order, one by one or many at
// once. It knows where the run that is open now begins. Thread rule: a plain value.
#pragma once

#include "ip/uint128.h"

#include <algorithm>

namespace ipam::occupancy {

// Runs of free addresses within one node of a tree: the one at its front, the one at its end, and the longest one. A node holds at least one address.
template <class Count>
struct FreeRuns {
  Count front = 0;
  Count back = 0;
  Count longest = 0;

  bool operator==(const FreeRuns&) const = default;
};

class RunSearch {
 public:
  // From `first` on, for a run of `wanted` addresses; kMaxU128 asks for the longest run.
  RunSearch(ip::U128 first, ip::U128 wanted) : open_(first), wanted_(wanted) {}

  // `held` is held: the run before it has ended. True when it is long enough: then it begins at open().
  bool close(ip::U128 held) {
    if (past_end_ || held <= open_) return false;
    longest_ = std::max(longest_, held - open_);
    return longest_ >= wanted_;
  }
  // The next run begins after an address that is held.
  void open_after(ip::U128 held) { open_ = held + 1, past_end_ = held == ip::kMaxU128; }
  // A node with these runs, from `first` to `last`, comes next. False when a run that is long enough ends inside: then the node is to be looked into.
  template <class Count>
  bool pass(ip::U128 first, ip::U128 last, const FreeRuns<Count>& runs) {
    const ip::U128 longest = std::max<ip::U128>(first - open_ + runs.front, runs.longest);
    if (longest >= wanted_) return false;
    longest_ = std::max(longest_, longest);
    if (runs.back == 0) {
      open_after(last);
    } else {
      open_ = last - runs.back + 1;
    }
    return true;
  }
  // The search ends with `last`, which may be free.
  bool finish(ip::U128 last) {
    if (past_end_ || open_ > last) return false;
    const ip::U128 length = last - open_ == ip::kMaxU128 ? ip::kMaxU128 : last - open_ + 1;
    longest_ = std::max(longest_, length);
    return longest_ >= wanted_;
  }

  ip::U128 open() const { return open_; }
  ip::U128 longest() const { return longest_; }

 private:
  ip::U128 open_;
  ip::U128 wanted_;
  ip::U128 longest_ = 0;
  bool past_end_ = false;
};

}  // namespace ipam::occupancy
