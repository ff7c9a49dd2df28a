// Collector: what a scheduled task, or a person who cannot wait for it, does with one managed server: verify it, read its configuration, read its
// leases and measure its scopes. One job a server at a time; each ends at its deadline. A server that is dead, slow or lying costs its own job alone.
//
// Every job leaves what it learnt of the server in its ServerStatus, also when it fails: what is wrong and what would mend it.
// Errors: those of driver.h, of the ledger and the store; NotFound; Unsupported (the product has no DHCP). Thread rule: an I/O executor.
#pragma once

#include "io/worker_pool.h"
#include "service/collection/inventory_service.h"
#include "service/collection/server_locks.h"

namespace ipam::service {

struct Verification {
  model::ServerStatus status;
  std::vector<std::string> findings;
};

class Collector {
 public:
  Collector(store::Store& store, ledger::Ledger& ledger, const occupancy::Index& index, InventoryService& inventory, const driver::Factory& drivers,
            io::WorkerPool& database, const Clock& clock)
      : store_(store), ledger_(ledger), index_(index), inventory_(inventory), drivers_(drivers), database_(database), clock_(clock) {}

  // Signs in and tells what was found; the server's refusal is an answer (its status), not an error.
  io::Task<Result<Verification>> verify(Principal principal, model::Id<model::ManagedServer> id, io::Deadline deadline);

  // The jobs of the tasks ServerConfiguration and AddressUtilization; the answer is a sentence with figures. `actor` is "task/<name>".
  io::Task<Result<std::string>> collect_configuration(model::ManagedServer server, std::string actor, io::Deadline deadline);
  io::Task<Result<std::string>> collect_utilization(model::ManagedServer server, std::string actor, io::Deadline deadline);
  // Of DnsConfiguration (zones and records) and, for DNS, of ServiceMonitoring (zones and how they are). Errors: Unsupported (no DNS) too.
  io::Task<Result<std::string>> collect_zones(model::ManagedServer server, std::string actor, io::Deadline deadline);
  io::Task<Result<std::string>> check_zones(model::ManagedServer server, std::string actor, io::Deadline deadline);
  // Of ServerAvailability: signs in to the server and each of its accesses; of ServiceMonitoring: how its services are.
  io::Task<Result<std::string>> check_availability(model::ManagedServer server, std::string actor, io::Deadline deadline);
  io::Task<Result<std::string>> monitor_services(model::ManagedServer server, std::string actor, io::Deadline deadline);

  // For what else works on a server: under the lock no collection is under way. A job holds it until its status is written, so that no two jobs
  // change one status at a time. Errors: DeadlineExceeded, Cancelled.
  io::Task<Result<ServerLocks::Held>> lock(model::ManagedServer server, io::Deadline deadline);
  // `call` runs after every collection that succeeded, under the server's lock. For the start, before there are requests.
  void on_collected(std::function<io::Task<void>(model::ManagedServer)> call) { on_collected_ = std::move(call); }
  // Errors: those of driver::Factory and of InventoryService::endpoint.
  Result<std::unique_ptr<driver::Driver>> make_driver(const model::ManagedServer& server);

 private:
  io::Task<Result<std::string>> probe(model::ManagedServer server, io::Deadline deadline);
  io::Task<Result<void>> record_probe(model::Id<model::ManagedServer> id, driver::ProbeReport report);
  io::Task<Result<void>> record_accesses(model::Id<model::ManagedServer> id, std::vector<model::AccessStatus> statuses);
  io::Task<Result<std::string>> read_configuration(model::ManagedServer server, std::string actor, io::Deadline deadline);
  enum class ZoneJob { Collect, Check };
  io::Task<Result<std::string>> zone_job(ZoneJob job, model::ManagedServer server, std::string actor, io::Deadline deadline);
  io::Task<Result<std::string>> read_zones(ZoneJob job, model::ManagedServer server, std::string actor, io::Deadline deadline);
  io::Task<Result<std::string>> read_leases(model::ManagedServer server, io::Deadline deadline);
  io::Task<Result<std::uint64_t>> sample_scopes(model::ManagedServer server, std::vector<driver::ObservedStatistics> statistics);
  // Changes the stored status of a server.
  io::Task<Result<model::ServerStatus>> record(model::Id<model::ManagedServer> id, std::function<void(model::ServerStatus&)> change);
  io::Task<Result<std::string>> recorded(model::Id<model::ManagedServer> id, Result<std::string> outcome,
                                         std::function<void(model::ServerStatus&)> success);

  store::Store& store_;
  ledger::Ledger& ledger_;
  const occupancy::Index& index_;
  InventoryService& inventory_;
  const driver::Factory& drivers_;
  io::WorkerPool& database_;
  const Clock& clock_;
  ServerLocks locks_;
  std::function<io::Task<void>(model::ManagedServer)> on_collected_;
};

}  // namespace ipam::service
