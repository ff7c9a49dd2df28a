// The steps that requests and batches of the address plan are made of: make, change or remove one object inside a transaction, by the rules of
// placement.h. Thread rule: the ledger's writer thread, except change_operation.
#pragma once

#include "service/fields/field_rules.h"
#include "service/planning/cascade.h"
#include "service/planning/placement.h"
#include "service/planning/planning_service.h"
#include "service/planning/quota_rules.h"
#include "service/planning/release.h"

namespace ipam::service {

// What a principal must be allowed to do to change such objects.
template <Planned T>
constexpr Operation change_operation() {
  if constexpr (std::is_same_v<T, model::AddressSpace>) return Operation::ChangeAddressSpace;
  if constexpr (std::is_same_v<T, model::Block>) return Operation::ChangeBlock;
  if constexpr (std::is_same_v<T, model::Subnet>) return Operation::ChangeSubnet;
  if constexpr (std::is_same_v<T, model::Range>) return Operation::ChangeRange;
  return Operation::ChangeAddress;
}

template <Planned T>
Result<T> create_in(ledger::Transaction& transaction, T object) {
  if constexpr (!std::is_same_v<T, model::AddressSpace>) IPAM_TRY(transaction.get(object.space_id));
  if constexpr (std::is_same_v<T, model::Address>) object.assigned_at = transaction.now();
  IPAM_TRY(check_custom_values(transaction, object.custom));
  IPAM_TRY(place(transaction, object));
  if constexpr (std::is_same_v<T, model::Address> || std::is_same_v<T, model::Subnet>) IPAM_TRY(charge(transaction, object));
  return transaction.create(std::move(object));
}

// An address that is meant for a range: one outside it is refused.
inline Result<model::Address> create_in_range(ledger::Transaction& transaction, model::Address object, model::Id<model::Range> range) {
  const auto meant = IPAM_TRY(transaction.find(range));
  if (!meant) return Error::field("/range_id", "there is no range with id " + range.to_string());
  if (meant->space_id != object.space_id) return Error::field("/range_id", "the range belongs to another address space");
  if (!IPAM_TRY(ip::Range::create(meant->first, meant->last)).contains(object.address)) {
    return Error::field("/address", object.address.to_string() + " lies outside range " + display_name(*meant));
  }
  return create_in(transaction, std::move(object));
}

template <Planned T>
Result<T> update_in(ledger::Transaction& transaction, model::Id<T> id, std::optional<std::uint64_t> expected_revision,
                    const std::function<Result<void>(T&)>& change) {
  T object = IPAM_TRY(transaction.get(id, expected_revision));
  const model::CustomValues custom_before = object.custom;
  if constexpr (std::is_same_v<T, model::AddressSpace>) {
    const bool is_default = object.name == PlanningService::kDefaultSpace;
    IPAM_TRY(change(object));
    if (is_default && object.name != PlanningService::kDefaultSpace) return Error::field("/name", "the default address space keeps its name");
  } else if constexpr (std::is_same_v<T, model::Range>) {
    const T before = object;
    IPAM_TRY(change(object));
    IPAM_TRY(check_change(before, object));
  } else {
    IPAM_TRY(change(object));
  }
  IPAM_TRY(model::check(object));
  if (object.custom != custom_before) IPAM_TRY(check_custom_values(transaction, object.custom));
  IPAM_TRY(place(transaction, object));
  return transaction.update(std::move(object));
}

// What becomes of the things below an object that is removed, and how an address is given back.
struct Removal {
  Below below = Below::Refuse;
  Release release;
};

template <Planned T>
Result<void> erase_in(ledger::Transaction& transaction, model::Id<T> id, std::optional<std::uint64_t> expected_revision, const Removal& removal) {
  if constexpr (std::is_same_v<T, model::Address>) return release_in(transaction, id, expected_revision, removal.release);
  const T object = IPAM_TRY(transaction.get(id, expected_revision));
  if constexpr (std::is_same_v<T, model::Block> || std::is_same_v<T, model::Subnet>) {
    if (removal.below == Below::Remove) IPAM_TRY(erase_below(transaction, object));
  }
  IPAM_TRY(check_unused(transaction, object));
  return transaction.erase(id);
}

}  // namespace ipam::service
