#include "service/planning/release.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::AddressState;
using store::Comparison;

Result<Duration> cooldown_of(Transaction& transaction, const occupancy::SpaceIndex& space, const model::Address& address, Duration otherwise) {
  const auto entry = space.longest_match(address.address, occupancy::PrefixKind::Subnet);
  if (!entry) return otherwise;
  const auto subnet = IPAM_TRY(transaction.find(model::Id<model::Subnet>{entry->id}));
  if (!subnet || !subnet->cooldown_seconds) return otherwise;
  return Duration(std::chrono::seconds(*subnet->cooldown_seconds));
}

// When the last live lease of the address ends.
Result<std::optional<Time>> end_of_lease(Transaction& transaction, const model::Address& address) {
  std::optional<Time> end;
  IPAM_TRY(store::for_each<model::Lease>(transaction.committed(),
                                         {.where = {{"space_id", Comparison::Equal, store::to_value(address.space_id)},
                                                    {"address", Comparison::Equal, store::to_value(address.address)}}},
                                         [&](const model::Lease& lease) -> Result<bool> {
                                           if (model::occupies(lease.state) && (!end || *end < lease.expires_at)) end = lease.expires_at;
                                           return true;
                                         }));
  return end;
}

}  // namespace

Result<void> release_in(Transaction& transaction, model::Id<model::Address> id, std::optional<std::uint64_t> expected_revision,
                        const Release& release) {
  model::Address address = IPAM_TRY(transaction.get(id, expected_revision));
  if (release.mode == ReleaseMode::AtOnce || address.state == AddressState::Held) return transaction.erase(id);
  if (address.state == AddressState::Cooling) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("{} cools down and becomes free by itself at {}; force deletes it at once",
                                                            address.address.to_string(), format_time(address.held_until.value_or(Time{}))));
  }
  const occupancy::SpaceIndex& space = *IPAM_TRY(transaction.space(address.space_id));
  const Duration cooldown = IPAM_TRY(cooldown_of(transaction, space, address, release.cooldown));
  if (cooldown <= Duration::zero()) return transaction.erase(id);
  Time until = transaction.now() + cooldown;
  if (space.holders(address.address).of(occupancy::Holder::Lease) > 0) {
    until = std::max(until, IPAM_TRY(end_of_lease(transaction, address)).value_or(until));
  }
  address.state = AddressState::Cooling;
  address.held_until = until;
  address.expires_at.reset();
  address.quota_id.reset();
  IPAM_TRY(transaction.update(std::move(address)));
  return {};
}

}  // namespace ipam::service
