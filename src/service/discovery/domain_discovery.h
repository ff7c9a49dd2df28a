// DomainDiscovery: one pass over all enabled discovery domains: reads each in its directory and writes what came of it.
//
// The domain controllers of a domain are asked one after the other until one answers. A domain that cannot be read keeps its servers as they were,
// and its status says why. Thread rule: run on one I/O executor, one pass at a time; it outlives its passes.
#pragma once

#include "driver/estate.h"
#include "ledger/ledger.h"
#include "service/collection/inventory_service.h"

namespace ipam::service {

struct DomainDiscoveryOptions {
  std::size_t at_once = 4;                                 // domains
  Duration controller_deadline = std::chrono::minutes(5);  // of one domain controller's answers
  Duration forget_after = std::chrono::hours(24 * 90);
};

class DomainDiscovery {
 public:
  DomainDiscovery(store::Store& store, ledger::Ledger& ledger, InventoryService& inventory, driver::EstateReader& reader, const Clock& clock,
                  const DomainDiscoveryOptions& options = {})
      : store_(store), ledger_(ledger), inventory_(inventory), reader_(reader), clock_(clock), options_(options) {}

  // Answers a sentence with figures, which names the domains that could not be read; an empty one without any domain. Errors: Unavailable when none
  // could be read, DeadlineExceeded and Cancelled, those of the store and the ledger.
  io::Task<Result<std::string>> run(std::string actor, io::Deadline deadline);

 private:
  struct Pass;

  io::Task<void> work(const model::DiscoveryDomain* domain, Pass* pass, io::Deadline deadline);
  io::Task<Result<driver::DomainReport>> read(const model::DiscoveryDomain* domain, io::Deadline deadline);
  io::Task<Result<void>> write(model::DiscoveryDomain domain, driver::DomainReport report, Pass* pass);
  io::Task<Result<void>> write_problem(model::DiscoveryDomain domain, std::string problem);
  Result<driver::DirectoryEndpoint> endpoint_of(const model::DiscoveryDomain& domain);

  store::Store& store_;
  ledger::Ledger& ledger_;
  InventoryService& inventory_;
  driver::EstateReader& reader_;
  const Clock& clock_;
  const DomainDiscoveryOptions options_;
};

}  // namespace ipam::service
