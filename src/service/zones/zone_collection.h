// ZoneCollection: what is read of DNS from one server through its driver: its zones and how they are, and the records of those that are read there.
// The jobs of the tasks DnsConfiguration and ServiceMonitoring; the answer is a sentence with figures. Errors: those of driver.h, of the ledger and
// the store; Unsupported (the server has no DNS to read). Thread rule: an I/O executor; the caller holds the server's lock.
#pragma once

#include "service/zones/zone_merge.h"

namespace ipam::service {

class ZoneCollection {
 public:
  ZoneCollection(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, const Clock& clock)
      : store_(store), ledger_(ledger), database_(database), clock_(clock) {}

  // Zones and records. It fails when no zone's records could be read though some should have been.
  io::Task<Result<std::string>> collect(driver::DnsReader& dns, model::ManagedServer server, model::ChangeContext context, io::Deadline deadline);
  // Zones and how they are, without their records.
  io::Task<Result<std::string>> check(driver::DnsReader& dns, model::ManagedServer server, model::ChangeContext context, io::Deadline deadline);
  // The records of one zone, now: what changed since the last transfer, or all of them where that is not to be had.
  struct Transferred {
    driver::ZoneTransfer transfer;
    std::uint64_t records = 0, added = 0, removed = 0;
  };
  io::Task<Result<Transferred>> transfer(driver::DnsReader& dns, model::DnsZone zone, model::ChangeContext context, io::Deadline deadline);

 private:
  io::Task<Result<Transferred>> try_transfer(driver::DnsReader& dns, model::DnsZone zone, bool whole, model::ChangeContext context,
                                             io::Deadline deadline);
  io::Task<Result<void>> note_problem(model::DnsZone zone, std::string problem);
  io::Task<Result<bool>> is_read_elsewhere(model::DnsZone zone, model::ZoneStatus status);

  store::Store& store_;
  ledger::Ledger& ledger_;
  io::WorkerPool& database_;
  const Clock& clock_;
};

}  // namespace ipam::service
