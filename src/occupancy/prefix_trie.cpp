#include "occupancy/prefix_trie.h"

#include <algorithm>
#include <bit>

namespace ipam::occupancy {
namespace {

using ip::U128;

constexpr std::array<PrefixKind, 2> kOutermostFirst = {PrefixKind::Block, PrefixKind::Subnet};

// The bit after the first `length` bits.
unsigned bit_after(U128 bits, int length) { return static_cast<unsigned>(bits >> (127 - length)) & 1U; }
U128 unit_at(int length) { return static_cast<U128>(1) << (128 - length); }  // the last bit of a prefix of this length, 1 to 128

int common_length(U128 a, U128 b) {
  const U128 difference = a ^ b;
  if (ip::high_half(difference) != 0) return std::countl_zero(ip::high_half(difference));
  return 64 + std::countl_zero(ip::low_half(difference));
}

U128 truncated(U128 bits, int length) { return length == 0 ? 0 : bits & ~(unit_at(length) - 1); }

}  // namespace

ip::Prefix PrefixTrie::prefix_of(U128 bits, int length) const {
  return ip::Prefix::containing(ip::Address(family_, bits >> (128 - ip::bit_count(family_))), length);
}

void PrefixTrie::insert(const ip::Prefix& prefix, PrefixKind kind, std::uint64_t id) {
  insert_below(root_, top_bits(prefix.first()), prefix.length(), kind, id);
  ++size_;
}

void PrefixTrie::insert_below(Link& link, U128 bits, int length, PrefixKind kind, std::uint64_t id) {
  const int common = link ? std::min({common_length(bits, link->bits), length, static_cast<int>(link->length)}) : length;
  if (!link || common < link->length) {  // a new node goes above: the entry's own, or one that only branches
    Link below = std::move(link);
    link = Link::make();
    Node& node = link.edit();
    node.length = static_cast<std::uint8_t>(common);
    node.bits = truncated(bits, common);
    if (below) {
      const unsigned side = bit_after(below->bits, common);
      node.children[side] = std::move(below);
    }
  }
  Node& node = link.edit();
  if (common == length) {
    node.kinds = static_cast<std::uint8_t>(node.kinds | 1U << static_cast<unsigned>(kind));
    node.id(kind) = id;
  } else {
    insert_below(node.children[bit_after(bits, common)], bits, length, kind, id);
  }
  node.free_from = free_from(node);
}

void PrefixTrie::erase(const ip::Prefix& prefix, PrefixKind kind) {
  erase_below(root_, top_bits(prefix.first()), prefix.length(), kind);
  --size_;
}

void PrefixTrie::erase_below(Link& link, U128 bits, int length, PrefixKind kind) {
  Node& node = link.edit();
  if (node.length == length) {
    node.kinds = static_cast<std::uint8_t>(node.kinds & ~(1U << static_cast<unsigned>(kind)));
    node.id(kind) = 0;
  } else {
    erase_below(node.children[bit_after(bits, node.length)], bits, length, kind);
  }
  if (node.kinds == 0 && !(node.children[0] && node.children[1])) {  // it neither branches nor holds an entry: what is below takes its place
    Link below = std::move(node.children[node.children[0] ? 0 : 1]);
    link = std::move(below);
  } else {
    node.free_from = free_from(node);
  }
}

std::uint8_t PrefixTrie::free_from(const Node& node) {
  if (!node.children[0] && !node.children[1]) return node.length;
  std::uint8_t best = kNothingFree;
  for (const Link& child : node.children) {
    const int half = node.length + 1;
    int found = half;  // the half is free as a whole
    if (child) {
      found = child->kinds != 0 ? kNothingFree : child->free_from;
      if (child->length > half) found = half + 1;  // what lies beside the path to the child
    }
    best = std::min(best, static_cast<std::uint8_t>(found));
  }
  return best;
}

std::optional<std::uint64_t> PrefixTrie::find(const ip::Prefix& prefix, PrefixKind kind) const {
  const Node* node = top_inside(prefix);
  return node != nullptr && node->length == prefix.length() && node->has(kind) ? std::optional(node->id(kind)) : std::nullopt;
}

const PrefixTrie::Node* PrefixTrie::top_inside(const ip::Prefix& prefix) const {
  const U128 bits = top_bits(prefix.first());
  const Node* node = root_.get();
  while (node != nullptr && node->length < prefix.length()) {
    if (common_length(bits, node->bits) < node->length) return nullptr;
    node = node->children[bit_after(bits, node->length)].get();
  }
  return node != nullptr && common_length(bits, node->bits) >= prefix.length() ? node : nullptr;
}

template <class Visit>
void PrefixTrie::visit_chain(const ip::Prefix& prefix, EqualPrefix equal, Visit&& visit) const {
  const U128 bits = top_bits(prefix.first());
  const int longest = equal == EqualPrefix::Counts ? prefix.length() : prefix.length() - 1;
  const Node* node = root_.get();
  while (node != nullptr && node->length <= longest && common_length(bits, node->bits) >= node->length) {
    for (const PrefixKind kind : kOutermostFirst) {
      if (node->has(kind)) visit(*node, kind);
    }
    if (node->length == ip::bit_count(family_)) return;
    node = node->children[bit_after(bits, node->length)].get();
  }
}

std::vector<PrefixEntry> PrefixTrie::chain(const ip::Prefix& prefix, EqualPrefix equal) const {
  std::vector<PrefixEntry> entries;
  visit_chain(prefix, equal, [&](const Node& node, PrefixKind kind) { entries.push_back(entry(node, kind)); });
  return entries;
}

std::optional<PrefixEntry> PrefixTrie::longest_match(const ip::Prefix& prefix, EqualPrefix equal, std::optional<PrefixKind> kind) const {
  const Node* best = nullptr;
  PrefixKind best_kind{};
  visit_chain(prefix, equal, [&](const Node& node, PrefixKind found) {
    if (!kind || *kind == found) best = &node, best_kind = found;
  });
  return best == nullptr ? std::nullopt : std::optional(entry(*best, best_kind));
}

std::vector<PrefixEntry> PrefixTrie::children(const ip::Prefix& parent, PrefixKind kind, std::size_t limit) const {
  std::vector<PrefixEntry> entries;
  const Node* node = top_inside(parent);
  if (node == nullptr) return entries;
  if (node->length > parent.length()) {
    collect_topmost(*node, limit, entries);
  } else if (kind == PrefixKind::Block && node->has(PrefixKind::Subnet)) {
    if (limit > 0) entries.push_back(entry(*node, PrefixKind::Subnet));
  } else {
    for (const Link& child : node->children) {
      if (child) collect_topmost(*child, limit, entries);
    }
  }
  return entries;
}

void PrefixTrie::collect_topmost(const Node& node, std::size_t limit, std::vector<PrefixEntry>& entries) const {
  if (entries.size() >= limit) return;
  if (node.kinds != 0) return entries.push_back(entry(node, node.has(PrefixKind::Block) ? PrefixKind::Block : PrefixKind::Subnet));
  for (const Link& child : node.children) {
    if (child) collect_topmost(*child, limit, entries);
  }
}

std::vector<PrefixEntry> PrefixTrie::inside(const ip::Prefix& prefix, std::size_t limit) const {
  std::vector<PrefixEntry> entries;
  if (const Node* node = top_inside(prefix)) collect_all(*node, limit, entries);
  return entries;
}

void PrefixTrie::collect_all(const Node& node, std::size_t limit, std::vector<PrefixEntry>& entries) const {
  for (const PrefixKind kind : kOutermostFirst) {
    if (node.has(kind) && entries.size() < limit) entries.push_back(entry(node, kind));
  }
  for (const Link& child : node.children) {
    if (child && entries.size() < limit) collect_all(*child, limit, entries);
  }
}

std::optional<ip::Prefix> PrefixTrie::next_free(const ip::Prefix& within, int length) const {
  if (length < within.length() || length > ip::bit_count(family_)) return std::nullopt;
  const Node* node = top_inside(within);
  std::optional<U128> found;
  if (node == nullptr) {
    found = top_bits(within.first());
  } else if (node->length > within.length()) {
    found = free_in_region(within.length(), *node, length);
  } else if (!node->has(PrefixKind::Subnet)) {
    found = free_below(*node, length);
  }
  return found ? std::optional(prefix_of(*found, length)) : std::nullopt;
}

// The lowest free prefix of this length in the region that the first `region` bits of the node span. Beside the path from the region to the node
// everything is free: first what lies before the path, the largest first, then the node, then what lies behind it, the smallest first.
std::optional<U128> PrefixTrie::free_in_region(int region, const Node& node, int length) {
  const int longest = std::min<int>(node.length, length);
  for (int at = region + 1; at <= longest; ++at) {
    if (bit_after(node.bits, at - 1) == 1) return truncated(node.bits, at) ^ unit_at(at);
  }
  if (node.kinds == 0 && node.free_from <= length) return free_below(node, length);
  for (int at = longest; at > region; --at) {
    if (bit_after(node.bits, at - 1) == 0) return truncated(node.bits, at) | unit_at(at);
  }
  return std::nullopt;
}

std::optional<U128> PrefixTrie::free_below(const Node& node, int length) {
  if (node.free_from > length) return std::nullopt;
  if (!node.children[0] && !node.children[1]) return node.bits;
  for (unsigned half = 0; half < 2; ++half) {
    const int half_length = node.length + 1;
    if (half_length > length) break;
    if (!node.children[half]) return half == 0 ? static_cast<U128>(node.bits) : node.bits | unit_at(half_length);
    if (const auto found = free_in_region(half_length, *node.children[half], length)) return found;
  }
  return std::nullopt;
}

std::string PrefixTrie::recount_node(const Node& node, std::size_t& entries) {
  entries += static_cast<std::size_t>(std::popcount(node.kinds));
  if (node.kinds == 0 && !(node.children[0] && node.children[1])) return "a node neither branches nor holds an entry";
  for (unsigned side = 0; side < 2; ++side) {
    const Node* child = node.children[side].get();
    if (child == nullptr) continue;
    if (child->length <= node.length || common_length(child->bits, node.bits) < node.length || bit_after(child->bits, node.length) != side) {
      return "a child does not lie below its parent";
    }
    if (std::string fault = recount_node(*child, entries); !fault.empty()) return fault;
  }
  return node.free_from == free_from(node) ? std::string() : "the largest free prefix differs from a recount";
}

std::optional<std::string> PrefixTrie::recount() const {
  std::size_t entries = 0;
  std::string fault = root_ ? recount_node(*root_, entries) : std::string();
  if (fault.empty() && entries != size_) fault = "the number of entries differs from a recount";
  return fault.empty() ? std::nullopt : std::optional("prefixes: " + fault);
}

}  // namespace ipam::occupancy
