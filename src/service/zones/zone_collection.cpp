#include "service/zones/zone_collection.h"

#include "base/log.h"
#include "base/strings.h"
#include "service/zones/record_merge.h"
#include "service/zones/zone_rows.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using model::DnsZone;
using model::ZoneKind;
using model::ZoneStatus;
using store::Comparison;

// What has records of its own that a transfer gives.
bool has_records(const MergedZone& merged) {
  const ZoneKind kind = merged.zone.kind;
  return merged.status.serial && (kind == ZoneKind::Primary || kind == ZoneKind::Secondary || kind == ZoneKind::Mirror);
}

// Whether it is no use to try the next zone.
bool ends_the_job(const Error& error) {
  return error.code == ErrorCode::Cancelled || error.code == ErrorCode::Internal || error.code == ErrorCode::Overloaded;
}

// Another copy of the zone from which its records are read rather than from this one.
bool is_preferred(const DnsZone& other, const ZoneStatus& status, const ZoneStatus& own) {
  if (other.kind == ZoneKind::Primary) return true;
  return status.generation > 0 && status.transfer_problem.empty() && own.generation == 0;
}

Result<bool> find_preferred(store::Store& store, const DnsZone& zone, const ZoneStatus& own) {
  if (zone.kind == ZoneKind::Primary) return false;
  const auto reader = IPAM_TRY(store.open_reader());
  bool found = false;
  IPAM_TRY(store::for_each<DnsZone>(*reader, {.where = {{"name", Comparison::Equal, zone.name}}}, [&](DnsZone other) -> Result<bool> {
    if (other.id == zone.id || other.space_id != zone.space_id || other.view != zone.view) return true;
    found = is_preferred(other, IPAM_TRY(read_zone_status(*reader, other.id)), own);
    return !found;
  }));
  return found;
}

std::string zones_text(const ZoneMergeCounts& counts) {
  std::string text = fmt::format("{}; {}", count_of(counts.zones, "zone"), count_of(counts.changes, "change"));
  if (counts.unwell > 0) text += fmt::format("; {} not well", count_of(counts.unwell, "zone"));
  return text;
}

}  // namespace

io::Task<Result<std::string>> ZoneCollection::check(driver::DnsReader& dns, model::ManagedServer server, model::ChangeContext context,
                                                    io::Deadline deadline) {
  IPAM_CO_TRY(driver::ObservedZones observed, co_await dns.collect_zones(deadline));
  IPAM_CO_TRY(const ZoneMerge merge, co_await merge_zones(store_, ledger_, database_, clock_, server, std::move(observed), context));
  std::string text = zones_text(merge.counts);
  for (const MergedZone& merged : merge.zones) {
    if (merged.status.problem.empty()) continue;
    text += fmt::format(", the first: {}: {}", merged.zone.name, merged.status.problem);
    break;
  }
  co_return text;
}

io::Task<Result<std::string>> ZoneCollection::collect(driver::DnsReader& dns, model::ManagedServer server, model::ChangeContext context,
                                                      io::Deadline deadline) {
  IPAM_CO_TRY(driver::ObservedZones observed, co_await dns.collect_zones(deadline));
  const std::vector<std::string> findings = observed.findings;
  IPAM_CO_TRY(const ZoneMerge merge, co_await merge_zones(store_, ledger_, database_, clock_, server, std::move(observed), context));
  std::uint64_t read = 0, records = 0, added = 0, removed = 0, elsewhere = 0, failed = 0;
  std::optional<Error> first_error;
  for (const MergedZone& merged : merge.zones) {
    if (!has_records(merged)) continue;
    IPAM_CO_TRY(const bool preferred, co_await is_read_elsewhere(merged.zone, merged.status));
    if (preferred) {
      ++elsewhere;
      continue;
    }
    const auto done = co_await transfer(dns, merged.zone, context, deadline);
    if (done.ok()) {
      ++read;
      records += done->records;
      added += done->added;
      removed += done->removed;
      continue;
    }
    if (ends_the_job(done.error())) co_return done.error();
    ++failed;
    if (!first_error) first_error = done.error();
    if (done.error().code == ErrorCode::DeadlineExceeded) break;
  }
  if (read == 0 && first_error) co_return *first_error;
  std::string text =
      fmt::format("{}; records of {}: {} there, {} new, {} gone", zones_text(merge.counts), count_of(read, "zone"), records, added, removed);
  if (elsewhere > 0) text += fmt::format("; {} read from another server", count_of(elsewhere, "zone"));
  if (failed > 0) text += fmt::format("; {} not read, the first: {}", count_of(failed, "zone"), first_error->message);
  if (!findings.empty()) text += fmt::format("; {}, the first: {}", count_of(findings.size(), "finding"), findings.front());
  co_return text;
}

