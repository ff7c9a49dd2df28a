#include "service/allocation/takes.h"
#include "service/planning/plan_steps.h"

#include <fmt/format.h>

namespace ipam::service {

using ledger::Transaction;
using occupancy::AddressStrategy;
using occupancy::SpaceIndex;

Result<std::vector<model::Range>> take_ranges(Transaction& transaction, const RangeAllocationRequest& request,
                                              const occupancy::RandomSource& random) {
  const SpaceIndex& space = *IPAM_TRY(transaction.space(request.fields.space_id));
  const ip::Prefix subnet = IPAM_TRY(subnet_of(space, request.from, "/from")).prefix;
  // Ranges do not overlap, so those of the plan are passed over as pools are.
  const occupancy::FreeSearch search{.static_ranges = occupancy::Blocking::PassOver};
  SpaceIndex draft = space;
  std::vector<model::Range> ranges;
  occupancy::Choice<AddressStrategy> choice{request.strategy, {}, random};
  if (request.strategy == AddressStrategy::Next) choice.after = IPAM_TRY(last_taken(transaction, request.fields.space_id, subnet));
  while (ranges.size() < request.count) {
    const auto free = occupancy::choose_run(draft, request.from, request.addresses, choice, search);
    if (!free) break;
    // Ids of the draft alone: above those that the ledger gives.
    draft.insert_range(~std::uint64_t{0} - ranges.size(), *free, occupancy::RangeKind::Static);
    choice.after = free->last();
    model::Range range = request.fields;
    range.first = free->first();
    range.last = free->last();
    IPAM_TRY(model::check(range));
    ranges.push_back(std::move(range));
  }
  if (ranges.size() < request.count) {
    return Error(ErrorCode::Exhausted,
                 fmt::format("{} has {} times {} free addresses side by side outside its ranges and DHCP pools, {} times were asked for",
                             request.from.to_string(), ranges.size(), request.addresses, request.count));
  }
  if (request.strategy == AddressStrategy::Next) remember_taken(transaction, request.fields.space_id, subnet, *choice.after);
  for (model::Range& range : ranges) range = IPAM_TRY(create_in(transaction, std::move(range)));
  return ranges;
}

}  // namespace ipam::service
