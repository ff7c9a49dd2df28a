// Upkeep: what the tasks AddressExpiry and Audit do, which are about the whole and not about one server.
//
// expire() tells what has reached its end or soon will: addresses with an expiry date, API tokens. It changes nothing: what to do with an expired
// address is a person's decision. audit() checks that the journal is as it was written (its chain, from where the last audit of this process ended),
// that the index's counters equal a recount from its leaves, and that it knows as many addresses as the store. Errors: FailedPrecondition when the
// audit finds something wrong, saying what; those of the store; DeadlineExceeded. Thread rule: an I/O executor; the work is done on the database
// pool.
#pragma once

#include "base/guarded.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"

namespace ipam::service {

class Upkeep {
 public:
  // How long before its end an address or token is told of.
  static constexpr auto kAlertBefore = std::chrono::hours(24 * 10);

  Upkeep(store::Store& store, const ledger::Ledger& ledger, const occupancy::Index& index, io::WorkerPool& database, const Clock& clock)
      : store_(store), ledger_(ledger), index_(index), database_(database), clock_(clock) {}

  // Both answer a sentence with figures.
  io::Task<Result<std::string>> expire(io::Deadline deadline);
  io::Task<Result<std::string>> audit(io::Deadline deadline);

 private:
  Result<std::string> read_expiry();
  // Errors of both: FailedPrecondition: what is wrong.
  Result<void> check_index();
  Result<void> check_space(model::Id<model::AddressSpace> space);

  store::Store& store_;
  const ledger::Ledger& ledger_;
  const occupancy::Index& index_;
  io::WorkerPool& database_;
  const Clock& clock_;
  Guarded<ledger::Position> verified_;  // the journal up to here
};

}  // namespace ipam::service
