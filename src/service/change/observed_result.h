// What is stored of a change that was read back from its server: the reservation or the records, as a collection would find them. And the way back:
// what the last collection says of changes that nobody heard the end of. Thread rule: the ledger's writer thread.
#pragma once

#include "driver/driver.h"
#include "ledger/transaction.h"
#include "model/server_change.h"

namespace ipam::service {

// Made: what was read back. Unknown: they may have been made; the next differences of their zones may tell them. Errors: those of the ledger.
Result<void> store_results(ledger::Transaction& transaction, const model::ManagedServer& server, const std::vector<driver::Change>& changes,
                           model::ServerChangeState state);

// What `change`, which was made, takes back is Undone; and what that had taken back is in force again.
Result<void> mark_undone(ledger::Transaction& transaction, const model::ServerChange& change);

// Gives an end to the server's changes that were announced, or are unknown, before the last collection of what they are about.
Result<void> settle_changes(ledger::Transaction& transaction, const model::ManagedServer& server);

}  // namespace ipam::service
