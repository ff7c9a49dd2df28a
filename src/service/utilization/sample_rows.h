// The rows of samples: those of the address plan and those of DHCP scopes, which are kept apart because of the server's own counters. Thread rule:
// pure functions; erase_rows on an I/O executor.
#pragma once

#include "io/worker_pool.h"
#include "ledger/ledger.h"
#include "model/dhcp.h"
#include "model/utilization.h"

namespace ipam::service {

inline std::vector<store::Value> key_of(const model::UtilizationSample& row) {
  return {store::to_value(row.kind), store::to_value(row.object_id), store::to_value(row.at)};
}
inline std::vector<store::Value> key_of(const model::ScopeUtilization& row) { return {store::to_value(row.scope_id), store::to_value(row.at)}; }

// Removes every row that matches, the oldest first, in steps that give way to people; answers how many. Errors: those of the store and the ledger;
// DeadlineExceeded, Cancelled: what was removed stays removed.
template <class Row>
io::Task<Result<std::uint64_t>> erase_rows(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, std::vector<store::Condition> where,
                                           io::Deadline deadline) {
  constexpr std::size_t kRowsAStep = 500;
  std::uint64_t removed = 0;
  for (;;) {
    const auto read = [&store, where]() -> Result<std::vector<Row>> {
      const auto reader = IPAM_TRY(store.open_reader());
      return IPAM_TRY(store::list<Row>(*reader, {.where = where, .sort = {{"at"}}, .limit = kRowsAStep})).items;
    };
    IPAM_CO_TRY(const std::vector<Row> rows, co_await database.run(read, deadline));
    if (rows.empty()) co_return removed;
    ledger::Work erase = [rows](ledger::Transaction& transaction) -> Result<void> {
      for (const Row& row : rows) transaction.erase_row<Row>(key_of(row));
      return {};
    };
    IPAM_CO_CHECK(co_await ledger.commit(ledger::Priority::Bulk, erase));
    removed += rows.size();
  }
}

}  // namespace ipam::service
