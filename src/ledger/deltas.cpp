#include "ledger/deltas.h"

#include <algorithm>

namespace ipam::ledger {
namespace {

using occupancy::AddressAcquired;
using occupancy::AddressReleased;
using occupancy::Delta;
using occupancy::Holder;
using occupancy::PrefixAdded;
using occupancy::PrefixEntry;
using occupancy::PrefixKind;
using occupancy::PrefixRemoved;
using occupancy::RangeAdded;
using occupancy::RangeEntry;
using occupancy::RangeKind;
using occupancy::RangeRemoved;

Delta hold(const ip::Address& address, Holder holder, Direction direction) {
  if (direction == Direction::Add) return AddressAcquired{address, holder};
  return AddressReleased{address, holder};
}

Delta prefix(const ip::Prefix& value, PrefixKind kind, std::uint64_t id, Direction direction) {
  const PrefixEntry entry{value, kind, id};
  if (direction == Direction::Add) return PrefixAdded{entry};
  return PrefixRemoved{entry};
}

Delta range(const ip::Address& first, const ip::Address& last, RangeKind kind, std::uint64_t id, Direction direction) {
  const RangeEntry entry{id, ip::Range::create(first, last).value(), kind};
  if (direction == Direction::Add) return RangeAdded{entry};
  return RangeRemoved{entry};
}

// The parts of a range are ranges of the index too, under ids that no object has: those are counted up from one and never get this far.
constexpr unsigned kPartShift = 48;
std::uint64_t part_id(std::uint64_t range, std::size_t part) { return range | static_cast<std::uint64_t>(part + 1) << kPartShift; }

// The range without its exclusions.
std::vector<ip::Range> offered_parts(const model::Range& object) {
  std::vector<ip::Range> exclusions = object.exclusions;
  std::sort(exclusions.begin(), exclusions.end());
  std::vector<ip::Range> parts;
  std::optional<ip::Address> from = object.first;
  for (const ip::Range& each : exclusions) {
    if (from && *from < each.first()) parts.push_back(ip::Range::create(*from, *each.first().previous()).value());
    from = each.last().next();
  }
  if (from && *from <= object.last) parts.push_back(ip::Range::create(*from, object.last).value());
  return parts;
}

}  // namespace

std::vector<Delta> deltas_of(const model::AddressSpace& /*object*/, Direction direction) {
  if (direction == Direction::Add) return {occupancy::SpaceCreated{}};
  return {occupancy::SpaceDropped{}};
}

std::vector<ip::Address> boundary_of(const ip::Prefix& subnet) {
  const int host_bits = ip::bit_count(subnet.family()) - subnet.length();
  if (host_bits < 2) return {};
  if (subnet.family() == ip::Family::V6) return {subnet.first()};
  return {subnet.first(), subnet.last()};
}

std::vector<Delta> deltas_of(const model::Block& object, Direction direction) {
  return {prefix(object.prefix, PrefixKind::Block, object.id.value, direction)};
}

std::vector<Delta> deltas_of(const model::Subnet& object, Direction direction) {
  std::vector<Delta> deltas{prefix(object.prefix, PrefixKind::Subnet, object.id.value, direction)};
  for (const ip::Address& address : boundary_of(object.prefix)) deltas.push_back(hold(address, Holder::Blocked, direction));
  return deltas;
}

std::vector<Delta> deltas_of(const model::Range& object, Direction direction) {
  // Others hand out the addresses of a range that is not Cadastre's own: it blocks allocation as a pool does.
  const RangeKind kind = object.managed_by == model::ManagedBy::Ipam ? RangeKind::Static : RangeKind::DhcpPool;
  std::vector<Delta> deltas{range(object.first, object.last, kind, object.id.value, direction)};
  std::size_t part = 0;
  const auto add = [&](const std::vector<ip::Range>& parts, RangeKind part_kind) {
    for (const ip::Range& each : parts) deltas.push_back(range(each.first(), each.last(), part_kind, part_id(object.id.value, part++), direction));
  };
  // What is set aside blocks allocation as a pool does.
  add(object.reserved, RangeKind::DhcpPool);
  add(object.vips, RangeKind::DhcpPool);
  add(object.exclusions, RangeKind::Exclusion);
  add(offered_parts(object), RangeKind::Offered);
  return deltas;
}

std::vector<Delta> deltas_of(const model::Address& object, Direction direction) {
  return {hold(object.address, object.state == model::AddressState::Cooling ? Holder::Blocked : Holder::Static, direction)};
}

std::vector<Delta> deltas_of(const model::DhcpPool& object, Direction direction) {
  return {range(object.first, object.last, RangeKind::DhcpPool, object.id.value, direction)};
}

std::vector<Delta> deltas_of(const model::DhcpReservation& object, Direction direction) {
  // A delegated prefix is kept as a whole.
  if (object.delegated_length) {
    const ip::Prefix kept = ip::Prefix::containing(object.address, *object.delegated_length);
    return {range(kept.first(), kept.last(), RangeKind::DhcpPool, object.id.value, direction)};
  }
  return {hold(object.address, Holder::Reservation, direction)};
}

std::vector<Delta> deltas_of(const model::Lease& object, Direction direction) {
  // Delegated prefixes lie in pools, which block allocation as a whole; they are no addresses in use.
  if (!model::occupies(object.state) || object.delegated_length) return {};
  return {hold(object.address, Holder::Lease, direction)};
}

}  // namespace ipam::ledger
