// What must hold when a subnet is gone or has another prefix than before, and nobody has asked beforehand: what lies in it still lies in a subnet,
// and no host has an address that became one of the subnet's own. Errors: FailedPrecondition, Conflict, naming what is in the way. Thread rule: the
// ledger's writer thread.
#pragma once

#include "ledger/transaction.h"

namespace ipam::service {

// `now`: nothing when the subnet is gone.
Result<void> check_left_behind(ledger::Transaction& transaction, const model::Subnet& before, const std::optional<model::Subnet>& now);
// `before`: null when the subnet is made.
Result<void> check_new_boundary(ledger::Transaction& transaction, const model::Subnet* before, const model::Subnet& now);

}  // namespace ipam::service
