// merge_zones: makes the stored zones of one server say what was observed: the zones themselves through the journal, how they are as facts. Zones
// that are no longer there go last, with their records, after everything observed was written. Thread rule: one job, which holds the server's lock.
#pragma once

#include "driver/driver.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"

namespace ipam::service {

struct ZoneMergeCounts {
  std::uint64_t zones = 0;
  std::uint64_t changes = 0;  // zones made, changed or removed
  std::uint64_t unwell = 0;   // zones that do not answer as they should
};

struct MergedZone {
  model::DnsZone zone;
  model::ZoneStatus status;
};

struct ZoneMerge {
  ZoneMergeCounts counts;
  std::vector<MergedZone> zones;  // that are there now, in the order observed
};

// What a zone is compared with to find out whether it lags.
struct OtherServer {
  std::string server;
  model::ZoneStatus status;
};

// How the zone is, by what its server says and by the serials of the other servers of the zone: one that lags behind for longer than the zone's
// refresh time is SerialBehind. `before` is what was stored, whose records stay as they are.
model::ZoneStatus judge_zone(const driver::ObservedZone& observed, model::ZoneStatus before, const std::vector<OtherServer>& others, Time now);

// Errors: those of the ledger and the store. `context` says which task asks.
io::Task<Result<ZoneMerge>> merge_zones(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, const Clock& clock,
                                        model::ManagedServer server, driver::ObservedZones observed, model::ChangeContext context);

}  // namespace ipam::service
