// SummaryTree: a B+-tree whose nodes know a summary (a count, a maximum, a measure) of everything below them, with copy-on-write nodes.
//
// `Traits` gives
//   Key     ordered by <;
//   Entry   what is kept, `static Entry make(const Key&)`, `static Key key(const Entry&)`;
//   Summary a monoid: default construction is its identity, `append(const Entry&)` and `append(const Summary&)` add what follows in key order, ==.
// Every operation costs O(log n); copying the tree costs O(1). Nodes are at least half full on average and never empty.
// Thread rule: not synchronized; copies may be used in different threads.
#pragma once

#include "occupancy/copy_on_write.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace ipam::occupancy {

template <class Traits>
class SummaryTree {
 public:
  using Key = typename Traits::Key;
  using Entry = typename Traits::Entry;
  using Summary = typename Traits::Summary;

  // The shape is open to algorithms that descend by more than a key; only the tree changes it.
  struct Node : SharedNode {
    Node(bool leaf_in) : leaf(leaf_in) {}
    Node(const Node&) = default;
    virtual ~Node() = default;
    virtual std::unique_ptr<Node> clone() const = 0;

    const bool leaf;
    std::uint16_t size = 0;
  };
  struct Link {
    Key first{};  // exactly the first key below
    Summary summary{};
    Summary before{};  // of the earlier links of the same node: a prefix of the tree is summed up in one step a level
    CopyOnWrite<Node> child;
  };
  static constexpr std::size_t kFanout = 32;

  template <class Item, bool kIsLeaf>
  struct Items final : Node {
    Items() : Node(kIsLeaf) {}
    std::unique_ptr<Node> clone() const override { return std::make_unique<Items>(*this); }
    const Item* begin() const { return items.data(); }
    const Item* end() const { return items.data() + this->size; }
    bool full() const { return this->size == kFanout; }

    std::array<Item, kFanout> items{};
  };
  using Leaf = Items<Entry, true>;
  using Inner = Items<Link, false>;
  static const Leaf& as_leaf(const Node& node) { return static_cast<const Leaf&>(node); }
  static const Inner& as_inner(const Node& node) { return static_cast<const Inner&>(node); }
  const Node* root() const { return root_.get(); }

  bool empty() const { return !root_; }

  // Calls `change(entry)` with the entry of this key, or with a new one; the entry is kept when `change` answers true, else it is removed.
  template <class Change>
  void edit(const Key& key, Change&& change) {
    if (!root_) root_ = CopyOnWrite<Node>(std::make_unique<Leaf>());
    if (CopyOnWrite<Node> right = edit_node(root_, key, change)) {
      auto top = std::make_unique<Inner>();
      top->items[0] = link_to(std::move(root_));
      top->items[1] = link_to(std::move(right));
      top->size = 2;
      sum_up(*top, 0);
      root_ = CopyOnWrite<Node>(std::move(top));
    }
    while (!root_->leaf && root_->size == 1) root_ = CopyOnWrite<Node>(as_inner(*root_).items[0].child);
    if (root_->size == 0) root_ = {};
  }

  const Entry* find(const Key& key) const {
    const Node* node = root_.get();
    if (node == nullptr) return nullptr;
    while (!node->leaf) node = as_inner(*node).items[child_of(as_inner(*node), key)].child.get();
    const Leaf& leaf = as_leaf(*node);
    const Entry* at = position(leaf, key);
    return at != leaf.end() && !(key < Traits::key(*at)) ? at : nullptr;
  }

  // The summary of all entries with a key below `key`, or also with the key itself.
  Summary below(const Key& key) const {
    return up_to_where([&](const Key& other) { return other < key; });
  }
  Summary up_to(const Key& key) const {
    return up_to_where([&](const Key& other) { return !(key < other); });
  }

  // Calls `visit(entry)` in key order for the entries below the nodes that `enter(first, summary)` accepts; stops when `visit` answers false.
  template <class Enter, class Visit>
  void walk(Enter&& enter, Visit&& visit) const {
    if (root_) walk_node(*root_, enter, visit);
  }

  // Recounts every summary from the entries; says what is wrong.
  std::optional<std::string> recount() const {
    if (!root_) return std::nullopt;
    std::optional<Key> previous;
    std::string fault = recount_node(*root_, previous);
    return fault.empty() ? std::nullopt : std::optional(fault);
  }

