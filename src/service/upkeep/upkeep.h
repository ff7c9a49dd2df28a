// Upkeep: what the tasks AddressExpiry and Audit do, which are about the whole and not about one server.
//
// expire() tells what has reached its end or soon will: addresses with an expiry date, API tokens. Each address is told of in the log once when the
// alert begins and once when it has expired, or at every run, as the settings say. It changes nothing: what to do with an expired address is a
// person's decision. audit() checks that the journal is as it was written (its chain, from where the last audit of this process ended),
// that the index's counters equal a recount from its leaves, and that it knows as many addresses as the store; and it forgets what of the tracking of
// addresses is older than its retention. Errors: FailedPrecondition when the
// audit finds something wrong, saying what; those of the store; DeadlineExceeded. Thread rule: an I/O executor; the work is done on the database
// pool.
#pragma once

#include "base/guarded.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"
#include "service/planning/expiry.h"

namespace ipam::service {

enum class ExpiryLog : std::uint8_t { Once, EveryRun };
BOOST_DESCRIBE_ENUM(ExpiryLog, Once, EveryRun)

struct UpkeepOptions {
  Duration expiry_alert = kDefaultExpiryAlert;  // how long before its end an address or token is told of
  ExpiryLog expiry_log = ExpiryLog::Once;
  Duration tracking_retention = std::chrono::hours(24 * 1'095);  // how long it is known who held an address, and who asked
};

class Upkeep {
 public:
  // So many addresses are told of in the log of one run at most; the next run tells of others.
  static constexpr std::size_t kToldInOneRun = 10'000;

  Upkeep(store::Store& store, ledger::Ledger& ledger, const occupancy::Index& index, io::WorkerPool& database, const Clock& clock,
         UpkeepOptions options = {})
      : store_(store), ledger_(ledger), index_(index), database_(database), clock_(clock), options_(options) {}

  // Both answer a sentence with figures.
  io::Task<Result<std::string>> expire(io::Deadline deadline);
  io::Task<Result<std::string>> audit(io::Deadline deadline);

 private:
  Result<std::string> tell_expiry();
  // Answers how many intervals and questions were removed. What was removed when it fails stays removed.
  io::Task<Result<std::uint64_t>> forget_tracking(io::Deadline deadline);
  // Errors of both: FailedPrecondition: what is wrong.
  Result<void> check_index();
  Result<void> check_space(model::Id<model::AddressSpace> space);

  store::Store& store_;
  ledger::Ledger& ledger_;
  const occupancy::Index& index_;
  io::WorkerPool& database_;
  const Clock& clock_;
  const UpkeepOptions options_;
  Guarded<ledger::Position> verified_;  // the journal up to here
};

}  // namespace ipam::service
