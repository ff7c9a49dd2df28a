#include "service/collection/configuration_merge.h"

#include "service/collection/scope_ranges.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::DhcpPool;
using model::DhcpReservation;
using model::DhcpScope;
using model::DhcpServer;
using model::Id;
using store::Comparison;

// At most so many reservations are compared and written in one step; a scope with more takes several.
constexpr std::size_t kReservationsAStep = 300;
constexpr std::size_t kScopesAStep = 40;

using ScopeIds = std::map<std::string, Id<DhcpScope>>;

Result<ScopeIds> read_scope_ids(store::Store& store, Id<model::ManagedServer> server) {
  const auto reader = IPAM_TRY(store.open_reader());
  ScopeIds ids;
  IPAM_TRY(store::for_each<DhcpScope>(*reader, {.where = {{"server_id", Comparison::Equal, store::to_value(server)}}},
                                      [&](DhcpScope scope) -> Result<bool> {
                                        ids[scope.key] = scope.id;
                                        return true;
                                      }));
  return ids;
}

template <class T>
Result<std::vector<T>> of_scope(Transaction& transaction, Id<DhcpScope> scope) {
  return transaction.list<T>(
      {{"scope_id", Comparison::Equal, store::to_value(scope)}}, [&](const T& object) { return object.scope_id == scope; }, store::kEveryRow);
}

// Makes the stored objects of a scope say what was observed, by value: what equals stays, the rest is removed and made. Answers how many changed.
template <class T, class SameValue>
Result<std::uint64_t> replace_all(Transaction& transaction, std::vector<T> stored, std::vector<T> wanted, SameValue same) {
  std::uint64_t changes = 0;
  for (const T& old : stored) {
    const auto kept = std::find_if(wanted.begin(), wanted.end(), [&](const T& now) { return same(old, now); });
    if (kept != wanted.end()) {
      wanted.erase(kept);
    } else {
      IPAM_TRY(transaction.erase(old.id));
      ++changes;
    }
  }
  for (T& fresh : wanted) {
    IPAM_TRY(transaction.create(std::move(fresh)));
    ++changes;
  }
  return changes;
}

// A scope as observed, and its id when it is stored already.
struct PlacedScope {
  Id<DhcpScope> id;
  driver::ObservedScope observed;
};

// One scope with its pools.
Result<std::uint64_t> merge_scope(Transaction& transaction, const model::ManagedServer& server, const PlacedScope& placed) {
  const auto& [id, observed] = placed;
  DhcpScope scope;
  if (id) scope = IPAM_TRY(transaction.get(id));
  scope.server_id = server.id;
  scope.space_id = server.space_id;
  scope.key = observed.key;
  scope.prefix = observed.prefix;
  scope.name = observed.name;
  scope.shared_network = observed.shared_network;
  scope.lease_seconds = observed.lease_seconds;
  scope.options = observed.options;
  const std::uint64_t old_revision = scope.revision;
  scope = id ? IPAM_TRY(transaction.update(scope)) : IPAM_TRY(transaction.create(scope));
  std::vector<DhcpPool> pools;
  for (const driver::ObservedPool& pool : observed.pools) {
    DhcpPool wanted;
    wanted.scope_id = scope.id;
    wanted.space_id = server.space_id;
    wanted.first = pool.first;
    wanted.last = pool.last;
    wanted.delegated_length = pool.delegated_length;
    pools.push_back(wanted);
  }
  const auto same = [](const DhcpPool& a, const DhcpPool& b) {
    return a.first == b.first && a.last == b.last && a.delegated_length == b.delegated_length;
  };
  const std::uint64_t changed = scope.revision == old_revision ? 0 : 1;
  return changed + IPAM_TRY(replace_all(transaction, IPAM_TRY(of_scope<DhcpPool>(transaction, scope.id)), std::move(pools), same));
}

// What holds for the whole server: one object, made when there is something to say.
Result<std::uint64_t> merge_server(Transaction& transaction, const model::ManagedServer& server, const driver::ObservedDhcpServer& observed) {
  const auto stored = IPAM_TRY(transaction.list<DhcpServer>(
      {{"server_id", Comparison::Equal, store::to_value(server.id)}}, [&](const DhcpServer& object) { return object.server_id == server.id; },
      store::kEveryRow));
  if (stored.empty() && observed == driver::ObservedDhcpServer{}) return 0;
  DhcpServer wanted = stored.empty() ? DhcpServer{} : stored.front();
  wanted.server_id = server.id;
  wanted.options = observed.options;
  wanted.option_definitions = observed.option_definitions;
  wanted.client_classes = observed.client_classes;
  wanted.high_availability = observed.high_availability;
  wanted.lease_database = observed.lease_database;
  const std::uint64_t old_revision = wanted.revision;
  wanted = stored.empty() ? IPAM_TRY(transaction.create(wanted)) : IPAM_TRY(transaction.update(wanted));
  return wanted.revision == old_revision ? 0 : 1;
}

struct ReservationChange {
  std::optional<DhcpReservation> before;
  std::optional<DhcpReservation> after;
};

// Address (or prefix) and identifier are what a reservation is; host name and options may change. Both lists are ordered alike and walked once.
auto identity(const DhcpReservation& reservation) {
  return std::tie(reservation.address, reservation.delegated_length, reservation.identifier_type, reservation.identifier);
}

