#include "service/change/observed_result.h"

#include "service/change/change_text.h"
#include "service/zones/zone_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ipam::service {
namespace {

using driver::ObservedRecord;
using ledger::Transaction;
using model::DhcpReservation;
using model::DhcpScope;
using model::DnsRecord;
using model::DnsZone;
using model::ManagedServer;
using model::ServerChange;
using model::ServerChangeState;
using store::Comparison;

Result<std::optional<DnsZone>> zone_of(Transaction& transaction, const ManagedServer& server, const driver::RecordSetChange& change) {
  return transaction.find_where<DnsZone>(
      {{"server_id", Comparison::Equal, store::to_value(server.id)},
       {"view", Comparison::Equal, change.view},
       {"name", Comparison::Equal, change.zone}},
      [&](const DnsZone& zone) { return zone.server_id == server.id && zone.name == change.zone && zone.view == change.view; });
}

Result<std::optional<DhcpScope>> scope_of(Transaction& transaction, const ManagedServer& server, const driver::ReservationChange& change) {
  return transaction.find_where<DhcpScope>(
      {{"server_id", Comparison::Equal, store::to_value(server.id)}, {"key", Comparison::Equal, change.scope_key}},
      [&](const DhcpScope& scope) { return scope.server_id == server.id && scope.key == change.scope_key; });
}

// How the zones are that the changes of one request are about; several may be of one zone.
class Statuses {
 public:
  explicit Statuses(Transaction& transaction) : transaction_(transaction) {}
  Result<model::ZoneStatus*> of(model::Id<DnsZone> zone) {
    const auto [entry, fresh] = statuses_.try_emplace(zone.value);
    if (fresh) entry->second = IPAM_TRY(read_zone_status(transaction_.committed(), zone));
    return &entry->second;
  }
  void store() {
    for (const auto& entry : statuses_) transaction_.put_row(entry.second);
  }

 private:
  Transaction& transaction_;
  std::map<std::uint64_t, model::ZoneStatus> statuses_;
};

// The server lock is held: no transfer is under way, and what was changed before is committed.
Result<void> store_records(Transaction& transaction, Statuses& statuses, const ManagedServer& server, const driver::RecordSetChange& change,
                           ServerChangeState state) {
  const auto zone = IPAM_TRY(zone_of(transaction, server, change));
  if (!zone) return {};
  model::ZoneStatus& status = *IPAM_TRY(statuses.of(zone->id));
  status.changed_here = true;
  if (status.generation == 0 || state == ServerChangeState::Unknown) return {};  // nothing of the zone is shown
  std::vector<ObservedRecord> missing = change.after;
  for (const DnsRecord& row : IPAM_TRY(read_records_at(transaction.committed(), zone->id, change.name, change.type))) {
    const auto kept = std::find(missing.begin(), missing.end(), to_observed(row));
    if (kept != missing.end()) {
      missing.erase(kept);
      continue;
    }
    transaction.erase_row<DnsRecord>({store::to_value(row.id)});
    --status.records;
  }
  for (const ObservedRecord& record : missing) {
    DnsRecord row = to_row(zone->id, record);
    row.id.value = IPAM_TRY(transaction.new_row_id());
    row.added = status.generation;
    transaction.insert_row(row);
    ++status.records;
  }
  return {};
}

Result<void> store_reservation(Transaction& transaction, const ManagedServer& server, const driver::ReservationChange& change) {
  const auto scope = IPAM_TRY(scope_of(transaction, server, change));
  if (!scope) return {};
  std::optional<DhcpReservation> stored;
  const auto& known = change.before ? change.before : change.after;
  if (known) {
    stored = IPAM_TRY(transaction.find_where<DhcpReservation>(
        {{"space_id", Comparison::Equal, store::to_value(scope->space_id)}, {"address", Comparison::Equal, store::to_value(known->address)}},
        [&](const DhcpReservation& reservation) {
          return reservation.scope_id == scope->id && reservation.address == known->address &&
                 reservation.identifier_type == known->identifier_type && reservation.identifier == known->identifier;
        }));
  }
  if (!change.after) {
    if (stored) IPAM_TRY(transaction.erase(stored->id));
    return {};
  }
  DhcpReservation now = stored.value_or(DhcpReservation{});
  now.scope_id = scope->id;
  now.space_id = scope->space_id;
  now.address = change.after->address;
  now.identifier_type = change.after->identifier_type;
  now.identifier = change.after->identifier;
  now.hostname = change.after->hostname;
  now.delegated_length = change.after->delegated_length;
  now.options = change.after->options;
  if (stored) {
    IPAM_TRY(transaction.update(std::move(now)));
  } else {
    IPAM_TRY(transaction.create(std::move(now)));
  }
  return {};
}

// What the last collection says of one change.
enum class Found { NotRead, AsAfter, AsBefore, Other };

bool same_records(const std::vector<ObservedRecord>& stored, const std::vector<ObservedRecord>& wanted) {
  return stored.size() == wanted.size() && std::is_permutation(stored.begin(), stored.end(), wanted.begin());
}

Result<Found> find_records(Transaction& transaction, const ManagedServer& server, const driver::RecordSetChange& change, Time announced_at) {
  const auto zone = IPAM_TRY(zone_of(transaction, server, change));
  if (!zone) return Found::NotRead;
  const model::ZoneStatus status = IPAM_TRY(read_zone_status(transaction.committed(), zone->id));
  const bool is_read = status.generation != 0 && status.checked_at >= announced_at && status.transfer_problem.empty() && status.transferred_serial &&
                       status.serial == status.transferred_serial;
  if (!is_read) return Found::NotRead;
  std::vector<ObservedRecord> stored;
  for (const DnsRecord& row : IPAM_TRY(read_records_at(transaction.committed(), zone->id, change.name, change.type)))
    stored.push_back(to_observed(row));
  if (same_records(stored, change.after)) return Found::AsAfter;
  return same_records(stored, change.before) ? Found::AsBefore : Found::Other;
}

Result<bool> is_stored(Transaction& transaction, const DhcpScope& scope, const driver::ObservedReservation& wanted) {
  const auto found = IPAM_TRY(transaction.find_where<DhcpReservation>(
      {{"space_id", Comparison::Equal, store::to_value(scope.space_id)}, {"address", Comparison::Equal, store::to_value(wanted.address)}},
      [&](const DhcpReservation& row) {
        return row.scope_id == scope.id && row.address == wanted.address && row.identifier_type == wanted.identifier_type &&
               row.identifier == wanted.identifier && row.hostname == wanted.hostname && row.delegated_length == wanted.delegated_length;
      }));
  return found.has_value();
}

Result<Found> find_reservation(Transaction& transaction, const ManagedServer& server, const driver::ReservationChange& change, Time announced_at) {
  const auto status =
      IPAM_TRY(store::find_where<model::ServerStatus>(transaction.committed(), {{"id", Comparison::Equal, store::to_value(server.id)}}));
  if (!status || !status->configuration_collected_at || *status->configuration_collected_at < announced_at) return Found::NotRead;
  const auto scope = IPAM_TRY(scope_of(transaction, server, change));
  if (!scope) return Found::Other;
  const bool has_before = change.before ? IPAM_TRY(is_stored(transaction, *scope, *change.before)) : false;
  const bool has_after = change.after ? IPAM_TRY(is_stored(transaction, *scope, *change.after)) : false;
  if (has_after == change.after.has_value() && !has_before) return Found::AsAfter;
  return has_before == change.before.has_value() && !has_after ? Found::AsBefore : Found::Other;
}

Result<Found> find_all(Transaction& transaction, const ManagedServer& server, const ServerChange& change) {
  std::optional<Found> all;
  for (const driver::Change& each : IPAM_TRY(changes_from_text(change.changes))) {
    const auto* records = std::get_if<driver::RecordSetChange>(&each);
    const Found found = records != nullptr
                            ? IPAM_TRY(find_records(transaction, server, *records, change.announced_at))
                            : IPAM_TRY(find_reservation(transaction, server, std::get<driver::ReservationChange>(each), change.announced_at));
    if (found == Found::NotRead) return found;
    all = !all || *all == found ? found : Found::Other;
  }
  return all.value_or(Found::NotRead);
}

}  // namespace