io::Task<Result<bool>> ZoneCollection::is_read_elsewhere(DnsZone zone, ZoneStatus status) {
  store::Store& store = store_;
  const auto find = [&store, zone, status] { return find_preferred(store, zone, status); };
  co_return co_await database_.run(find);
}

io::Task<Result<ZoneCollection::Transferred>> ZoneCollection::transfer(driver::DnsReader& dns, DnsZone zone, model::ChangeContext context,
                                                                       io::Deadline deadline) {
  auto done = co_await try_transfer(dns, zone, false, context, deadline);
  // Differences that do not fit, or a serial that went back: the whole zone tells the truth.
  if (!done.ok() && (done.error().code == ErrorCode::Conflict || done.error().code == ErrorCode::Stale)) {
    log::warning("IPAM-4019 zone is read anew as a whole", {{"zone", zone.name}, {"why", done.error().message}});
    done = co_await try_transfer(dns, zone, true, context, deadline);
  }
  if (!done.ok() && !ends_the_job(done.error())) {
    const auto noted = co_await note_problem(zone, done.error().message);
    if (!noted.ok()) log::warning("IPAM-4020 zone status not stored", {{"zone", zone.name}, {"error", noted.error().describe()}});
  }
  co_return done;
}

io::Task<Result<ZoneCollection::Transferred>> ZoneCollection::try_transfer(driver::DnsReader& dns, DnsZone zone, bool whole,
                                                                           model::ChangeContext context, io::Deadline deadline) {
  RecordMerge merge(store_, ledger_, database_, clock_, zone, context);
  IPAM_CO_TRY(const ZoneStatus status, co_await merge.prepare());
  driver::ZoneRequest request;
  request.name = zone.name;
  request.view = zone.view;
  if (!whole && status.generation > 0) request.known_serial = status.transferred_serial;
  auto transfer = co_await dns.transfer_zone(request, merge, deadline);
  std::optional<Error> failed;
  RecordMergeCounts counts;
  if (transfer.ok()) {
    const driver::ZoneTransfer complete = *transfer;
    auto finished = co_await merge.finish(complete);
    if (finished.ok()) {
      counts = *finished;
    } else {
      failed = finished.error();
    }
  } else {
    failed = transfer.error();
  }
  if (failed) {
    const auto cleared = co_await merge.abandon();
    if (!cleared.ok())
      log::warning("IPAM-4021 rows of a transfer that failed are left until the next", {{"zone", zone.name}, {"error", cleared.error().describe()}});
    co_return *failed;
  }
  Transferred done;
  done.transfer = *transfer;
  done.records = counts.records;
  done.added = counts.added;
  done.removed = counts.removed;
  co_return done;
}

io::Task<Result<void>> ZoneCollection::note_problem(DnsZone zone, std::string problem) {
  ledger::Work work = [id = zone.id, problem](ledger::Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.get(id));
    ZoneStatus status = IPAM_TRY(read_zone_status(transaction.committed(), id));
    status.transfer_problem = problem;
    transaction.put_row(status);
    return {};
  };
  IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, work));
  co_return Result<void>();
}

}  // namespace ipam::service