 private:
  static const Entry* position(const Leaf& leaf, const Key& key) {
    return std::partition_point(leaf.begin(), leaf.end(), [&](const Entry& entry) { return Traits::key(entry) < key; });
  }
  // The child whose span holds the key: the last that does not begin after it, or the first.
  static std::size_t child_of(const Inner& inner, const Key& key) {
    const auto after = std::partition_point(inner.begin() + 1, inner.end(), [&](const Link& link) { return !(key < link.first); });
    return static_cast<std::size_t>(after - inner.begin()) - 1;
  }

  static Key first_of(const Node& node) { return node.leaf ? Traits::key(as_leaf(node).items[0]) : as_inner(node).items[0].first; }
  static Summary summary_of(const Node& node) {
    Summary summary{};
    if (node.leaf) {
      for (const Entry& entry : as_leaf(node)) summary.append(entry);
    } else if (node.size != 0) {
      summary = through(as_inner(node).items[node.size - 1U]);
    }
    return summary;
  }
  static Summary through(const Link& link) {
    Summary summary = link.before;
    summary.append(link.summary);
    return summary;
  }
  // Sums up what the links from `at` on have before them; to be called when a link before them has changed.
  static void sum_up(Inner& inner, std::size_t at) {
    for (; at < inner.size; ++at) inner.items[at].before = at == 0 ? Summary{} : through(inner.items[at - 1]);
  }
  static void sum_up(Leaf& /*leaf*/, std::size_t /*at*/) {}
  static Link link_to(CopyOnWrite<Node> node) {
    Link link;
    link.first = first_of(*node);
    link.summary = summary_of(*node);
    link.child = std::move(node);
    return link;
  }
  static void refresh(Link& link) {
    link.first = first_of(*link.child);
    link.summary = summary_of(*link.child);
  }

  template <class Item, bool kIsLeaf>
  static void insert_at(Items<Item, kIsLeaf>& node, std::size_t at, Item item) {
    const auto begin = node.items.begin();
    std::move_backward(begin + static_cast<std::ptrdiff_t>(at), begin + node.size, begin + node.size + 1);
    node.items[at] = std::move(item);
    ++node.size;
  }
  template <class Item, bool kIsLeaf>
  static void erase_at(Items<Item, kIsLeaf>& node, std::size_t at) {
    const auto begin = node.items.begin();
    std::move(begin + static_cast<std::ptrdiff_t>(at) + 1, begin + node.size, begin + static_cast<std::ptrdiff_t>(at));
    node.items[--node.size] = Item{};
  }
  // Moves the items from `keep` on to the front of `right`.
  template <class Item, bool kIsLeaf>
  static void move_tail(Items<Item, kIsLeaf>& left, std::size_t keep, Items<Item, kIsLeaf>& right) {
    while (left.size > keep) {
      insert_at(right, 0, std::move(left.items[left.size - 1U]));
      left.items[--left.size] = Item{};
    }
  }
  // Inserts, and answers the right half when the node had to be split. What is appended in order leaves full nodes behind.
  template <class Item, bool kIsLeaf>
  static CopyOnWrite<Node> insert_or_split(Items<Item, kIsLeaf>& node, std::size_t at, Item item) {
    if (!node.full()) {
      insert_at(node, at, std::move(item));
      sum_up(node, at);
      return {};
    }
    auto right = std::make_unique<Items<Item, kIsLeaf>>();
    const std::size_t keep = at == kFanout ? kFanout : kFanout / 2;
    move_tail(node, keep, *right);
    if (at < keep) {
      insert_at(node, at, std::move(item));
    } else {
      insert_at(*right, at - keep, std::move(item));
    }
    sum_up(node, 0);
    sum_up(*right, 0);
    return CopyOnWrite<Node>(std::move(right));
  }
  // Makes one node of two when it has room to spare (so that the next insertion does not split it again), else shares their items evenly. True when
  // the right one is empty now.
  template <class Item, bool kIsLeaf>
  static bool join(Items<Item, kIsLeaf>& left, Items<Item, kIsLeaf>& right) {
    const std::size_t total = static_cast<std::size_t>(left.size) + right.size;
    const std::size_t goal = total <= kFanout * 3 / 4 ? total : total / 2;
    move_tail(left, std::min<std::size_t>(goal, left.size), right);
    const std::size_t moved = goal - left.size;
    for (std::size_t i = 0; i < moved; ++i) left.items[left.size++] = std::move(right.items[i]);
    std::move(right.items.begin() + static_cast<std::ptrdiff_t>(moved), right.items.begin() + right.size, right.items.begin());
    for (std::size_t i = 0; i < moved; ++i) right.items[--right.size] = Item{};
    sum_up(left, 0);
    sum_up(right, 0);
    return right.size == 0;
  }

