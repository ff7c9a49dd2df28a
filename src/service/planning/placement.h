// The rules between planned objects, checked inside the transaction that changes them, so that no two requests can break them together.
//
// - A name of an address space is unique. The default space stays.
// - A customer address space is carried by a provider one, which stays as long as it carries any.
// - Blocks nest to any depth; two blocks of one prefix do not exist; a block does not lie inside a subnet.
// - A block of public addresses says its registry, one of others none (registry_rules.h).
// - Subnets of a space do not overlap each other and contain no block. A subnet that holds addresses or ranges stays.
// - A range lies in one subnet. It shares no address with another range of the same service and instance; with one of another service it may
//   (overlap.h). One that is a DHCP scope belongs to its server: description and owner alone are the planner's.
// - An address lies in a subnet, is neither its network nor its broadcast address (IPv4 up to /30), and exists once in its space.
// Errors: InvalidArgument (with the field), AlreadyExists, Conflict, FailedPrecondition, each naming the other object.
// Thread rule: the ledger's writer thread.
#pragma once

#include "ledger/transaction.h"

namespace ipam::service {

// Whether the object may be where it is. May fill in what follows from the place (a range's subnet).
Result<void> place(ledger::Transaction& transaction, model::AddressSpace& object);
Result<void> place(ledger::Transaction& transaction, model::Block& object);
Result<void> place(ledger::Transaction& transaction, model::Subnet& object);
Result<void> place(ledger::Transaction& transaction, model::Range& object);
Result<void> place(ledger::Transaction& transaction, model::Address& object);

// Whether a person may change the object like this.
Result<void> check_change(const model::Range& before, const model::Range& after);

// Whether the object may go.
Result<void> check_unused(ledger::Transaction& transaction, const model::AddressSpace& object);
Result<void> check_unused(ledger::Transaction& transaction, const model::Block& object);
Result<void> check_unused(ledger::Transaction& transaction, const model::Subnet& object);
Result<void> check_unused(ledger::Transaction& transaction, const model::Range& object);
Result<void> check_unused(ledger::Transaction& transaction, const model::Address& object);

// The subnet that holds the whole range. Errors: InvalidArgument on `pointer`, saying what to do.
Result<occupancy::PrefixEntry> subnet_of(const occupancy::SpaceIndex& space, const ip::Range& range, std::string_view pointer);

}  // namespace ipam::service
