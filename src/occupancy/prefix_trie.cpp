#include "occupancy/prefix_trie.h"

#include <algorithm>
#include <bit>
#include <limits>

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

// The bit of a length from 1 to 128, the shortest first; and those of all lengths from `first` to `last`.
U128 gap_bit(int length) { return static_cast<U128>(1) << (length - 1); }
U128 gap_bits(int first, int last) { return first > last ? 0 : ip::kMaxU128 >> (128 - (last - first + 1)) << (first - 1); }
int shortest_in(U128 gaps) {
  return 1 + (ip::low_half(gaps) != 0 ? std::countr_zero(ip::low_half(gaps)) : 64 + std::countr_zero(ip::high_half(gaps)));
}
int longest_in(U128 gaps) {
  return 128 - (ip::high_half(gaps) != 0 ? std::countl_zero(ip::high_half(gaps)) : 64 + std::countl_zero(ip::low_half(gaps)));
}

// The first place from `from` on inside the free prefix of length `free` with these bits. `from` is where a prefix of the wanted length may begin.
std::optional<U128> first_in_gap(U128 bits, int free, U128 from) {
  if (from <= bits) return bits;
  return truncated(from, free) == bits ? std::optional(from) : std::nullopt;
}
// Whether all of it lies before `from`.
bool is_before(U128 bits, int length, U128 from) { return from > bits && truncated(from, length) != bits; }

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
  sum_up(node);
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
    sum_up(node);
  }
}

void PrefixTrie::sum_up(Node& node) {
  node.gaps = gaps_below(node);
  node.networks = networks_of(node);
}

std::uint64_t PrefixTrie::networks_of(const Node& node) {
  constexpr int kNetwork = 64;
  if (node.has(PrefixKind::Subnet) && node.length == 0) return std::numeric_limits<std::uint64_t>::max();
  if (node.has(PrefixKind::Subnet) && node.length <= kNetwork) return std::uint64_t{1} << (kNetwork - node.length);
  std::uint64_t networks = node.has(PrefixKind::Subnet) ? 1 : 0;
  for (const Link& child : node.children) networks += child ? child->networks : 0;
  return node.length >= kNetwork ? std::min<std::uint64_t>(networks, 1) : networks;
}

U128 PrefixTrie::gaps_below(const Node& node) {
  if (!node.children[0] && !node.children[1]) return 0;
  U128 gaps = 0;
  for (const Link& child : node.children) gaps |= child ? gaps_in_region(node.length + 1, *child) : gap_bit(node.length + 1);
  return gaps;
}

// In the region that the first `region` bits of the node span: what lies beside the path to the node, one gap a level, and what is below the node.
U128 PrefixTrie::gaps_in_region(int region, const Node& node) {
  return gap_bits(region + 1, node.length) | (node.kinds == 0 ? static_cast<U128>(node.gaps) : 0);
}

