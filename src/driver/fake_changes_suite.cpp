// DNS and changes of the servers in memory.
#include "driver/change_check.h"
#include "driver/fake_driver_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace ipam::driver {
namespace {

std::string state_of(const FakeServer& server) { return fmt::format("generation {}", server.generation); }

Error differs(const Change& change) {
  return {ErrorCode::Conflict, fmt::format("the server holds something else than the change expects ({}); read it again", describe(change))};
}

// Each carries out one change in `server`, or answers why it does not fit.
Result<void> carry_out(FakeServer& server, const ReservationChange& change) {
  const auto scope = std::find_if(server.configuration.scopes.begin(), server.configuration.scopes.end(),
                                  [&](const ObservedScope& each) { return each.key == change.scope_key; });
  if (scope == server.configuration.scopes.end()) return Error(ErrorCode::NotFound, "there is no scope " + change.scope_key);
  const auto at = [&](const ip::Address& address) {
    return std::find_if(scope->reservations.begin(), scope->reservations.end(),
                        [&](const ObservedReservation& each) { return each.address == address; });
  };
  if (change.before) {
    const auto old = at(change.before->address);
    if (old == scope->reservations.end() || *old != *change.before) return differs(change);
    scope->reservations.erase(old);
  }
  if (change.after) {
    if (at(change.after->address) != scope->reservations.end()) return differs(change);
    scope->reservations.push_back(*change.after);
  }
  return {};
}

Result<void> carry_out(FakeServer& server, const RecordSetChange& change) {
  const auto zone = server.records.find(change.zone);
  if (zone == server.records.end()) return Error(ErrorCode::NotFound, "there is no zone " + change.zone);
  std::vector<ObservedRecord> set, others;
  for (const ObservedRecord& record : zone->second) {
    (record.name == change.name && record.type == change.type ? set : others).push_back(record);
  }
  if (!std::is_permutation(set.begin(), set.end(), change.before.begin(), change.before.end())) return differs(change);
  others.insert(others.end(), change.after.begin(), change.after.end());
  zone->second = std::move(others);
  for (ObservedZone& each : server.zones) {
    if (each.name == change.zone && each.serial) ++*each.serial;
  }
  return {};
}

Result<void> carry_out_all(FakeServer& server, const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    IPAM_TRY(std::visit([&](const auto& each) { return carry_out(server, each); }, change));
  }
  return {};
}

}  // namespace

DnsReader* FakeDriver::dns() {
  const bool has_dns = server_ && server_->lock()->has_dns;
  return has_dns ? this : nullptr;
}

Changer* FakeDriver::changer() {
  const bool has_changer = server_ && server_->lock()->has_changer;
  return has_changer ? this : nullptr;
}

io::Task<Result<ObservedZones>> FakeDriver::collect_zones(io::Deadline deadline) {
  if (server_) ++server_->lock()->collections;
  IPAM_CO_TRY(const FakeServer state, co_await arrive(deadline));
  if (state.zone_error) co_return failure(*state.zone_error);
  if (state.zones.size() > limits_.zones) co_return failure({ErrorCode::Malformed, "more zones than are read from one server"});
  ObservedZones observed;
  observed.zones = state.zones;
  std::sort(observed.zones.begin(), observed.zones.end(),
            [](const ObservedZone& a, const ObservedZone& b) { return std::tie(a.view, a.name) < std::tie(b.view, b.name); });
  co_return observed;
}

