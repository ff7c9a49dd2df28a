// A DHCP scope becomes ranges of the plan by itself: one for each stretch of addresses that its pools cover, managed by the DHCP service with the
// server as instance. What a DHCP server owns is read-only in the plan (service/planning refuses it); description and owner are the planner's.
//
// The subnet that a range needs is made when there is none. A place that the plan uses otherwise is a finding, never a failure: the pools block
// allocation by themselves. Thread rule: the ledger's writer thread; merge_scope_ranges on an I/O executor.
#pragma once

#include "io/worker_pool.h"
#include "ledger/ledger.h"

namespace ipam::service {

struct ScopeRangeCounts {
  std::uint64_t changes = 0;
  std::vector<std::string> findings;  // "scope 10.0.0.0/24: …"
};

// Makes the ranges of every stored scope of the server say what its pools say. Errors: those of the ledger and the store.
io::Task<Result<ScopeRangeCounts>> merge_scope_ranges(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database,
                                                      model::ManagedServer server, model::ChangeContext context);

// Before the scope itself goes.
Result<void> erase_scope_ranges(ledger::Transaction& transaction, model::Id<model::DhcpScope> scope);

}  // namespace ipam::service
