// What a row does inside a transaction, beside the steps of service/planning. Thread rule: the ledger's writer thread.
#pragma once

#include "model/interchange.h"
#include "service/planning/overlap.h"
#include "service/planning/plan_steps.h"

namespace ipam::service::interchange {

// What came of one row.
struct RowResult {
  model::RowOutcome outcome = model::RowOutcome::Failed;
  std::string reason;
  std::uint64_t object_id = 0;  // of what exists now
};

// Adds the rows of a step to what was done before.
inline void count(const std::vector<RowResult>& results, model::Import& state) {
  state.rows += results.size();
  for (const RowResult& result : results) {
    switch (result.outcome) {
      case model::RowOutcome::Created: ++state.created; break;
      case model::RowOutcome::Updated: ++state.updated; break;
      case model::RowOutcome::Unchanged:
      case model::RowOutcome::Conflict: ++state.unchanged; break;
      case model::RowOutcome::Removed: ++state.removed; break;
      case model::RowOutcome::Failed: ++state.failed; break;
      case model::RowOutcome::Seen: break;
    }
  }
}

// The object that the key of a row names, if there is one.
template <class T>
Result<std::optional<T>> find_existing(ledger::Transaction& transaction, const T& wanted) {
  const occupancy::SpaceIndex& space = *IPAM_TRY(transaction.space(wanted.space_id));
  if constexpr (std::is_same_v<T, model::Address>) {
    if (space.holders(wanted.address).of(occupancy::Holder::Static) == 0) return std::optional<T>{};
    const auto same = [&](const T& other) { return other.space_id == wanted.space_id && other.address == wanted.address; };
    return transaction.find_where<T>({{"space_id", store::Comparison::Equal, store::to_value(wanted.space_id)},
                                      {"address", store::Comparison::Equal, store::to_value(wanted.address)}},
                                     same);
  } else if constexpr (std::is_same_v<T, model::Range>) {
    const auto range = IPAM_TRY(ip::Range::create(wanted.first, wanted.last));
    for (const occupancy::RangeEntry& entry : space.ranges_overlapping(range)) {
      if (entry.range != range) continue;
      auto found = IPAM_TRY(transaction.find(model::Id<T>{entry.id}));
      if (found && are_of_one_service(*found, wanted)) return found;
    }
    return std::optional<T>{};
  } else {
    constexpr auto kKind = std::is_same_v<T, model::Block> ? occupancy::PrefixKind::Block : occupancy::PrefixKind::Subnet;
    const auto id = space.find(wanted.prefix, kKind);
    if (!id) return std::optional<T>{};
    return transaction.find(model::Id<T>{*id});
  }
}

// The subnet that a row of a range names, made where it is missing.
inline Result<void> make_subnet(ledger::Transaction& transaction, const model::Range& range, const ip::Prefix& network) {
  const occupancy::SpaceIndex& space = *IPAM_TRY(transaction.space(range.space_id));
  if (space.longest_match(range.first, occupancy::PrefixKind::Subnet)) return {};
  model::Subnet subnet;
  subnet.space_id = range.space_id;
  subnet.prefix = network;
  subnet.name = network.to_string();
  IPAM_TRY(model::check(subnet));
  IPAM_TRY(create_in(transaction, std::move(subnet)));
  return {};
}

// As create_in, without a read of the database where the index knows: place() finds the space. An address keeps the time at which it was given.
template <Planned T>
Result<T> create_row(ledger::Transaction& transaction, T object) {
  if constexpr (std::is_same_v<T, model::Address>) {
    if (object.assigned_at == Time{}) object.assigned_at = transaction.now();
  }
  if (!object.custom.empty()) IPAM_TRY(check_custom_values(transaction, object.custom));
  IPAM_TRY(place(transaction, object));
  if constexpr (std::is_same_v<T, model::Address> || std::is_same_v<T, model::Subnet>) IPAM_TRY(charge(transaction, object));
  return transaction.create(std::move(object));
}

}  // namespace ipam::service::interchange
