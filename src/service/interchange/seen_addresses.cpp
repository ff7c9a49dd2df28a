#include "service/interchange/seen_addresses.h"

#include "model/rules.h"
#include "service/interchange/row_plan.h"

#include <fmt/format.h>

namespace ipam::service::interchange {

using ledger::Transaction;
using model::RowOutcome;
using store::Comparison;

Result<SeenAddress> describe_seen(LiveFacts& facts, model::Id<model::AddressSpace> space, const ip::Address& address) {
  SeenAddress seen;
  seen.object.space_id = space;
  seen.object.address = address;
  const auto known = IPAM_TRY(facts.of(space, address));
  seen.text = to_text(known);
  for (const LiveFact& fact : known) {
    if (seen.object.name.empty()) seen.object.name = fact.name;
    if (!seen.object.hardware_address) seen.object.hardware_address = fact.hardware_address;
  }
  return seen;
}

Result<RowResult> record_seen(Transaction& transaction, const SeenAddress& seen, bool dry_run) {
  if (IPAM_TRY(find_existing(transaction, seen.object))) return RowResult{RowOutcome::Unchanged, {}, 0};
  if (dry_run) return RowResult{RowOutcome::Seen, seen.text, 0};
  const auto made = transaction.attempt([&]() -> Result<void> {
    IPAM_TRY(model::check(seen.object));
    IPAM_TRY(create_row(transaction, seen.object));
    return {};
  });
  return made.ok() ? RowResult{RowOutcome::Created, {}, 0} : RowResult{RowOutcome::Failed, reason_of(made.error()), 0};
}

Result<void> release_mapped(Transaction& transaction, const model::Range& range, const Release& release) {
  constexpr std::size_t kMost = 10'000;
  const ip::Range extent = IPAM_TRY(ip::Range::create(range.first, range.last));
  const auto is_mapped = [&](const model::Address& address) {
    return address.space_id == range.space_id && extent.contains(address.address) && address.managed_by == range.managed_by &&
           address.service_instance == range.service_instance && address.state != model::AddressState::Cooling;
  };
  const std::vector<store::Condition> where{{"space_id", Comparison::Equal, store::to_value(range.space_id)},
                                            {"address", Comparison::GreaterOrEqual, store::to_value(range.first)},
                                            {"address", Comparison::LessOrEqual, store::to_value(range.last)}};
  const auto mapped = IPAM_TRY(transaction.list<model::Address>(where, is_mapped, kMost + 1));
  if (mapped.size() > kMost) return Error(ErrorCode::FailedPrecondition, fmt::format("has more than {} addresses; delete them first", kMost));
  for (const model::Address& address : mapped) IPAM_TRY(release_in(transaction, address.id, std::nullopt, release));
  return {};
}

}  // namespace ipam::service::interchange
