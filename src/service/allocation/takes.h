// The works of AllocationService: what a request finds and takes inside its transaction. Thread rule: the ledger's writer thread.
#pragma once

#include "service/allocation/allocation_service.h"

namespace ipam::service {

Result<Allocation> take_addresses(ledger::Transaction& transaction, const AllocationRequest& request, const occupancy::RandomSource& random);
Result<model::Address> confirm_held(ledger::Transaction& transaction, model::Id<model::Address> id, std::optional<std::uint64_t> expected_revision,
                                    const std::function<Result<void>(model::Address&)>& change);
Result<std::vector<model::Subnet>> take_subnets(ledger::Transaction& transaction, const SubnetAllocationRequest& request,
                                                const occupancy::RandomSource& random);
Result<std::vector<model::Subnet>> take_plan(ledger::Transaction& transaction, const SubnetPlanRequest& request);
Result<std::vector<model::Range>> take_ranges(ledger::Transaction& transaction, const RangeAllocationRequest& request,
                                              const occupancy::RandomSource& random);

// Where the strategy "next" goes on in a place, and what it took last from now on. A request of the same batch is not seen yet: it then finds what
// that one took held, and goes on behind it.
Result<std::optional<ip::Address>> last_taken(ledger::Transaction& transaction, model::Id<model::AddressSpace> space, const ip::Prefix& place);
void remember_taken(ledger::Transaction& transaction, model::Id<model::AddressSpace> space, const ip::Prefix& place, ip::Address last);

}  // namespace ipam::service