std::uint64_t PrefixTrie::count_networks(const ip::Prefix& within) const {
  const Node* node = top_inside(within);
  return node == nullptr ? 0 : node->networks;
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

std::optional<ip::Prefix> PrefixTrie::next_free(const ip::Prefix& within, int length, const ip::Address& from) const {
  if (length < within.length() || length > ip::bit_count(family_) || from > within.last()) return std::nullopt;
  const U128 asked = from <= within.first() ? top_bits(within.first()) : top_bits(from);
  U128 start = truncated(asked, length);
  if (start != asked) {
    start += unit_at(length);
    if (truncated(start, within.length()) != top_bits(within.first())) return std::nullopt;  // past the end, of the family perhaps
  }
  const Node* node = top_inside(within);
  std::optional<U128> found;
  if (node == nullptr) {
    found = first_in_gap(top_bits(within.first()), within.length(), start);
  } else if (node->length > within.length()) {
    found = free_in_region(within.length(), *node, length, start);
  } else if (!node->has(PrefixKind::Subnet)) {
    found = free_below(*node, length, start);
  }
  return found ? std::optional(prefix_of(*found, length)) : std::nullopt;
}

// The lowest free prefix of this length, from `from` on, in the region that the first `region` bits of the node span. Beside the path from the region
// to the node everything is free: first what lies before the path, the largest first, then the node, then what lies behind it, the smallest first.
std::optional<U128> PrefixTrie::free_in_region(int region, const Node& node, int length, U128 from) {
  if (is_before(truncated(node.bits, region), region, from)) return std::nullopt;
  const int longest = std::min<int>(node.length, length);
  for (int at = region + 1; at <= longest; ++at) {
    if (bit_after(node.bits, at - 1) == 0) continue;
    if (const auto found = first_in_gap(truncated(node.bits, at) ^ unit_at(at), at, from)) return found;
  }
  if (node.kinds == 0) {
    if (const auto found = free_below(node, length, from)) return found;
  }
  for (int at = longest; at > region; --at) {
    if (bit_after(node.bits, at - 1) == 1) continue;
    if (const auto found = first_in_gap(truncated(node.bits, at) | unit_at(at), at, from)) return found;
  }
  return std::nullopt;
}

std::optional<U128> PrefixTrie::free_below(const Node& node, int length, U128 from) {
  if (!node.children[0] && !node.children[1]) return first_in_gap(node.bits, node.length, from);
  if ((node.gaps & gap_bits(1, length)) == 0 || is_before(node.bits, node.length, from)) return std::nullopt;
  for (unsigned half = 0; half < 2; ++half) {
    const int half_length = node.length + 1;
    if (half_length > length) break;
    const Link& child = node.children[half];
    const U128 half_bits = half == 0 ? static_cast<U128>(node.bits) : node.bits | unit_at(half_length);
    const auto found = child ? free_in_region(half_length, *child, length, from) : first_in_gap(half_bits, half_length, from);
    if (found) return found;
  }
  return std::nullopt;
}

std::optional<ip::Prefix> PrefixTrie::gap(const ip::Prefix& within, int length, GapSize size) const {
  if (length < within.length() || length > ip::bit_count(family_)) return std::nullopt;
  const Node* node = top_inside(within);
  const bool at_entry = node != nullptr && node->length == within.length();
  if (at_entry && node->has(PrefixKind::Subnet)) return std::nullopt;
  if (node == nullptr || (at_entry && !node->children[0] && !node->children[1])) return within;
  const U128 fitting = (at_entry ? static_cast<U128>(node->gaps) : gaps_in_region(within.length(), *node)) & gap_bits(1, length);
  if (fitting == 0) return std::nullopt;
  const int wanted = size == GapSize::Smallest ? longest_in(fitting) : shortest_in(fitting);
  const std::optional<U128> found = at_entry ? gap_below(*node, wanted) : gap_in_region(within.length(), *node, wanted);
  return found ? std::optional(prefix_of(*found, wanted)) : std::nullopt;
}

// The lowest gap of exactly this length. Each level of a path has at most one, and all below the node are smaller.
std::optional<U128> PrefixTrie::gap_in_region(int region, const Node& node, int length) {
  if (length > region && length <= node.length) return truncated(node.bits, length) ^ unit_at(length);
  return node.kinds == 0 ? gap_below(node, length) : std::nullopt;
}

std::optional<U128> PrefixTrie::gap_below(const Node& node, int length) {
  if ((node.gaps & gap_bit(length)) == 0) return std::nullopt;
  for (unsigned half = 0; half < 2; ++half) {
    const int half_length = node.length + 1;
    const Link& child = node.children[half];
    if (child) {
      if (const auto found = gap_in_region(half_length, *child, length)) return found;
    } else if (half_length == length) {
      return half == 0 ? static_cast<U128>(node.bits) : node.bits | unit_at(half_length);
    }
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
  if (node.networks != networks_of(node)) return "the number of networks differs from a recount";
  return node.gaps == gaps_below(node) ? std::string() : "the sizes of gaps differ from a recount";
}

std::optional<std::string> PrefixTrie::recount() const {
  std::size_t entries = 0;
  std::string fault = root_ ? recount_node(*root_, entries) : std::string();
  if (fault.empty() && entries != size_) fault = "the number of entries differs from a recount";
  return fault.empty() ? std::nullopt : std::optional("prefixes: " + fault);
}

}  // namespace ipam::occupancy
