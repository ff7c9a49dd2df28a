#include "service/planning/claims.h"

#include "model/address_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ipam::service {
namespace {

using model::Id;
using store::Comparison;
using store::Condition;

std::vector<Condition> at(Id<model::AddressSpace> space, const ip::Address& address) {
  return {{"space_id", Comparison::Equal, store::to_value(space)}, {"address", Comparison::Equal, store::to_value(address)}};
}

// What two rows say of their client, as SQL.
struct ClientColumns {
  std::string hardware;
  std::string identifier;
};

ClientColumns of_record(std::string_view row) {
  return {fmt::format("{}.hardware_address", row), fmt::format("COALESCE({0}.duid, {0}.client_id)", row)};
}
ClientColumns of_lease(std::string_view row) { return {fmt::format("{}.hardware_address", row), fmt::format("{}.client_id", row)}; }
ClientColumns of_reservation(std::string_view row) {
  return {fmt::format("CASE WHEN {0}.identifier_type = 'hardware_address' THEN {0}.identifier END", row),
          fmt::format("CASE WHEN {0}.identifier_type IN ('client_id', 'duid') THEN {0}.identifier END", row)};
}

// As disagree() of two claims.
std::string disagreeing(const ClientColumns& one, const ClientColumns& other) {
  return fmt::format(
      "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN CASE WHEN {0} <> {1} THEN 1 ELSE 0 END"
      " WHEN {2} IS NOT NULL AND {3} IS NOT NULL AND {2} <> {3} THEN 1 ELSE 0 END = 1",
      one.hardware, other.hardware, one.identifier, other.identifier);
}

constexpr std::string_view kLive = "{0}.state IN ('active', 'declined') AND {0}.delegated_length IS NULL";
std::string is_live(std::string_view row) { return fmt::format(kLive, row); }

// That another row of `table`, as `name`, is at the same address and `holds`.
std::string exists(std::string_view table, std::string_view name, std::string_view outer, const std::string& holds) {
  return fmt::format("EXISTS (SELECT 1 FROM {0} {1} WHERE {1}.space_id = {2}.space_id AND {1}.address = {2}.address AND {3})", table, name, outer,
                     holds);
}

std::string rival_lease(std::string_view outer, const ClientColumns& client) {
  return exists("lease", "l", outer, is_live("l") + " AND " + disagreeing(client, of_lease("l")));
}
std::string rival_reservation(std::string_view outer, const ClientColumns& client) {
  return exists("dhcp_reservation", "r", outer, "r.delegated_length IS NULL AND " + disagreeing(client, of_reservation("r")));
}

struct Key {
  Id<model::AddressSpace> space;
  ip::Address address;
  auto operator<=>(const Key& other) const {
    if (space != other.space) return space.value <=> other.space.value;
    return address <=> other.address;
  }
  bool operator==(const Key&) const = default;
};

// Keys that were found, complete up to the horizon; without one, complete.
struct Found {
  std::set<Key> keys;
  std::optional<Key> horizon;
};

// The first rows of a table for which `condition` holds. An address may have several.
template <class T>
Result<void> add_keys(store::Reader& reader, std::vector<Condition> where, std::string condition, std::size_t rows, Found& found) {
  where.push_back({std::move(condition), Comparison::Holds, {}});
  store::Query query{.where = std::move(where), .sort = {{"space_id"}, {"address"}}, .limit = rows};
  const auto page = IPAM_TRY(store::list<T>(reader, query));
  for (const T& row : page.items) found.keys.insert({row.space_id, row.address});
  if (page.next_cursor.empty()) return {};
  const Key last{page.items.back().space_id, page.items.back().address};
  if (!found.horizon || last < *found.horizon) found.horizon = last;
  return {};
}

std::string cursor_of(const Key& key) { return store::write_cursor({store::to_value(key.space), store::to_value(key.address)}); }

Result<std::optional<Condition>> behind(std::string_view cursor) {
  if (cursor.empty()) return std::optional<Condition>{};
  const auto cells = IPAM_TRY(store::read_cursor(cursor));
  if (cells.size() != 2 || !store::holds(cells[0], store::CellType::Integer) || !store::holds(cells[1], store::CellType::Blob)) {
    return Error(ErrorCode::InvalidArgument, "the cursor is not one of this list");
  }
  return std::optional<Condition>({{"(space_id > ? OR (space_id = ? AND address > ?))", Comparison::Holds, {}, {cells[0], cells[0], cells[1]}}});
}

}  // namespace

bool disagree(const std::vector<Claim>& claims) {
  for (std::size_t i = 0; i < claims.size(); ++i) {
    for (std::size_t k = i + 1; k < claims.size(); ++k) {
      const Claim& one = claims[i];
      const Claim& other = claims[k];
      if (one.hardware_address && other.hardware_address) {
        if (*one.hardware_address != *other.hardware_address) return true;
      } else if (one.client_id && other.client_id && *one.client_id != *other.client_id) {
        return true;
      }
    }
  }
  return false;
}

