// HoldSweeper: frees what becomes free by itself: holds that nobody confirmed in time, and addresses that have cooled down.
//
// What is due is found by the index of the database on held_until, once a second, so nothing is remembered between two looks and a restart loses
// nothing. Whether it is still due is decided inside the transaction that frees it: a confirmation that came first wins, and one that comes later
// finds the address gone. Where several nodes share the database each looks, and only the first to commit frees and journals. Thread rule: an I/O
// executor.
#pragma once

#include "io/worker_pool.h"
#include "ledger/ledger.h"

#include <stop_token>

namespace ipam::service {

class HoldSweeper {
 public:
  static constexpr Duration kPeriod = std::chrono::seconds(1);
  static constexpr std::size_t kAtOnce = 500;
  // As the journal names who freed an address.
  static constexpr std::string_view kActor = "server/holds";

  HoldSweeper(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, const Clock& clock)
      : store_(store), ledger_(ledger), database_(database), clock_(clock) {}

  // Frees what is due, at most kAtOnce; answers how many. Errors: those of the store and the ledger.
  io::Task<Result<std::uint64_t>> sweep();
  // Sweeps until `stop` is asked for.
  io::Task<void> run(std::stop_token stop);

 private:
  Result<std::vector<model::Id<model::Address>>> due() const;

  store::Store& store_;
  ledger::Ledger& ledger_;
  io::WorkerPool& database_;
  const Clock& clock_;
};

}  // namespace ipam::service
