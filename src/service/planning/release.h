// Release: how an address is given back. Where its subnet, or else the settings, have a cool-down, it is not free at once: it cools down, so that
// what still knows it by the old owner (caches, firewalls, a lease) has forgotten it before somebody else gets it. Thread rule: plain values;
// release_in the ledger's writer thread.
#pragma once

#include "ledger/transaction.h"

namespace ipam::service {

enum class ReleaseMode { CoolDown, AtOnce };

struct Release {
  Duration cooldown{};  // where the subnet says nothing
  ReleaseMode mode = ReleaseMode::CoolDown;
};

// Deletes the address, or lets it cool down: for the cool-down, or for the rest of its live lease where that is longer. A hold that nobody confirmed
// is deleted at once. Errors: NotFound; FailedPrecondition (another revision, or it cools down already).
Result<void> release_in(ledger::Transaction& transaction, model::Id<model::Address> id, std::optional<std::uint64_t> expected_revision,
                        const Release& release);

}  // namespace ipam::service