Result<std::vector<ReservationChange>> compare_reservations(store::Store& store, const model::ManagedServer& server, Id<DhcpScope> scope,
                                                            const std::vector<driver::ObservedReservation>& observed) {
  const auto before = [](const DhcpReservation& a, const DhcpReservation& b) { return identity(a) < identity(b); };
  std::vector<DhcpReservation> stored, wanted;
  const auto reader = IPAM_TRY(store.open_reader());
  IPAM_TRY(store::for_each<DhcpReservation>(*reader, {.where = {{"scope_id", Comparison::Equal, store::to_value(scope)}}},
                                            [&](DhcpReservation reservation) -> Result<bool> {
                                              stored.push_back(std::move(reservation));
                                              return true;
                                            }));
  for (const driver::ObservedReservation& reservation : observed) {
    wanted.push_back({{},
                      0,
                      scope,
                      server.space_id,
                      reservation.address,
                      reservation.identifier_type,
                      reservation.identifier,
                      reservation.hostname,
                      reservation.delegated_length,
                      reservation.options});
  }
  std::sort(stored.begin(), stored.end(), before);
  std::sort(wanted.begin(), wanted.end(), before);
  std::vector<ReservationChange> changes;
  std::size_t at = 0;
  for (DhcpReservation& now : wanted) {
    for (; at < stored.size() && before(stored[at], now); ++at) changes.push_back({std::move(stored[at]), std::nullopt});
    if (at < stored.size() && !before(now, stored[at])) {
      now.id = stored[at].id;
      now.revision = stored[at].revision;
      if (now != stored[at]) changes.push_back({std::move(stored[at]), std::move(now)});
      ++at;
    } else {
      changes.push_back({std::nullopt, std::move(now)});
    }
  }
  for (; at < stored.size(); ++at) changes.push_back({std::move(stored[at]), std::nullopt});
  return changes;
}

Result<void> apply(Transaction& transaction, const ReservationChange& change) {
  if (!change.after) return transaction.erase(change.before->id);
  if (change.before) {
    IPAM_TRY(transaction.update(*change.after));
  } else {
    IPAM_TRY(transaction.create(*change.after));
  }
  return {};
}

}  // namespace

io::Task<Result<ConfigurationMergeCounts>> merge_configuration(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database,
                                                               model::ManagedServer server, driver::ObservedConfiguration observed,
                                                               model::ChangeContext context) {
  ConfigurationMergeCounts counts;
  const auto read_ids = [&store, id = server.id] { return read_scope_ids(store, id); };
  IPAM_CO_TRY(const ScopeIds known, co_await database.run(read_ids));
  std::function<Result<std::uint64_t>(Transaction&)> whole = [server, settings = observed.server](Transaction& transaction) -> Result<std::uint64_t> {
    IPAM_TRY(transaction.get(server.id));  // it may have been removed meanwhile
    return merge_server(transaction, server, settings);
  };
  IPAM_CO_TRY(const auto settled, co_await ledger.write<std::uint64_t>(context, ledger::Priority::Bulk, whole));
  counts.changes += settled.value;
  for (std::size_t first = 0; first < observed.scopes.size(); first += kScopesAStep) {
    std::vector<PlacedScope> part;
    for (std::size_t i = first; i < std::min(first + kScopesAStep, observed.scopes.size()); ++i) {
      const driver::ObservedScope& scope = observed.scopes[i];
      const auto found = known.find(scope.key);
      part.push_back({found == known.end() ? Id<DhcpScope>{} : found->second, scope});
      part.back().observed.reservations.clear();  // they have steps of their own
    }
    counts.scopes += part.size();
    std::function<Result<std::uint64_t>(Transaction&)> step = [server, part = std::move(part)](Transaction& transaction) -> Result<std::uint64_t> {
      IPAM_TRY(transaction.get(server.id));  // it may have been removed meanwhile
      std::uint64_t changes = 0;
      for (const PlacedScope& scope : part) changes += IPAM_TRY(merge_scope(transaction, server, scope));
      return changes;
    };
    IPAM_CO_TRY(const auto done, co_await ledger.write<std::uint64_t>(context, ledger::Priority::Bulk, step));
    counts.changes += done.value;
  }
  IPAM_CO_TRY(ScopeIds ids, co_await database.run(read_ids));
  for (const driver::ObservedScope& scope : observed.scopes) {
    const Id<DhcpScope> id = ids[scope.key];
    ids.erase(scope.key);
    counts.reservations += scope.reservations.size();
    const auto compare = [&store, &server, &scope, id] { return compare_reservations(store, server, id, scope.reservations); };
    IPAM_CO_TRY(const std::vector<ReservationChange> changes, co_await database.run(compare));
    for (std::size_t first = 0; first < changes.size(); first += kReservationsAStep) {
      const std::size_t last = std::min(first + kReservationsAStep, changes.size());
      const std::vector<ReservationChange> part(changes.begin() + static_cast<std::ptrdiff_t>(first),
                                                changes.begin() + static_cast<std::ptrdiff_t>(last));
      ledger::Work step = [part](Transaction& transaction) -> Result<void> {
        for (const ReservationChange& change : part) IPAM_TRY(apply(transaction, change));
        return {};
      };
      IPAM_CO_CHECK(co_await ledger.commit(context, ledger::Priority::Bulk, step));
    }
    counts.changes += changes.size();
  }
  // What is left in `ids` was not observed.
  for (const auto& entry : ids) {
    const Id<DhcpScope> id = entry.second;
    ledger::Work step = [id](Transaction& transaction) -> Result<void> {
      IPAM_TRY(erase_scope_ranges(transaction, id));
      for (const DhcpPool& pool : IPAM_TRY(of_scope<DhcpPool>(transaction, id))) IPAM_TRY(transaction.erase(pool.id));
      for (const auto& reservation : IPAM_TRY(of_scope<DhcpReservation>(transaction, id))) IPAM_TRY(transaction.erase(reservation.id));
      return transaction.erase(id);
    };
    IPAM_CO_CHECK(co_await ledger.commit(context, ledger::Priority::Bulk, step));
    ++counts.changes;
  }
  co_return counts;
}

}  // namespace ipam::service
