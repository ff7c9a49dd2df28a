// TaskLeases: which node runs a task, where several share a database. A run needs the task's lease; it is renewed while the run goes on, by the
// database's clock, so that the clocks of the nodes do not matter. Each new holder gets a higher token; what an older one still wants to store is
// refused (fencing), in the same commit that would have stored it.
//
// A process that is alone with its database always gets the lease, and pays nothing for it. Thread rule: any thread; the coroutines on an I/O
// executor.
#pragma once

#include "io/task.h"
#include "ledger/ledger.h"

namespace ipam::tasks {

class TaskLeases {
 public:
  // A node that dies in a run leaves the task to others after so long.
  static constexpr Duration kTerm = std::chrono::seconds(60);
  static constexpr Duration kRenewEvery = std::chrono::seconds(20);

  TaskLeases(store::Store& store, ledger::Ledger& ledger) : feed_(store.feed()), ledger_(ledger) {}

  struct Lease {
    std::uint64_t token = 0;
  };
  // Nothing when another node holds it.
  io::Task<Result<std::optional<Lease>>> take(std::string task);
  // Renews until `stop` is asked for; asks `lost` to stop when another node holds the lease, or it could not be renewed in its term.
  io::Task<void> keep(std::string task, Lease lease, std::stop_token stop, std::stop_source lost);
  // Another node may take it at once.
  io::Task<void> release(std::string task, Lease lease);
  // Within a work that stores something of the run. Errors: Conflict: another node holds the task now.
  Result<void> check(ledger::Transaction& transaction, const std::string& task, Lease lease) const;
  // Within the work that stores the run's end: another node may run the task at once.
  Result<void> give_back(ledger::Transaction& transaction, const std::string& task, Lease lease) const;
  // Whether this process is alone with its database.
  bool alone() const { return feed_ == nullptr; }

 private:
  Result<std::optional<store::TaskLease>> stored(ledger::Transaction& transaction, const std::string& task) const;

  store::ChangeFeed* const feed_;
  ledger::Ledger& ledger_;
};

}  // namespace ipam::tasks