Result<void> store_results(Transaction& transaction, const ManagedServer& server, const std::vector<driver::Change>& changes,
                           ServerChangeState state) {
  Statuses statuses(transaction);
  for (const driver::Change& change : changes) {
    if (const auto* records = std::get_if<driver::RecordSetChange>(&change)) {
      IPAM_TRY(store_records(transaction, statuses, server, *records, state));
    } else if (state == ServerChangeState::Made) {
      IPAM_TRY(store_reservation(transaction, server, std::get<driver::ReservationChange>(change)));
    }
  }
  statuses.store();
  return {};
}

Result<void> mark_undone(Transaction& transaction, const ServerChange& change) {
  if (!change.undoes) return {};
  ServerChange undone = IPAM_TRY(transaction.get(*change.undoes));
  undone.state = ServerChangeState::Undone;
  undone.undone_by = change.id;
  if (undone.undoes) {
    ServerChange again = IPAM_TRY(transaction.get(*undone.undoes));
    again.state = ServerChangeState::Made;
    again.undone_by.reset();
    IPAM_TRY(transaction.update(std::move(again)));
  }
  IPAM_TRY(transaction.update(std::move(undone)));
  return {};
}

Result<void> settle_changes(Transaction& transaction, const ManagedServer& server) {
  const auto is_open = [&](const ServerChange& change) {
    return change.server_id == server.id && (change.state == ServerChangeState::Announced || change.state == ServerChangeState::Unknown);
  };
  const std::vector<store::Value> open{store::to_value(ServerChangeState::Announced), store::to_value(ServerChangeState::Unknown)};
  const auto changes = IPAM_TRY(transaction.list<ServerChange>(
      {{"server_id", Comparison::Equal, store::to_value(server.id)}, {"state", Comparison::In, {}, open}}, is_open, store::kEveryRow - 1));
  for (ServerChange change : changes) {
    const Found found = IPAM_TRY(find_all(transaction, server, change));
    if (found == Found::NotRead) continue;
    if (found == Found::AsAfter) {
      change.state = ServerChangeState::Made;
      change.problem.clear();
    } else if (found == Found::AsBefore) {
      change.state = ServerChangeState::NotMade;
      if (change.problem.empty()) change.problem = "it was cut off before the server was asked, or the server did not take it";
    } else {
      change.state = ServerChangeState::Unknown;
      change.problem = fmt::format("{} holds neither what was there nor what was asked for: somebody else has changed it since", server.name);
    }
    if (!change.ended_at || change.state != ServerChangeState::Unknown) change.ended_at = transaction.now();
    if (change.state == ServerChangeState::Made) IPAM_TRY(mark_undone(transaction, change));
    IPAM_TRY(transaction.update(std::move(change)));
  }
  return {};
}

}  // namespace ipam::service
