#include "service/change/reservation_edits.h"

#include "model/dns_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using driver::ObservedReservation;
using model::DhcpReservation;
using model::DhcpScope;
using model::Id;
using model::ManagedServer;
using model::ReservationIdentifier;
using store::Comparison;

constexpr std::size_t kMaxIdentifier = 128;  // octets: RFC 8415, section 11.1, and what DHCP servers take of the others

struct PlacedScope {
  DhcpScope scope;
  ManagedServer server;
};

Result<PlacedScope> place_of(store::Reader& reader, DhcpScope scope) {
  auto server = IPAM_TRY(store::find(reader, scope.server_id));
  if (!server) return Error(ErrorCode::NotFound, "the scope's server is no longer managed");
  return PlacedScope{std::move(scope), *std::move(server)};
}

// The scopes that hold the address.
Result<PlacedScope> scope_holding(store::Reader& reader, const ip::Address& address, const std::optional<std::string>& server,
                                  const std::optional<std::string>& space) {
  // A prefix that holds the address is one of these.
  store::Condition prefixes{"prefix", Comparison::In, {}, {}};
  for (int length = 0; length <= ip::bit_count(address.family()); ++length) {
    prefixes.values.push_back(store::to_value(ip::Prefix::containing(address, length)));
  }
  std::vector<PlacedScope> places;
  IPAM_TRY(store::for_each<DhcpScope>(reader, {.where = {std::move(prefixes)}}, [&](DhcpScope scope) -> Result<bool> {
    if (space && scope.space_id.to_string() != *space) return true;
    PlacedScope place = IPAM_TRY(place_of(reader, std::move(scope)));
    if (!server || place.server.name == *server || place.server.id.to_string() == *server) places.push_back(std::move(place));
    return true;
  }));
  if (places.size() == 1) return std::move(places.front());
  if (places.empty()) {
    return Error::field("/address", fmt::format("{} lies in no DHCP scope that was read{}; `ipam scope list` shows them", address.to_string(),
                                                server ? " from " + *server : std::string()));
  }
  std::vector<std::string> texts;
  for (const PlacedScope& place : places) texts.push_back(fmt::format("{} on {}", place.scope.prefix.to_string(), place.server.name));
  return Error::field("/server", fmt::format("{} lies in several DHCP scopes: {}; say which by the server", address.to_string(), join(texts, ", ")));
}

Result<Bytes> parse_identifier(ReservationIdentifier type, const std::string& text) {
  if (type == ReservationIdentifier::HardwareAddress) {
    const auto address = ip::HardwareAddress::parse(text);
    if (!address.ok()) return Error::field("/identifier", address.error().message);
    return Bytes(address->bytes().begin(), address->bytes().end());
  }
  const auto octets = from_hex(text);
  if (!octets.ok() || octets->empty() || octets->size() > kMaxIdentifier) {
    return Error::field("/identifier", fmt::format("'{}' is not 1 to {} octets as hexadecimal digits", shorten(text, 60), kMaxIdentifier));
  }
  return *octets;
}

Result<std::string> parse_hostname(const std::string& text) {
  if (text.empty()) return std::string();
  const auto name = model::parse_domain_name(text);
  if (!name.ok()) return Error::field("/hostname", name.error().message);
  return *name;
}

ObservedReservation to_observed(const DhcpReservation& row) {
  return {row.address, row.identifier_type, row.identifier, row.hostname, row.delegated_length, row.options};
}

// No other reservation of the scope has the address or the client.
Result<void> check_free(store::Reader& reader, const PlacedScope& place, const ObservedReservation& wanted, Id<DhcpReservation> own) {
  std::optional<Error> taken;
  IPAM_TRY(store::for_each<DhcpReservation>(
      reader, {.where = {{"scope_id", Comparison::Equal, store::to_value(place.scope.id)}}}, [&](const DhcpReservation& other) -> Result<bool> {
        if (other.id == own) return true;
        const bool same_client = other.identifier_type == wanted.identifier_type && other.identifier == wanted.identifier;
        if (other.address == wanted.address) {
          taken =
              Error(ErrorCode::AlreadyExists, fmt::format("{} is reserved already on {}, for {} {}", wanted.address.to_string(), place.server.name,
                                                          model::enum_to_text(other.identifier_type), to_hex(other.identifier, ':')));
        } else if (same_client && other.address.family() == ip::Family::V4) {
          taken = Error(ErrorCode::AlreadyExists, fmt::format("this client has a reservation in {} on {} already: {}", place.scope.prefix.to_string(),
                                                              place.server.name, other.address.to_string()));
        }
        return !taken;
      }));
  if (taken) return *taken;
  return {};
}

