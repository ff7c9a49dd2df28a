// erase_rows: removes rows that are not journaled, however many, in steps that give way to people. Thread rule: an I/O executor; the reading runs on
// the database pool.
#pragma once

#include "io/worker_pool.h"
#include "ledger/ledger.h"

namespace ipam::ledger {

template <class Row>
std::vector<store::Value> key_of(const Row& row) {
  std::vector<store::Value> cells = store::to_cells(row);
  cells.resize(store::TableInfo<Row>::key_columns);
  return cells;
}

// Removes every row that the query finds, in its order; answers how many. Errors: those of the store and the ledger; DeadlineExceeded, Cancelled:
// what was removed stays removed.
template <class Row>
io::Task<Result<std::uint64_t>> erase_rows(store::Store& store, Ledger& ledger, io::WorkerPool& database, store::Query query, io::Deadline deadline) {
  query.limit = 500;
  for (std::uint64_t removed = 0;;) {
    const auto read = [&store, query]() -> Result<std::vector<Row>> {
      const auto reader = IPAM_TRY(store.open_reader());
      return IPAM_TRY(store::list<Row>(*reader, query)).items;
    };
    IPAM_CO_TRY(const std::vector<Row> rows, co_await database.run(read, deadline));
    if (rows.empty()) co_return removed;
    Work erase = [rows](Transaction& transaction) -> Result<void> {
      for (const Row& row : rows) transaction.erase_row<Row>(key_of(row));
      return {};
    };
    IPAM_CO_CHECK(co_await ledger.commit(Priority::Bulk, erase));
    removed += rows.size();
  }
}

}  // namespace ipam::ledger
