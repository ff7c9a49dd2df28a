// What quotas mean for somebody who takes addresses and subnets. Thread rule: the ledger's writer thread.
#pragma once

#include "ledger/transaction.h"

namespace ipam::service {

// Charges what is about to be made to the innermost quota that applies to the transaction's actor. The quotas and what was charged to them are read
// once a batch. Errors: Exhausted, saying which quota.
Result<void> charge(ledger::Transaction& transaction, model::Address& object);
Result<void> charge(ledger::Transaction& transaction, model::Subnet& object);

}  // namespace ipam::service
