#include "service/collection/collector.h"

#include "base/log.h"
#include "service/collection/configuration_merge.h"
#include "service/collection/dhcp_view.h"
#include "service/collection/lease_merge.h"
#include "service/collection/scope_ranges.h"
#include "service/collection/server_accesses.h"
#include "service/zones/zone_collection.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using model::Id;
using model::ManagedServer;
using model::ServerAvailability;
using model::ServerStatus;
using store::Comparison;

constexpr Duration kPatienceForOtherJobs = std::chrono::seconds(1);

ServerAvailability availability_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::Unauthenticated:
    case ErrorCode::PermissionDenied: return ServerAvailability::AccessDenied;
    case ErrorCode::Unavailable:
    case ErrorCode::DeadlineExceeded: return ServerAvailability::Unreachable;
    default: return ServerAvailability::Faulty;
  }
}

// Our own troubles (database, shutdown) say nothing about the server.
bool is_about_the_server(const Error& error) {
  return error.code != ErrorCode::Cancelled && error.code != ErrorCode::Overloaded && error.code != ErrorCode::Internal;
}

void note_failure(ServerStatus& status, const Error& error, Time now) {
  status.checked_at = now;
  status.availability = availability_of(error);
  status.problem = error.message;
}

void note_success(ServerStatus& status, Time now) {
  status.checked_at = now;
  status.reached_at = now;
  status.availability = ServerAvailability::Reachable;
  status.problem.clear();
}

void note_probe(ServerStatus& status, const driver::ProbeReport& report) {
  status.version = report.version;
  status.capabilities = join(report.capabilities, " ");
  status.findings = join(report.findings, "\n");
  status.high_availability = report.high_availability;
}

std::vector<model::AccessStatus> access_statuses(Id<ManagedServer> id, const driver::ProbeReport& report, Time now) {
  std::vector<model::AccessStatus> statuses;
  for (const driver::AccessReport& access : report.accesses) statuses.push_back({id, access.kind, access.availability, access.problem, now});
  return statuses;
}

Result<std::vector<model::DhcpScope>> read_scopes(store::Store& store, Id<ManagedServer> server) {
  const auto reader = IPAM_TRY(store.open_reader());
  std::vector<model::DhcpScope> scopes;
  IPAM_TRY(store::for_each<model::DhcpScope>(*reader, {.where = {{"server_id", Comparison::Equal, store::to_value(server)}}},
                                             [&](model::DhcpScope scope) -> Result<bool> {
                                               scopes.push_back(std::move(scope));
                                               return true;
                                             }));
  return scopes;
}

Result<std::map<std::uint64_t, std::vector<model::DhcpPool>>> read_pools(store::Store& store, const std::vector<model::DhcpScope>& scopes) {
  const auto reader = IPAM_TRY(store.open_reader());
  std::map<std::uint64_t, std::vector<model::DhcpPool>> pools;
  for (const model::DhcpScope& scope : scopes) {
    IPAM_TRY(store::for_each<model::DhcpPool>(*reader, {.where = {{"scope_id", Comparison::Equal, store::to_value(scope.id)}}},
                                              [&](model::DhcpPool pool) -> Result<bool> {
                                                pools[scope.id.value].push_back(std::move(pool));
                                                return true;
                                              }));
  }
  return pools;
}

}  // namespace

io::Task<Result<ServerLocks::Held>> Collector::lock(ManagedServer server, io::Deadline deadline) {
  auto held = co_await locks_.acquire(server.id, std::move(deadline));
  if (held.ok() || held.error().code != ErrorCode::DeadlineExceeded) co_return held;
  co_return Error(ErrorCode::DeadlineExceeded, server.name + ": another job is still at work on this server; try again when it has ended");
}

Result<std::unique_ptr<driver::Driver>> Collector::make_driver(const ManagedServer& server) {
  return drivers_.create(server.product, IPAM_TRY(inventory_.endpoint(server)), driver::Limits{});
}

io::Task<Result<ServerStatus>> Collector::record(Id<ManagedServer> id, std::function<void(ServerStatus&)> change) {
  std::function<Result<ServerStatus>(ledger::Transaction&)> work = [id, change](ledger::Transaction& transaction) -> Result<ServerStatus> {
    IPAM_TRY(transaction.get(id));  // a server that was removed meanwhile leaves no status behind
    auto stored = IPAM_TRY(store::find_where<ServerStatus>(transaction.committed(), {{"id", Comparison::Equal, store::to_value(id)}}));
    ServerStatus status = stored ? *std::move(stored) : ServerStatus{.id = id};
    change(status);
    transaction.put_row(status);
    return status;
  };
  const model::ChangeContext nobody;  // a status is bookkeeping: no record names anyone
  auto written = co_await ledger_.write<ServerStatus>(nobody, ledger::Priority::Interactive, work);
  if (!written.ok()) co_return std::move(written).error();
  co_return std::move(written->value);
}

