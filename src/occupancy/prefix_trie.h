// PrefixTrie: the blocks and subnets of one address space and family, as a path-compressed binary trie.
//
// At equal prefixes a block contains the subnet. Every query walks one path: its work is bounded by the length of an address in bits, plus the
// answers. Each node also knows which sizes of gaps are below it, so that free prefixes are found without looking at the taken ones. A gap is a free
// prefix that is not part of a larger one.
// Thread rule: not synchronized; copies cost O(1) and may be used in different threads.
#pragma once

#include "ip/prefix.h"
#include "occupancy/copy_on_write.h"
#include "occupancy/packed_number.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace ipam::occupancy {

enum class PrefixKind : std::uint8_t { Block, Subnet };

struct PrefixEntry {
  ip::Prefix prefix;
  PrefixKind kind = PrefixKind::Block;
  std::uint64_t id = 0;

  bool operator==(const PrefixEntry&) const = default;
};

// Whether an entry with the very prefix that was asked about is an answer.
enum class EqualPrefix : std::uint8_t { Counts, DoesNotCount };

class PrefixTrie {
 public:
  explicit PrefixTrie(ip::Family family) : family_(family) {}

  // Insert needs that there is no such entry, erase that there is one.
  void insert(const ip::Prefix& prefix, PrefixKind kind, std::uint64_t id);
  void erase(const ip::Prefix& prefix, PrefixKind kind);
  std::optional<std::uint64_t> find(const ip::Prefix& prefix, PrefixKind kind) const;

  // All entries that contain the prefix, outermost first.
  std::vector<PrefixEntry> chain(const ip::Prefix& prefix, EqualPrefix equal) const;
  std::optional<PrefixEntry> longest_match(const ip::Prefix& prefix, EqualPrefix equal, std::optional<PrefixKind> kind) const;
  // What lies directly below the entry (or the place where it would be), in address order, at most `limit`.
  std::vector<PrefixEntry> children(const ip::Prefix& parent, PrefixKind kind, std::size_t limit) const;
  // Entries inside the prefix, also equal to it, containers first, at most `limit`.
  std::vector<PrefixEntry> inside(const ip::Prefix& prefix, std::size_t limit) const;
  // The lowest free prefix of this length inside `within` that does not begin before `from`.
  std::optional<ip::Prefix> next_free(const ip::Prefix& within, int length, const ip::Address& from) const;
  // Of the gaps inside `within` that hold a prefix of this length, the lowest of the smallest ones, or of the largest ones.
  enum class GapSize : std::uint8_t { Smallest, Largest };
  std::optional<ip::Prefix> gap(const ip::Prefix& within, int length, GapSize size) const;

  // How many networks of /64 the subnets inside `within` (also equal to it) take; a longer one takes the network that it lies in. IPv6 alone.
  std::uint64_t count_networks(const ip::Prefix& within) const;

  std::size_t size() const { return size_; }
  std::optional<std::string> recount() const;

 private:
  struct Node : SharedNode {
    bool has(PrefixKind kind) const { return (kinds >> static_cast<unsigned>(kind) & 1U) != 0; }
    std::uint64_t& id(PrefixKind kind) { return ids[static_cast<std::size_t>(kind)]; }
    std::uint64_t id(PrefixKind kind) const { return ids[static_cast<std::size_t>(kind)]; }

    std::uint8_t length = 0;
    std::uint8_t kinds = 0;      // a bit for each kind that has an entry here; none in a node that only branches
    PackedNumber bits;           // first address, moved to the top of the 128 bits
    PackedNumber gaps;           // strictly below the entries here: a bit for each length of a gap, see gap_bit; none when there are no children
    std::uint64_t networks = 0;  // of /64 that the subnets here and below take
    std::array<std::uint64_t, 2> ids{};
    std::array<CopyOnWrite<Node>, 2> children;
  };
  using Link = CopyOnWrite<Node>;

  static void insert_below(Link& link, ip::U128 bits, int length, PrefixKind kind, std::uint64_t id);
  static void erase_below(Link& link, ip::U128 bits, int length, PrefixKind kind);
  static void sum_up(Node& node);
  static std::uint64_t networks_of(const Node& node);
  static ip::U128 gaps_below(const Node& node);
  static ip::U128 gaps_in_region(int region, const Node& node);
  static std::optional<ip::U128> free_in_region(int region, const Node& node, int length, ip::U128 from);
  static std::optional<ip::U128> free_below(const Node& node, int length, ip::U128 from);
  static std::optional<ip::U128> gap_in_region(int region, const Node& node, int length);
  static std::optional<ip::U128> gap_below(const Node& node, int length);
  static std::string recount_node(const Node& node, std::size_t& entries);

  ip::U128 top_bits(ip::Address address) const { return address.number() << (128 - ip::bit_count(family_)); }
  ip::Prefix prefix_of(ip::U128 bits, int length) const;
  PrefixEntry entry(const Node& node, PrefixKind kind) const { return {prefix_of(node.bits, node.length), kind, node.id(kind)}; }
  // The topmost node inside the prefix (also equal to it), or null.
  const Node* top_inside(const ip::Prefix& prefix) const;
  template <class Visit>
  void visit_chain(const ip::Prefix& prefix, EqualPrefix equal, Visit&& visit) const;
  void collect_topmost(const Node& node, std::size_t limit, std::vector<PrefixEntry>& entries) const;
  void collect_all(const Node& node, std::size_t limit, std::vector<PrefixEntry>& entries) const;

  ip::Family family_;
  Link root_;
  std::size_t size_ = 0;
};

}  // namespace ipam::occupancy
