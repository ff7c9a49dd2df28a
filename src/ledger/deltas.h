// What each object means to the index: a subnet is a prefix and, in IPv4, two boundary addresses; a DHCP pool is a range that blocks allocation; an
// address, a reservation and a lease hold an address. The one place where it is said: the load at start and every later change go through it.
// Thread rule: pure functions.
#pragma once

#include "model/object.h"
#include "occupancy/delta.h"
#include "occupancy/overlay.h"

#include <concepts>

namespace ipam::ledger {

enum class Direction { Add, Remove };

// A space itself exists in the index only through its own object: see apply_to_index(AddressSpace).
std::vector<occupancy::Delta> deltas_of(const model::AddressSpace& object, Direction direction);
std::vector<occupancy::Delta> deltas_of(const model::Block& object, Direction direction);
std::vector<occupancy::Delta> deltas_of(const model::Subnet& object, Direction direction);
// The addresses of a subnet that no host can have: in IPv4 the network and the broadcast address, except of /31 and /32 (RFC 3021); in IPv6 the
// subnet-router anycast address (RFC 4291, section 2.6.1), except of /127 and /128 (RFC 6164).
std::vector<ip::Address> boundary_of(const ip::Prefix& subnet);
std::vector<occupancy::Delta> deltas_of(const model::Range& object, Direction direction);
std::vector<occupancy::Delta> deltas_of(const model::Address& object, Direction direction);
std::vector<occupancy::Delta> deltas_of(const model::DhcpPool& object, Direction direction);
std::vector<occupancy::Delta> deltas_of(const model::DhcpReservation& object, Direction direction);
std::vector<occupancy::Delta> deltas_of(const model::Lease& object, Direction direction);

template <class T>
concept Indexed = requires(const T& object) {
  { deltas_of(object, Direction::Add) } -> std::same_as<std::vector<occupancy::Delta>>;
};

template <class T>
void apply_to_index(const T& object, Direction direction, occupancy::Overlay& index) {
  if constexpr (std::is_same_v<T, model::AddressSpace>) {
    for (const auto& delta : deltas_of(object, direction)) index.apply(object.id.value, delta);
  } else if constexpr (Indexed<T>) {
    for (const auto& delta : deltas_of(object, direction)) index.apply(object.space_id.value, delta);
  }
}

}  // namespace ipam::ledger