  template <class Change>
  static CopyOnWrite<Node> edit_node(CopyOnWrite<Node>& node, const Key& key, Change& change) {
    Node& own = node.edit();
    if (!own.leaf) return edit_inner(static_cast<Inner&>(own), key, change);
    Leaf& leaf = static_cast<Leaf&>(own);
    const auto at = static_cast<std::size_t>(position(leaf, key) - leaf.begin());
    if (at < leaf.size && !(key < Traits::key(leaf.items[at]))) {
      if (!change(leaf.items[at])) erase_at(leaf, at);
      return {};
    }
    Entry entry = Traits::make(key);
    if (!change(entry)) return {};
    return insert_or_split(leaf, at, std::move(entry));
  }

  template <class Change>
  static CopyOnWrite<Node> edit_inner(Inner& inner, const Key& key, Change& change) {
    const std::size_t at = child_of(inner, key);
    Link& link = inner.items[at];
    const std::size_t before = link.child->size;
    CopyOnWrite<Node> right = edit_node(link.child, key, change);
    if (link.child->size >= std::min(before, kFanout / 4)) {  // a small node that grows is left alone
      refresh(link);
      if (right) return insert_or_split(inner, at + 1, link_to(std::move(right)));
      sum_up(inner, at + 1);
      return {};
    }
    if (inner.size > 1) {
      join_children(inner, at == 0 ? 0 : at - 1);
    } else if (link.child->size == 0) {
      erase_at(inner, at);
    } else {
      refresh(link);
    }
    return {};
  }

  static void join_children(Inner& inner, std::size_t left) {
    Link& a = inner.items[left];
    Link& b = inner.items[left + 1];
    Node& a_node = a.child.edit();
    Node& b_node = b.child.edit();
    const bool joined =
        a_node.leaf ? join(static_cast<Leaf&>(a_node), static_cast<Leaf&>(b_node)) : join(static_cast<Inner&>(a_node), static_cast<Inner&>(b_node));
    refresh(a);
    if (joined) {
      erase_at(inner, left + 1);
    } else {
      refresh(b);
    }
    sum_up(inner, left + 1);
  }

  template <class Before>
  Summary up_to_where(Before&& before) const {
    Summary summary{};
    const Node* node = root_.get();
    while (node != nullptr && !node->leaf) {
      const Inner& inner = as_inner(*node);
      const Link* after = std::partition_point(inner.begin(), inner.end(), [&](const Link& link) { return before(link.first); });
      if (after == inner.begin()) return summary;
      summary.append((after - 1)->before);
      node = (after - 1)->child.get();
    }
    if (node == nullptr) return summary;
    for (const Entry& entry : as_leaf(*node)) {
      if (!before(Traits::key(entry))) break;
      summary.append(entry);
    }
    return summary;
  }

  template <class Enter, class Visit>
  static bool walk_node(const Node& node, Enter& enter, Visit& visit) {
    if (node.leaf) return std::all_of(as_leaf(node).begin(), as_leaf(node).end(), visit);
    for (const Link& link : as_inner(node)) {
      if (enter(link.first, link.summary) && !walk_node(*link.child, enter, visit)) return false;
    }
    return true;
  }

  static std::string recount_node(const Node& node, std::optional<Key>& previous) {
    if (node.size == 0 || node.size > kFanout) return "a node has no entry or too many";
    if (node.leaf) {
      for (const Entry& entry : as_leaf(node)) {
        if (previous && !(*previous < Traits::key(entry))) return "entries are out of order";
        previous = Traits::key(entry);
      }
      return {};
    }
    Summary before{};
    for (const Link& link : as_inner(node)) {
      if (!(link.before == before)) return "the sum before a link differs from a recount";
      before.append(link.summary);
      const Key first = first_of(*link.child);
      if (link.first < first || first < link.first) return "a link does not name the first key below it";
      if (!(link.summary == summary_of(*link.child))) return "a link's summary differs from a recount";
      if (std::string fault = recount_node(*link.child, previous); !fault.empty()) return fault;
    }
    return {};
  }

  CopyOnWrite<Node> root_;
};

}  // namespace ipam::occupancy
