// Structures of every kind, for the tests and the fuzz target of this room alone; tests/lab/record_ndr_golden.py has the same ones for another
// engine. Thread rule: plain values.
#pragma once

#include "wire/ndr/ndr.h"

namespace ipam::wire::ndr::samples {

enum class Colour : std::uint16_t { Red, Green, Blue };

struct Numbers {
  std::uint8_t one = 0;
  std::uint16_t two = 0;
  std::uint8_t three = 0;
  std::uint32_t four = 0;
  std::uint8_t five = 0;
  std::uint64_t eight = 0;
  Colour colour = Colour::Red;

  bool operator==(const Numbers&) const = default;
};
constexpr auto layout(const Numbers*) {
  return structure(field("One", &Numbers::one, u8), field("Two", &Numbers::two, u16), field("Three", &Numbers::three, u8),
                   field("Four", &Numbers::four, u32), field("Five", &Numbers::five, u8), field("Eight", &Numbers::eight, u64),
                   field("Colour", &Numbers::colour, enum16));
}

struct Masters {
  std::vector<std::uint32_t> addresses;

  bool operator==(const Masters&) const = default;
};
constexpr auto layout(const Masters*) {
  return structure(count_of("Count", &Masters::addresses, u32), field("Addresses", &Masters::addresses, unique(conformant(u32))));
}

struct Zone {
  std::uint8_t type = 0;
  std::optional<std::string> name;
  std::uint32_t flags = 0;
  std::optional<std::string> partition;
  Masters masters;

  bool operator==(const Zone&) const = default;
};
constexpr auto layout(const Zone*) {
  return structure(field("Type", &Zone::type, u8), field("Name", &Zone::name, unique(wide_text)), field("Flags", &Zone::flags, u32),
                   field("Partition", &Zone::partition, unique(text)), field("Masters", &Zone::masters, described));
}

struct ZoneList {
  std::uint32_t version = 0;
  std::vector<std::optional<Zone>> zones;

  bool operator==(const ZoneList&) const = default;
};
constexpr auto layout(const ZoneList*) {
  return structure(field("Version", &ZoneList::version, u32), count_of("ZoneCount", &ZoneList::zones, u32),
                   field("Zones", &ZoneList::zones, conformant(unique(described))));
}

using Choice = std::variant<std::uint32_t, std::optional<std::string>, std::optional<ZoneList>>;
inline constexpr auto kChoice = union_of(u32, arm<1>(u32), arm<3>(unique(wide_text)), arm<27>(unique(described)));

struct Answer {
  std::uint8_t small = 0;
  Numbers numbers;
  std::optional<std::string> server;
  std::optional<ZoneList> zones;
  Choice choice;
  ContextHandle handle;
  Bytes octets;
  std::string title;
  std::array<std::uint16_t, 3> quad{};
  std::uint32_t result = 0;

  bool operator==(const Answer&) const = default;
};
constexpr auto layout(const Answer*) {
  return parameters(field("Small", &Answer::small, u8), field("Numbers", &Answer::numbers, described),
                    field("Server", &Answer::server, unique(wide_text)), field("Zones", &Answer::zones, unique(described)),
                    arm_of("TypeId", &Answer::choice, u32, kChoice), field("Choice", &Answer::choice, kChoice),
                    field("Handle", &Answer::handle, context_handle), field("Octets", &Answer::octets, conformant_varying(u8)),
                    field("Title", &Answer::title, wide_text), field("Quad", &Answer::quad, fixed(u16)), field("Result", &Answer::result, u32));
}

// A list whose links are full pointers: two may refer to one node.
struct Node {
  std::uint32_t number = 0;
  std::shared_ptr<Node> next;
};
constexpr auto layout(const Node*);
struct Pair {
  std::shared_ptr<Node> left;
  std::shared_ptr<Node> right;
};
constexpr auto layout(const Node*) {
  return structure(field("Number", &Node::number, u32), reserved("Reserved", u16), field("Next", &Node::next, full(described)));
}
constexpr auto layout(const Pair*) { return structure(field("Left", &Pair::left, full(described)), field("Right", &Pair::right, full(described))); }

}  // namespace ipam::wire::ndr::samples