struct KnownReservation {
  DhcpReservation reservation;
  PlacedScope place;
};

Result<KnownReservation> get(store::Reader& reader, Id<DhcpReservation> id, std::optional<std::uint64_t> expected_revision) {
  auto reservation = IPAM_TRY(store::find(reader, id));
  if (!reservation) return Error(ErrorCode::NotFound, "there is no DHCP reservation with id " + id.to_string());
  if (expected_revision && *expected_revision != reservation->revision) {
    return Error(ErrorCode::FailedPrecondition, "the reservation was changed since it was read; read it again and repeat the change");
  }
  auto scope = IPAM_TRY(store::find(reader, reservation->scope_id));
  if (!scope) return Error(ErrorCode::NotFound, "the reservation's scope is gone");
  return KnownReservation{*std::move(reservation), IPAM_TRY(place_of(reader, *std::move(scope)))};
}

}  // namespace

Result<std::vector<WantedChange>> ReservationEdits::add(const Principal& principal, const NewReservation& reservation) {
  IPAM_TRY(authorize(principal, Operation::ChangeDhcpReservations));
  const auto reader = IPAM_TRY(store_.open_reader());
  ObservedReservation wanted;
  wanted.address = reservation.address;
  wanted.identifier_type = reservation.identifier_type;
  wanted.identifier = IPAM_TRY(parse_identifier(reservation.identifier_type, reservation.identifier));
  wanted.hostname = IPAM_TRY(parse_hostname(reservation.hostname));
  const PlacedScope place = IPAM_TRY(scope_holding(*reader, wanted.address, reservation.server, reservation.space));
  IPAM_TRY(check_free(*reader, place, wanted, {}));
  driver::ReservationChange change;
  change.scope_key = place.scope.key;
  change.after = std::move(wanted);
  return std::vector<WantedChange>{{place.server, std::move(change)}};
}

Result<std::vector<WantedChange>> ReservationEdits::change(const Principal& principal, Id<DhcpReservation> id,
                                                           std::optional<std::uint64_t> expected_revision, const ReservationPatch& patch) {
  IPAM_TRY(authorize(principal, Operation::ChangeDhcpReservations));
  const auto reader = IPAM_TRY(store_.open_reader());
  const KnownReservation stored = IPAM_TRY(get(*reader, id, expected_revision));
  driver::ReservationChange change;
  change.scope_key = stored.place.scope.key;
  change.before = to_observed(stored.reservation);
  ObservedReservation wanted = *change.before;
  if (patch.address) wanted.address = *patch.address;
  if (patch.identifier_type) wanted.identifier_type = *patch.identifier_type;
  if (patch.identifier) wanted.identifier = IPAM_TRY(parse_identifier(wanted.identifier_type, *patch.identifier));
  if (patch.hostname) wanted.hostname = IPAM_TRY(parse_hostname(*patch.hostname));
  if (!wanted.delegated_length && !stored.place.scope.prefix.contains(wanted.address)) {
    return Error::field("/address",
                        fmt::format("{} lies outside the reservation's scope {}", wanted.address.to_string(), stored.place.scope.prefix.to_string()));
  }
  if (wanted == *change.before) return Error(ErrorCode::InvalidArgument, "nothing would change: the reservation is so already");
  IPAM_TRY(check_free(*reader, stored.place, wanted, id));
  change.after = std::move(wanted);
  return std::vector<WantedChange>{{stored.place.server, std::move(change)}};
}

Result<std::vector<WantedChange>> ReservationEdits::remove(const Principal& principal, Id<DhcpReservation> id,
                                                           std::optional<std::uint64_t> expected_revision) {
  IPAM_TRY(authorize(principal, Operation::ChangeDhcpReservations));
  const auto reader = IPAM_TRY(store_.open_reader());
  const KnownReservation stored = IPAM_TRY(get(*reader, id, expected_revision));
  driver::ReservationChange change;
  change.scope_key = stored.place.scope.key;
  change.before = to_observed(stored.reservation);
  return std::vector<WantedChange>{{stored.place.server, std::move(change)}};
}

}  // namespace ipam::service