io::Task<Result<ZoneTransfer>> FakeDriver::transfer_zone(ZoneRequest zone, RecordSink& sink, io::Deadline deadline) {
  if (server_) ++server_->lock()->collections;
  IPAM_CO_TRY(const FakeServer state, co_await arrive(deadline));
  if (state.zone_error) co_return failure(*state.zone_error);
  const auto known = std::find_if(state.zones.begin(), state.zones.end(),
                                  [&](const ObservedZone& each) { return each.name == zone.name && each.view == zone.view; });
  const auto records = state.records.find(zone.name);
  if (known == state.zones.end() || records == state.records.end() || !known->serial) {
    co_return failure({ErrorCode::NotFound, "there is no zone " + zone.name});
  }
  ZoneTransfer transfer;
  transfer.route = "memory";
  transfer.serial = *known->serial;
  if (zone.known_serial && *zone.known_serial > *known->serial) {
    co_return failure({ErrorCode::Stale, fmt::format("the serial of zone {} went back; read the whole zone", zone.name)});
  }
  if (records->second.size() > limits_.records) co_return failure({ErrorCode::Malformed, "more records than are read from one zone"});
  if (zone.known_serial == known->serial) {
    transfer.up_to_date = true;
    co_return transfer;
  }
  std::vector<RecordDifference> told;
  const auto differences = state.differences.find(zone.name);
  const bool whole = !zone.known_serial || differences == state.differences.end();
  if (whole) {
    for (const ObservedRecord& record : records->second) told.push_back({RecordDifference::Kind::Added, record, transfer.serial});
  } else {
    told = differences->second;
  }
  const std::size_t complete = state.record_error ? std::min(state.record_error_after, told.size()) : told.size();
  const RecordSink::Content content = whole ? RecordSink::Content::Whole : RecordSink::Content::Differences;
  IPAM_CO_CHECK(co_await sink.begin(content, transfer.serial));
  for (std::size_t from = 0; from < complete; from += state.chunk) {
    std::vector<RecordDifference> chunk(told.begin() + static_cast<std::ptrdiff_t>(from),
                                        told.begin() + static_cast<std::ptrdiff_t>(std::min(from + state.chunk, complete)));
    for (const RecordDifference& each : chunk) ++(each.kind == RecordDifference::Kind::Added ? transfer.added : transfer.removed);
    IPAM_CO_CHECK(co_await sink.accept(std::move(chunk)));
  }
  if (state.record_error) co_return failure(*state.record_error);
  co_return transfer;
}

io::Task<Result<Plan>> FakeDriver::plan(std::vector<Change> changes, io::Deadline deadline) {
  IPAM_CO_TRY(FakeServer state, co_await arrive(deadline));
  for (const Change& change : changes) {
    const bool has_kind = std::holds_alternative<RecordSetChange>(change) ? state.has_dns : state.has_dhcp;
    if (!has_kind) co_return failure({ErrorCode::Unsupported, "changes of this kind"});
  }
  const auto something = check_is_something(changes);
  if (!something.ok()) co_return failure(something.error());
  Plan plan;
  plan.state = state_of(state);
  plan.fingerprint = plan.state;
  const auto fits = carry_out_all(state, changes);
  if (!fits.ok()) co_return failure(fits.error());
  for (const Change& change : changes) plan.steps.push_back({describe(change), "set " + describe(change)});
  plan.changes = std::move(changes);
  co_return plan;
}

io::Task<Result<Applied>> FakeDriver::apply(Plan plan, io::Deadline deadline) {
  IPAM_CO_TRY(const FakeServer state, co_await arrive(deadline));
  if (state.before_apply) state.before_apply();
  if (state.change_error) co_return failure(*state.change_error);
  auto server = server_->lock();
  if (state_of(*server) != plan.fingerprint) co_return failure({ErrorCode::Stale, "the server was changed since the plan was made; plan again"});
  FakeServer draft = *server;
  const auto done = carry_out_all(draft, plan.changes);
  if (!done.ok()) co_return failure(done.error());
  ++draft.generation;
  Applied applied;
  if (!state.change_unknown.empty()) {
    applied.outcome = Applied::Outcome::Unknown;
    applied.problem = state.change_unknown;
  }
  if (state.change_unknown.empty() || state.change_is_lost) *server = std::move(draft);
  applied.changes = std::move(plan.changes);
  applied.fingerprint = state_of(*server);
  co_return applied;
}

io::Task<Result<void>> CollectingRecordSink::begin(Content what, std::uint32_t new_serial) {
  if (error) co_return *error;
  content = what;
  serial = new_serial;
  co_return Result<void>();
}

io::Task<Result<void>> CollectingRecordSink::accept(std::vector<RecordDifference> chunk) {
  if (error) co_return *error;
  largest_chunk = std::max(largest_chunk, chunk.size());
  differences.insert(differences.end(), std::make_move_iterator(chunk.begin()), std::make_move_iterator(chunk.end()));
  co_return Result<void>();
}

}  // namespace ipam::driver
