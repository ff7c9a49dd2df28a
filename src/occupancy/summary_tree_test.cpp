#include "occupancy/summary_tree.h"

#include "support/rapidcheck.h"

#include <map>
#include <random>

namespace ipam::occupancy {
namespace {

// Numbers with a weight; the summary is the number of entries and the sum of weights.
struct WeightTraits {
  using Key = std::uint64_t;
  struct Entry {
    std::uint64_t key = 0;
    std::uint64_t weight = 0;
  };
  struct Summary {
    std::uint64_t entries = 0;
    std::uint64_t weight = 0;
    void append(const Entry& entry) { ++entries, weight += entry.weight; }
    void append(const Summary& other) { entries += other.entries, weight += other.weight; }
    bool operator==(const Summary&) const = default;
  };
  static Entry make(const Key& key) { return {key, 0}; }
  static Key key(const Entry& entry) { return entry.key; }
};
using Tree = SummaryTree<WeightTraits>;

void put(Tree& tree, std::uint64_t key, std::uint64_t weight) {
  tree.edit(key, [weight](WeightTraits::Entry& entry) {
    entry.weight = weight;
    return weight != 0;
  });
}

std::string difference(const Tree& tree, const std::map<std::uint64_t, std::uint64_t>& model, std::uint64_t place) {
  if (const auto fault = tree.recount()) return *fault;
  std::uint64_t below = 0;
  for (const auto& [key, weight] : model) {
    if (key < place) below += weight;
  }
  const auto at = model.find(place);
  const std::uint64_t weight = at == model.end() ? 0 : at->second;
  if (tree.below(place).weight != below) return "the sum below differs";
  if (tree.up_to(place).weight != below + weight) return "the sum up to differs";
  if (tree.up_to(~0ULL).entries != model.size()) return "the number of entries differs";
  const auto* entry = tree.find(place);
  if ((entry == nullptr ? 0 : entry->weight) != weight) return "the entry differs";
  return {};
}

// Grows and shrinks by turns, through every height of the tree and back to none.
RC_GTEST_PROP(SummaryTree, KeepsItsSumsWhileItGrowsAndShrinks, ()) {
  std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
  const std::uint64_t span = *rc::gen::inRange<std::uint64_t>(1, 40'000);
  Tree tree;
  std::map<std::uint64_t, std::uint64_t> model;
  for (int phase = 0; phase < 4; ++phase) {
    for (int i = 0; i < 4'000; ++i) {
      const std::uint64_t key = random() % span;
      const std::uint64_t weight = random() % 4 < (phase % 2 == 0 ? 3U : 1U) ? random() % 100 + 1 : 0;
      put(tree, key, weight);
      if (weight == 0) {
        model.erase(key);
      } else {
        model[key] = weight;
      }
    }
    RC_ASSERT(difference(tree, model, random() % span) == "");
  }
  const Tree full = tree;
  while (!model.empty()) {
    const auto near = model.lower_bound(random() % span);
    const auto victim = near == model.end() ? model.begin() : near;
    put(tree, victim->first, 0);
    model.erase(victim);
    if (model.size() % 500 == 0) RC_ASSERT(difference(tree, model, random() % span) == "");
  }
  RC_ASSERT(tree.empty());
  RC_ASSERT(!full.recount());
}

TEST(SummaryTree, FillsItsNodesWhenEntriesComeInOrder) {
  Tree tree;
  for (std::uint64_t key = 0; key < 32 * 32 * 32; ++key) put(tree, key, 1);
  const Tree::Node* node = tree.root();
  for (int level = 0; level < 2; ++level) {
    ASSERT_FALSE(node->leaf);
    EXPECT_EQ(node->size, 32);
    node = Tree::as_inner(*node).items[0].child.get();
  }
  EXPECT_TRUE(node->leaf);
}

TEST(SummaryTree, TouchesOnlyThePathItChangesInACopy) {
  Tree tree;
  for (std::uint64_t key = 0; key < 1'000; ++key) put(tree, key, 1);
  const Tree before = tree;
  put(tree, 500, 7);
  const auto& old_root = Tree::as_inner(*before.root());
  const auto& new_root = Tree::as_inner(*tree.root());
  int copied = 0;
  for (std::size_t i = 0; i < old_root.size; ++i) copied += old_root.items[i].child.get() != new_root.items[i].child.get();
  EXPECT_EQ(copied, 1);
  EXPECT_EQ(before.find(500)->weight, 1U);
}

}  // namespace
}  // namespace ipam::occupancy