io::Task<Result<std::string>> Collector::recorded(Id<ManagedServer> id, Result<std::string> outcome, std::function<void(ServerStatus&)> success) {
  const Time now = clock_.now();
  std::function<void(ServerStatus&)> change = [now, success](ServerStatus& status) {
    note_success(status, now);
    success(status);
  };
  if (!outcome.ok()) {
    const Error error = outcome.error();
    if (!is_about_the_server(error)) co_return outcome;
    change = [error, now](ServerStatus& status) { note_failure(status, error, now); };
  }
  const auto status = co_await record(id, std::move(change));
  if (!status.ok()) log::warning("IPAM-4009 server status not stored", {{"server_id", id.to_string()}, {"error", status.error().describe()}});
  co_return outcome;
}

io::Task<Result<void>> Collector::record_accesses(Id<ManagedServer> id, std::vector<model::AccessStatus> statuses) {
  ledger::Work work = [id, statuses](ledger::Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.get(id));
    return store_access_reports(transaction, id, statuses);
  };
  IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Interactive, work));
  co_return Result<void>();
}

io::Task<Result<void>> Collector::record_probe(Id<ManagedServer> id, driver::ProbeReport report) {
  IPAM_CO_CHECK(co_await record_accesses(id, access_statuses(id, report, clock_.now())));
  std::function<void(ServerStatus&)> probed = [report = std::move(report)](ServerStatus& status) { note_probe(status, report); };
  IPAM_CO_CHECK(co_await record(id, std::move(probed)));
  co_return Result<void>();
}

io::Task<Result<Verification>> Collector::verify(Principal principal, Id<ManagedServer> id, io::Deadline deadline) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeServers));
  IPAM_CO_TRY(const ManagedServer server, inventory_.get_server(principal, id));
  IPAM_CO_TRY(const ServerLocks::Held held, co_await lock(server, deadline));
  const Time now = clock_.now();
  Verification verification;
  std::function<void(ServerStatus&)> change;
  const auto driver = make_driver(server);
  if (driver.ok()) {
    auto report = co_await (*driver)->probe(deadline);
    if (report.ok()) {
      verification.findings = report->findings;
      change = [report = *report, now](ServerStatus& status) {
        note_success(status, now);
        note_probe(status, report);
      };
      IPAM_CO_CHECK(co_await record_accesses(id, access_statuses(id, *report, now)));
    } else {
      change = [error = report.error(), now](ServerStatus& status) { note_failure(status, error, now); };
    }
  } else {
    change = [error = driver.error(), now](ServerStatus& status) { note_failure(status, error, now); };
  }
  IPAM_CO_TRY(verification.status, co_await record(id, std::move(change)));
  co_return verification;
}

io::Task<Result<std::string>> Collector::check_availability(ManagedServer server, std::string /*actor*/, io::Deadline deadline) {
  // A server that another job is at work with is being heard of by that job.
  auto held = co_await locks_.acquire(server.id, deadline.at_most(kPatienceForOtherJobs));
  if (!held.ok() && held.error().code == ErrorCode::DeadlineExceeded) co_return "another job is at work with it";
  if (!held.ok()) co_return held.error();
  const Id<ManagedServer> id = server.id;
  auto outcome = co_await probe(std::move(server), std::move(deadline));
  std::function<void(ServerStatus&)> success = [](ServerStatus&) {};
  co_return co_await recorded(id, std::move(outcome), std::move(success));
}

io::Task<Result<std::string>> Collector::probe(ManagedServer server, io::Deadline deadline) {
  IPAM_CO_TRY(const auto driver, make_driver(server));
  IPAM_CO_TRY(const driver::ProbeReport report, co_await driver->probe(std::move(deadline)));
  IPAM_CO_CHECK(co_await record_probe(server.id, report));
  std::vector<std::string> wrong;
  for (const driver::AccessReport& access : report.accesses) {
    if (access.availability != ServerAvailability::Reachable) wrong.push_back(access.problem);
  }
  std::string text = fmt::format("version {}", report.version);
  if (!report.high_availability.empty()) text += "; " + report.high_availability;
  if (!wrong.empty()) text += fmt::format("; {} of its accesses out of order, the first: {}", wrong.size(), wrong.front());
  if (!report.findings.empty()) text += fmt::format("; {}, the first: {}", count_of(report.findings.size(), "finding"), report.findings.front());
  co_return text;
}

