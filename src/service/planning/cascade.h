// Removing an object of the plan with what lies below it, in one transaction: a subnet with its ranges and addresses, a block with the blocks and
// subnets inside it and all that is theirs. What a DHCP server owns is no one's to remove here. Errors: FailedPrecondition: a range that is a DHCP
// scope, by name, or more objects than kMaxCascade. Thread rule: the ledger's writer thread.
#pragma once

#include "ledger/transaction.h"

namespace ipam::service {

// What becomes of the things below an object that is removed.
enum class Below { Refuse, Remove };

// At most so many at once: a transaction holds up all others.
inline constexpr std::size_t kMaxCascade = 10'000;

Result<void> erase_below(ledger::Transaction& transaction, const model::Block& object);
Result<void> erase_below(ledger::Transaction& transaction, const model::Subnet& object);

}  // namespace ipam::service
