#include "service/change/change_text.h"

#include "json/codec.h"

namespace ipam::service {
namespace {

struct StoredRecord {
  std::string data;
  std::uint32_t ttl = 0;
};
BOOST_DESCRIBE_STRUCT(StoredRecord, (), (data, ttl))

struct StoredSet {
  std::string zone, view, name, type;
  std::vector<StoredRecord> before, after;
};
BOOST_DESCRIBE_STRUCT(StoredSet, (), (zone, view, name, type, before, after))

struct StoredReservation {
  ip::Address address;
  model::ReservationIdentifier identifier_type = model::ReservationIdentifier::HardwareAddress;
  std::string identifier;
  std::string hostname;
  std::optional<std::uint8_t> delegated_length;
  std::string options;
};
BOOST_DESCRIBE_STRUCT(StoredReservation, (), (address, identifier_type, identifier, hostname, delegated_length, options))

struct StoredReservationChange {
  std::string scope_key;
  std::optional<StoredReservation> before, after;
};
BOOST_DESCRIBE_STRUCT(StoredReservationChange, (), (scope_key, before, after))

// One of both.
struct StoredChange {
  std::optional<StoredSet> records;
  std::optional<StoredReservationChange> reservation;
};
BOOST_DESCRIBE_STRUCT(StoredChange, (), (records, reservation))

std::vector<StoredRecord> to_stored(const std::vector<driver::ObservedRecord>& records) {
  std::vector<StoredRecord> stored;
  for (const driver::ObservedRecord& record : records) stored.push_back({record.data, record.ttl});
  return stored;
}

std::optional<StoredReservation> to_stored(const std::optional<driver::ObservedReservation>& reservation) {
  if (!reservation) return std::nullopt;
  return StoredReservation{reservation->address,  reservation->identifier_type,  to_hex(reservation->identifier),
                           reservation->hostname, reservation->delegated_length, reservation->options};
}

struct ToStored {
  StoredChange operator()(const driver::RecordSetChange& change) const {
    StoredSet set{change.zone, change.view, change.name, change.type, to_stored(change.before), to_stored(change.after)};
    return {std::move(set), std::nullopt};
  }
  StoredChange operator()(const driver::ReservationChange& change) const {
    StoredReservationChange reservation{change.scope_key, to_stored(change.before), to_stored(change.after)};
    return {std::nullopt, std::move(reservation)};
  }
};

std::vector<driver::ObservedRecord> from_stored(const StoredSet& set, const std::vector<StoredRecord>& records) {
  std::vector<driver::ObservedRecord> observed;
  for (const StoredRecord& record : records) observed.push_back({set.name, set.type, record.data, record.ttl});
  return observed;
}

Result<std::optional<driver::ObservedReservation>> from_stored(const std::optional<StoredReservation>& stored) {
  if (!stored) return std::optional<driver::ObservedReservation>{};
  driver::ObservedReservation observed{stored->address,  stored->identifier_type,  IPAM_TRY(from_hex(stored->identifier)),
                                       stored->hostname, stored->delegated_length, stored->options};
  return std::optional<driver::ObservedReservation>(std::move(observed));
}

Result<driver::Change> from_stored(const StoredChange& stored) {
  if (stored.records) {
    const StoredSet& set = *stored.records;
    return driver::Change(driver::RecordSetChange{set.zone, set.view, set.name, set.type, from_stored(set, set.before), from_stored(set, set.after)});
  }
  if (!stored.reservation) return Error(ErrorCode::Internal, "what is stored of a change is of a kind that this version does not know");
  driver::ReservationChange change;
  change.scope_key = stored.reservation->scope_key;
  change.before = IPAM_TRY(from_stored(stored.reservation->before));
  change.after = IPAM_TRY(from_stored(stored.reservation->after));
  return driver::Change(std::move(change));
}

}  // namespace

std::string changes_to_text(const std::vector<driver::Change>& changes) {
  std::vector<StoredChange> stored;
  for (const driver::Change& change : changes) stored.push_back(std::visit(ToStored{}, change));
  return json::write(stored);
}

Result<std::vector<driver::Change>> changes_from_text(std::string_view text) {
  auto stored = json::read<std::vector<StoredChange>>(text);
  if (!stored.ok()) return std::move(stored).error().wrapped(ErrorCode::Internal, "what is stored of a change cannot be read");
  std::vector<driver::Change> changes;
  for (const StoredChange& each : *stored) changes.push_back(IPAM_TRY(from_stored(each)));
  return changes;
}

}  // namespace ipam::service
