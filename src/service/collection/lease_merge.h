// LeaseMerge: compares the leases that a driver streams with those that are stored, both in address order, and writes the difference in small chunks
// through the ledger. So a collection of millions keeps a page in memory, an unchanged lease costs no write, and absences are believed only after a
// complete pass (`finish`). With each difference goes what it means for who held the address when (service/tracking). Thread rule: one job; the
// reading runs on the database pool.
#pragma once

#include "driver/driver.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"
#include "service/tracking/lease_history.h"

namespace ipam::service {

struct LeaseMergeCounts {
  std::uint64_t seen = 0;
  std::uint64_t added = 0;
  std::uint64_t changed = 0;
  std::uint64_t removed = 0;
};

class LeaseMerge final : public driver::LeaseSink {
 public:
  // At most this many rows a write, so that one takes well below 20 ms.
  static constexpr std::size_t kChunk = 500;

  LeaseMerge(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, const Clock& clock, const model::ManagedServer& server)
      : store_(store), ledger_(ledger), database_(database), clock_(clock), server_(server) {}

  io::Task<Result<void>> accept(std::vector<driver::ObservedLease> chunk) override;
  // The pass was complete: what is stored beyond the last lease seen is gone too.
  io::Task<Result<void>> finish();
  const LeaseMergeCounts& counts() const { return counts_; }

 private:
  io::Task<Result<std::vector<model::Lease>>> stored_until(std::optional<ip::Address> last);
  io::Task<Result<void>> write(std::vector<LeaseStep> steps);
  model::Lease to_lease(const driver::ObservedLease& observed, Time now) const;

  store::Store& store_;
  ledger::Ledger& ledger_;
  io::WorkerPool& database_;
  const Clock& clock_;
  const model::ManagedServer server_;
  std::optional<ip::Address> compared_;  // everything up to here was compared
  std::vector<model::Lease> absent_;     // stored, not seen: removed at the end of a complete pass
  LeaseMergeCounts counts_;
};

}  // namespace ipam::service
