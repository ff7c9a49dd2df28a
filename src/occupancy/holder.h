// Holder: why an address is not free, and the counts that follow from it. Thread rule: plain values.
#pragma once

#include "ip/uint128.h"

#include <array>
#include <cstdint>

namespace ipam::occupancy {

// Blocked: not to be given, yet in nobody's use: the network and broadcast address of an IPv4 subnet of length 30 or less, and an address that cools
// down after its release. It blocks allocation and never counts as used.
enum class Holder : std::uint8_t { Static, Reservation, Lease, Blocked };
inline constexpr std::size_t kHolderKinds = 4;
inline constexpr std::array<Holder, kHolderKinds> kHolders = {Holder::Static, Holder::Reservation, Holder::Lease, Holder::Blocked};
// How often one address may be held by holders of one kind (leases of failover partners, records of several services).
inline constexpr std::uint16_t kMaxHoldersOfKind = 65'535;

// How many holders of each kind one address has.
struct HolderCounts {
  std::array<std::uint16_t, kHolderKinds> counts{};

  std::uint16_t of(Holder holder) const { return counts[static_cast<std::size_t>(holder)]; }
  std::uint16_t& of(Holder holder) { return counts[static_cast<std::size_t>(holder)]; }
  bool held() const { return (counts[0] | counts[1] | counts[2] | counts[3]) != 0; }
  // Held by somebody who uses it.
  bool used() const { return (of(Holder::Static) | of(Holder::Reservation) | of(Holder::Lease)) != 0; }
  bool operator==(const HolderCounts&) const = default;
};

// Numbers of distinct addresses: used at all, by each kind that counts, and held at all, the blocked ones included. `Count` is as wide as its place
// needs; differences may wrap around.
template <class Count>
struct TallyOf {
  Count used = 0;
  Count assigned = 0;  // Holder::Static
  Count reserved = 0;
  Count leased = 0;
  Count held = 0;

  template <class Other>
  TallyOf& operator+=(const TallyOf<Other>& other) {
    used += other.used, assigned += other.assigned, reserved += other.reserved, leased += other.leased, held += other.held;
    return *this;
  }
  template <class Other>
  TallyOf& operator-=(const TallyOf<Other>& other) {
    used -= other.used, assigned -= other.assigned, reserved -= other.reserved, leased -= other.leased, held -= other.held;
    return *this;
  }
  bool operator==(const TallyOf&) const = default;

  // What one address with these holders adds.
  static TallyOf of(const HolderCounts& counts) {
    const auto one = [](bool condition) { return static_cast<Count>(condition ? 1 : 0); };
    return {one(counts.used()), one(counts.of(Holder::Static) != 0), one(counts.of(Holder::Reservation) != 0), one(counts.of(Holder::Lease) != 0),
            one(counts.held())};
  }
};
using Tally = TallyOf<std::uint32_t>;   // one subtree
using Totals = TallyOf<std::uint64_t>;  // one query

// What a range of addresses is used for. `used` counts an address once however many holders it has; the others count it once a kind.
struct Usage {
  ip::U128 used = 0;
  ip::U128 assigned = 0;
  ip::U128 reserved = 0;
  ip::U128 leased = 0;
  ip::U128 capacity = 0;  // addresses outside every exclusion, or offered all the same; 2^128 is answered as 2^128 - 1
  // Of what is divided into networks of /64: how many there are, and how many are taken. 0 of all else.
  std::uint64_t networks = 0;
  std::uint64_t networks_used = 0;

  bool operator==(const Usage&) const = default;
};

}  // namespace ipam::occupancy
