// FullestPage: one page of a list that is ordered by how full its objects are, kept while all of them go by. Thread rule: plain values.
#pragma once

#include "store/store.h"

#include <algorithm>
#include <cmath>

namespace ipam::service::search {

// Where an object stands in such an order. As cells of a cursor: how full, then the others.
struct FullnessPlace {
  std::int64_t fullness = 0;        // in millionths of a percent
  std::vector<store::Value> cells;  // in the list's own order, the primary key included

  std::vector<store::Value> to_cursor() const;
  // Nothing of an empty cursor. Errors: InvalidArgument on /cursor: it is of another list.
  static Result<std::optional<FullnessPlace>> from_cursor(const std::vector<store::Value>& cursor, std::size_t cells);
};

class FullnessOrder {
 public:
  FullnessOrder(std::vector<store::SortKey> keys, bool fullest_first) : keys_(std::move(keys)), fullest_first_(fullest_first) {}

  const std::vector<store::SortKey>& keys() const { return keys_; }
  bool precedes(const FullnessPlace& a, const FullnessPlace& b) const;

 private:
  std::vector<store::SortKey> keys_;
  bool fullest_first_;
};

template <class T>
class FullestPage {
 public:
  // Of the query its order, limit and cursor. Errors: InvalidArgument on /cursor.
  static Result<FullestPage> create(const store::Query& query, bool fullest_first) {
    FullnessOrder order(store::total_order(store::table<T>(), query), fullest_first);
    auto after = IPAM_TRY(FullnessPlace::from_cursor(query.after, order.keys().size()));
    return FullestPage(std::move(order), query.limit, std::move(after));
  }

  void add(const T& object, double percent) {
    FullnessPlace place = place_of(object, percent);
    if (after_ && !order_.precedes(*after_, place)) return;
    if (kept_.size() > limit_ && !order_.precedes(place, kept_.front().place)) return;
    kept_.push_back({std::move(place), object});
    std::push_heap(kept_.begin(), kept_.end(), earlier());
    // One more than the page tells whether there is another page.
    if (kept_.size() <= limit_ + 1) return;
    std::pop_heap(kept_.begin(), kept_.end(), earlier());
    kept_.pop_back();
  }

  store::Page<T> page() && {
    std::sort_heap(kept_.begin(), kept_.end(), earlier());
    store::Page<T> page;
    if (kept_.size() > limit_) {
      kept_.pop_back();
      page.next_cursor = store::write_cursor(kept_.back().place.to_cursor());
    }
    for (Kept& each : kept_) page.items.push_back(std::move(each.object));
    return page;
  }

 private:
  struct Kept {
    FullnessPlace place;
    T object;
  };

  FullestPage(FullnessOrder order, std::size_t limit, std::optional<FullnessPlace> after)
      : order_(std::move(order)), limit_(limit), after_(std::move(after)) {}

  FullnessPlace place_of(const T& object, double percent) const {
    FullnessPlace place{std::llround(percent * 1e6), {}};
    const std::vector<store::Value> cells = store::to_cells(object);
    for (const store::SortKey& key : order_.keys()) {
      place.cells.push_back(cells[static_cast<std::size_t>(store::table<T>().find_column(key.column))]);
    }
    return place;
  }
  auto earlier() const {
    return [this](const Kept& a, const Kept& b) { return order_.precedes(a.place, b.place); };
  }

  FullnessOrder order_;
  std::size_t limit_;
  std::optional<FullnessPlace> after_;
  std::vector<Kept> kept_;  // a heap whose front is the last in order
};

}  // namespace ipam::service::search
