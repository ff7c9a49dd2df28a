#include "ledger/transaction.h"

namespace ipam::ledger {

Result<const occupancy::SpaceIndex*> Transaction::space(model::Id<model::AddressSpace> id) {
  const occupancy::SpaceIndex* found = batch_.index().find_space(id.value);
  if (found == nullptr) return Error(ErrorCode::NotFound, "there is no address space with id " + id.to_string());
  return found;
}

void Transaction::put_lease(const std::optional<model::Lease>& before, const model::Lease& after) {
  if (before) apply_to_index(*before, Direction::Remove, batch_.index());
  apply_to_index(after, Direction::Add, batch_.index());
  batch_.writes().put(after);
}

void Transaction::erase_lease(const model::Lease& lease) {
  apply_to_index(lease, Direction::Remove, batch_.index());
  batch_.writes().erase<model::Lease>({store::to_value(lease.server_id), store::to_value(lease.address)});
}

}  // namespace ipam::ledger