io::Task<Result<std::string>> Collector::monitor_services(ManagedServer server, std::string actor, io::Deadline deadline) {
  // Zones tell more of a DNS server than its probe does.
  const bool has_zones = server.product == model::Product::Bind9 || server.product == model::Product::WindowsDns;
  if (has_zones) co_return co_await check_zones(std::move(server), std::move(actor), std::move(deadline));
  IPAM_CO_TRY(const ServerLocks::Held held, co_await lock(server, deadline));
  const Id<ManagedServer> id = server.id;
  auto outcome = co_await probe(std::move(server), std::move(deadline));
  std::function<void(ServerStatus&)> success = [](ServerStatus&) {};
  co_return co_await recorded(id, std::move(outcome), std::move(success));
}

io::Task<Result<std::string>> Collector::collect_configuration(ManagedServer server, std::string actor, io::Deadline deadline) {
  IPAM_CO_TRY(const ServerLocks::Held held, co_await lock(server, deadline));
  const Time now = clock_.now();
  const Id<ManagedServer> id = server.id;
  auto outcome = co_await read_configuration(server, std::move(actor), std::move(deadline));
  std::function<void(ServerStatus&)> success = [now](ServerStatus& status) { status.configuration_collected_at = now; };
  auto result = co_await recorded(id, std::move(outcome), std::move(success));
  if (result.ok() && on_collected_) co_await on_collected_(std::move(server));
  co_return result;
}

io::Task<Result<std::string>> Collector::collect_utilization(ManagedServer server, std::string /*actor*/, io::Deadline deadline) {
  IPAM_CO_TRY(const ServerLocks::Held held, co_await lock(server, deadline));
  const Time now = clock_.now();
  const Id<ManagedServer> id = server.id;
  auto outcome = co_await read_leases(std::move(server), std::move(deadline));
  std::function<void(ServerStatus&)> success = [now](ServerStatus& status) { status.leases_collected_at = now; };
  co_return co_await recorded(id, std::move(outcome), std::move(success));
}

io::Task<Result<std::string>> Collector::read_configuration(ManagedServer server, std::string actor, io::Deadline deadline) {
  IPAM_CO_TRY(const auto driver, make_driver(server));
  IPAM_CO_TRY(const driver::ProbeReport report, co_await driver->probe(deadline));
  IPAM_CO_CHECK(co_await record_probe(server.id, report));
  driver::DhcpReader* dhcp = driver->dhcp();
  if (dhcp == nullptr) co_return Error(ErrorCode::Unsupported, server.name + ": this product has no DHCP to read");
  IPAM_CO_TRY(driver::ObservedConfiguration observed, co_await dhcp->collect_configuration(deadline));
  std::vector<std::string> findings = report.findings;
  findings.insert(findings.end(), observed.findings.begin(), observed.findings.end());
  model::ChangeContext context;
  context.actor = std::move(actor);
  context.reason = "read from " + server.name;
  IPAM_CO_TRY(const auto counts, co_await merge_configuration(store_, ledger_, database_, server, std::move(observed), context));
  IPAM_CO_TRY(const ScopeRangeCounts ranges, co_await merge_scope_ranges(store_, ledger_, database_, server, context));
  findings.insert(findings.end(), ranges.findings.begin(), ranges.findings.end());
  std::string text =
      fmt::format("{}, {}; {}", count_of(counts.scopes, "scope"), count_of(counts.reservations, "reservation"), count_of(counts.changes, "change"));
  if (!findings.empty()) text += fmt::format("; {}, the first: {}", count_of(findings.size(), "finding"), findings.front());
  co_return text;
}

io::Task<Result<std::string>> Collector::read_leases(ManagedServer server, io::Deadline deadline) {
  IPAM_CO_TRY(const auto driver, make_driver(server));
  driver::DhcpReader* dhcp = driver->dhcp();
  if (dhcp == nullptr) co_return Error(ErrorCode::Unsupported, server.name + ": this product has no DHCP to read");
  LeaseMerge merge(store_, ledger_, database_, clock_, server);
  IPAM_CO_TRY(const driver::LeaseCollection collection, co_await dhcp->collect_leases(merge, deadline));
  IPAM_CO_CHECK(co_await merge.finish());
  // The server's own counters are only compared with ours: without them the leases still are a success.
  auto statistics = co_await dhcp->collect_statistics(deadline);
  if (!statistics.ok()) log::warning("IPAM-4010 server's counters not read", {{"server", server.name}, {"error", statistics.error().describe()}});
  std::vector<driver::ObservedStatistics> counters;
  if (statistics.ok()) counters = std::move(*statistics);
  IPAM_CO_TRY(const std::uint64_t scopes, co_await sample_scopes(server, std::move(counters)));
  const LeaseMergeCounts& counts = merge.counts();
  co_return fmt::format("{} leases by {}: {} new, {} changed, {} gone; {} scopes measured", counts.seen, collection.route, counts.added,
                        counts.changed, counts.removed, scopes);
}

