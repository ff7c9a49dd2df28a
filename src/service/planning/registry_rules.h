// The rules of regional internet registries: a block of public or global unicast addresses says which registry it came from (the custom field RIR),
// itself or by a block around it; a block of other addresses came from none. Where the built-in field RIR does not exist, neither do the rules.
// Errors: InvalidArgument on /custom_fields/RIR or /received_at. Thread rule: the ledger's writer thread.
#pragma once

#include "ledger/transaction.h"

namespace ipam::service {

Result<void> check_registry(ledger::Transaction& transaction, const model::Block& object);

}  // namespace ipam::service
