// Addresses that DHCP or DNS servers have and the plan has not: told of in a comparison, or recorded. And the contrary: the addresses that go with a
// range. Thread rule: describe_seen any thread that may block on the database, the others the ledger's writer thread.
#pragma once

#include "service/interchange/live_facts.h"
#include "service/interchange/row_steps.h"

namespace ipam::service::interchange {

// So many are recorded in one step.
inline constexpr std::size_t kSeenAStep = 100;

struct SeenAddress {
  model::Address object;  // as it would be recorded
  std::string text;       // what the servers say
};

Result<SeenAddress> describe_seen(LiveFacts& facts, model::Id<model::AddressSpace> space, const ip::Address& address);
// Unchanged: the plan has it.
Result<RowResult> record_seen(ledger::Transaction& transaction, const SeenAddress& seen, bool dry_run);

// Gives back the addresses that belong to the range by their place and their service. Errors: FailedPrecondition: they are more than 10 000.
Result<void> release_mapped(ledger::Transaction& transaction, const model::Range& range, const Release& release);

}  // namespace ipam::service::interchange