Result<std::vector<model::DhcpReservation>> reservations_on(store::Reader& reader, Id<model::AddressSpace> space, const ip::Address& address) {
  std::vector<model::DhcpReservation> reservations;
  IPAM_TRY(store::for_each<model::DhcpReservation>(reader, {.where = at(space, address)}, [&](model::DhcpReservation reservation) -> Result<bool> {
    if (!reservation.delegated_length) reservations.push_back(std::move(reservation));
    return true;
  }));
  return reservations;
}

Result<std::vector<Claim>> claims_on(store::Reader& reader, Id<model::AddressSpace> space, const ip::Address& address) {
  const std::vector<Condition> here = at(space, address);
  const auto bytes_of = [](const ip::ClientId& id) { return Bytes(id.bytes().begin(), id.bytes().end()); };
  std::vector<Claim> claims;
  IPAM_TRY(store::for_each<model::Address>(reader, {.where = here}, [&](const model::Address& record) -> Result<bool> {
    if (record.state == model::AddressState::Cooling) return true;
    Claim claim{ClaimKind::Record, record.id.value, record.hardware_address, {}, record.name, {}, {}};
    if (const auto& id = record.duid ? record.duid : record.client_id) claim.client_id = bytes_of(*id);
    claims.push_back(std::move(claim));
    return true;
  }));
  for (const model::DhcpReservation& reservation : IPAM_TRY(reservations_on(reader, space, address))) {
    using model::ReservationIdentifier;
    Claim claim{ClaimKind::Reservation, reservation.id.value, {}, {}, reservation.hostname, {}, {}};
    if (reservation.identifier_type == ReservationIdentifier::HardwareAddress) {
      if (const auto hardware = ip::HardwareAddress::from_bytes(reservation.identifier); hardware.ok()) claim.hardware_address = *hardware;
    }
    if (reservation.identifier_type == ReservationIdentifier::ClientId || reservation.identifier_type == ReservationIdentifier::Duid) {
      claim.client_id = reservation.identifier;
    }
    if (const auto scope = IPAM_TRY(store::find(reader, reservation.scope_id))) claim.server_id = scope->server_id;
    claims.push_back(std::move(claim));
  }
  IPAM_TRY(store::for_each<model::Lease>(reader, {.where = here}, [&](const model::Lease& lease) -> Result<bool> {
    if (!model::occupies(lease.state) || lease.delegated_length) return true;
    Claim claim{ClaimKind::Lease, 0, lease.hardware_address, {}, lease.hostname, lease.server_id, lease.expires_at};
    if (lease.client_id) claim.client_id = bytes_of(*lease.client_id);
    claims.push_back(std::move(claim));
    return true;
  }));
  return claims;
}

Condition is_live_lease() { return {is_live("lease"), Comparison::Holds, {}}; }

Condition has_rival_claim() {
  const ClientColumns client = of_record("address");
  return {fmt::format("address.state <> 'cooling' AND ({} OR {})", rival_lease("address", client), rival_reservation("address", client)),
          Comparison::Holds,
          {}};
}

Result<DuplicatePage> list_duplicates(store::Reader& reader, const Principal& principal, const std::vector<Condition>& where, std::string_view cursor,
                                      std::size_t limit) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  std::vector<Condition> from = where;
  if (auto after = IPAM_TRY(behind(cursor))) from.push_back(*std::move(after));
  // Each disagreement is seen from one of its claims at least; the first keys of all views are those of the whole.
  Found found;
  const std::size_t rows = 2 * limit + 1;
  IPAM_TRY(add_keys<model::Address>(reader, from, has_rival_claim().column, rows, found));
  const ClientColumns lease = of_lease("lease");
  const std::string other_lease =
      exists("lease", "l", "lease", "l.server_id <> lease.server_id AND " + is_live("l") + " AND " + disagreeing(lease, of_lease("l")));
  IPAM_TRY(add_keys<model::Lease>(reader, from, fmt::format("{} AND ({} OR {})", is_live("lease"), other_lease, rival_reservation("lease", lease)),
                                  rows, found));
  IPAM_TRY(add_keys<model::DhcpReservation>(reader, from, rival_reservation("dhcp_reservation", of_reservation("dhcp_reservation")), rows, found));
  DuplicatePage page;
  for (const Key& key : found.keys) {
    if (found.horizon && *found.horizon < key) break;
    if (page.items.size() == limit) {
      page.next_cursor = cursor_of({page.items.back().space_id, page.items.back().address});
      return page;
    }
    page.items.push_back({key.space, key.address, IPAM_TRY(claims_on(reader, key.space, key.address))});
  }
  if (found.horizon) page.next_cursor = cursor_of(*found.horizon);
  return page;
}

}  // namespace ipam::service
