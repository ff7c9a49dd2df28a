// ConfigurationMerge: what must change in the stored settings, scopes, pools and reservations of one server so that they say what was observed. The
// changes go through the ledger in small steps, each whole in itself; a scope that is no longer there is removed last, after everything observed was
// written. Thread rule: one job; the reading runs on the database pool.
#pragma once

#include "driver/driver.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"

namespace ipam::service {

struct ConfigurationMergeCounts {
  std::uint64_t scopes = 0;
  std::uint64_t reservations = 0;
  std::uint64_t changes = 0;  // objects made, changed or removed
};

// Errors: those of the ledger and the store. `context` says which task asks.
io::Task<Result<ConfigurationMergeCounts>> merge_configuration(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database,
                                                               model::ManagedServer server, driver::ObservedConfiguration observed,
                                                               model::ChangeContext context);

}  // namespace ipam::service