io::Task<Result<std::string>> Collector::collect_zones(ManagedServer server, std::string actor, io::Deadline deadline) {
  return zone_job(ZoneJob::Collect, std::move(server), std::move(actor), std::move(deadline));
}

io::Task<Result<std::string>> Collector::check_zones(ManagedServer server, std::string actor, io::Deadline deadline) {
  return zone_job(ZoneJob::Check, std::move(server), std::move(actor), std::move(deadline));
}

io::Task<Result<std::string>> Collector::zone_job(ZoneJob job, ManagedServer server, std::string actor, io::Deadline deadline) {
  IPAM_CO_TRY(const ServerLocks::Held held, co_await lock(server, deadline));
  const Id<ManagedServer> id = server.id;
  auto outcome = co_await read_zones(job, server, std::move(actor), std::move(deadline));
  if (!outcome.ok() && outcome.error().code == ErrorCode::Unsupported) co_return outcome;  // says nothing of how the server is
  std::function<void(ServerStatus&)> success = [](ServerStatus&) {};
  auto result = co_await recorded(id, std::move(outcome), std::move(success));
  if (job == ZoneJob::Collect && result.ok() && on_collected_) co_await on_collected_(std::move(server));
  co_return result;
}

io::Task<Result<std::string>> Collector::read_zones(ZoneJob job, ManagedServer server, std::string actor, io::Deadline deadline) {
  IPAM_CO_TRY(const auto driver, make_driver(server));
  driver::DnsReader* dns = driver->dns();
  if (dns == nullptr) co_return Error(ErrorCode::Unsupported, server.name + ": this server has no DNS to read");
  ZoneCollection zones(store_, ledger_, database_, clock_);
  model::ChangeContext context;
  context.actor = std::move(actor);
  context.reason = "read from " + server.name;
  if (job == ZoneJob::Check) co_return co_await zones.check(*dns, server, context, deadline);
  co_return co_await zones.collect(*dns, server, context, deadline);
}

io::Task<Result<std::uint64_t>> Collector::sample_scopes(ManagedServer server, std::vector<driver::ObservedStatistics> statistics) {
  constexpr std::size_t kSamplesAStep = 200;
  store::Store& store = store_;
  const auto id = server.id;
  const auto read_all_scopes = [&store, id] { return read_scopes(store, id); };
  IPAM_CO_TRY(const auto scopes, co_await database_.run(read_all_scopes));
  const auto read_all_pools = [&store, scopes] { return read_pools(store, scopes); };
  IPAM_CO_TRY(const auto pools, co_await database_.run(read_all_pools));
  std::map<std::string, driver::ObservedStatistics> by_key;
  for (driver::ObservedStatistics& entry : statistics) by_key[entry.scope_key] = std::move(entry);
  const auto space = index_.snapshot(server.space_id.value);
  if (!space) co_return Error(ErrorCode::NotFound, "the server's address space is gone");
  const Time now = clock_.now();
  std::vector<model::ScopeUtilization> samples;
  for (const model::DhcpScope& scope : scopes) {
    const auto own = pools.find(scope.id.value);
    const occupancy::Usage usage = own == pools.end() ? occupancy::Usage{} : usage_of(*space, pool_union(own->second));
    model::ScopeUtilization sample{scope.id,
                                   now,
                                   ip::saturate_to_u64(usage.capacity),
                                   ip::saturate_to_u64(usage.used),
                                   ip::saturate_to_u64(usage.leased),
                                   ip::saturate_to_u64(usage.reserved),
                                   std::nullopt,
                                   std::nullopt};
    if (const auto counters = by_key.find(scope.key); counters != by_key.end()) {
      sample.server_assigned = counters->second.assigned;
      sample.server_declined = counters->second.declined;
    }
    samples.push_back(sample);
  }
  for (std::size_t first = 0; first < samples.size(); first += kSamplesAStep) {
    const std::size_t last = std::min(first + kSamplesAStep, samples.size());
    const std::vector<model::ScopeUtilization> part(samples.begin() + static_cast<std::ptrdiff_t>(first),
                                                    samples.begin() + static_cast<std::ptrdiff_t>(last));
    ledger::Work step = [part, id](ledger::Transaction& transaction) -> Result<void> {
      IPAM_TRY(transaction.get(id));  // a server that was removed meanwhile leaves no samples behind
      for (const model::ScopeUtilization& sample : part) transaction.put_row(sample);
      return {};
    };
    IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, step));
  }
  co_return samples.size();
}

}  // namespace ipam::service
