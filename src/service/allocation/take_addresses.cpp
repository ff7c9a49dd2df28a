#include "service/allocation/takes.h"
#include "service/fields/field_rules.h"
#include "service/planning/plan_steps.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Id;
using occupancy::AddressStrategy;

// One place to take from.
struct Place {
  ip::Range within;
  ip::Prefix subnet;
};

Result<ip::Range> resolve(Transaction& transaction, const AllocationRequest::Source& source, Id<model::AddressSpace> space,
                          std::string_view pointer) {
  if (const auto* range = std::get_if<ip::Range>(&source)) return *range;
  const auto id = std::get<Id<model::Range>>(source);
  const auto range = IPAM_TRY(transaction.find(id));
  if (!range || range->space_id != space)
    return Error::field(std::string(pointer), "there is no range with id " + id.to_string() + " in this address space");
  if (range->managed_by != model::ManagedBy::Ipam) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("range {} is managed by {}: its addresses are handed out there", display_name(*range),
                                                            model::enum_to_text(range->managed_by)));
  }
  return ip::Range::create(range->first, range->last);
}

Result<std::vector<Place>> places_of(Transaction& transaction, const AllocationRequest& request, const occupancy::SpaceIndex& space) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < request.from.size(); ++i) {
    const std::string pointer = i == 0 ? std::string("/from") : fmt::format("/then_from/{}", i - 1);
    const ip::Range within = IPAM_TRY(resolve(transaction, request.from[i], request.fields.space_id, pointer));
    places.push_back({within, IPAM_TRY(subnet_of(space, within, pointer)).prefix});
  }
  return places;
}

Error exhausted(const occupancy::SpaceIndex& space, const std::vector<Place>& places, std::uint32_t wanted, std::size_t found) {
  ip::U128 size = 0;
  ip::U128 used = 0;
  std::vector<std::string> names;
  for (const Place& place : places) {
    size += place.within.size();
    used += space.usage(place.within).used;
    names.push_back(place.within.to_string());
  }
  return {ErrorCode::Exhausted,
          fmt::format("{} {} {} free addresses, {} were asked for; of {} addresses {} are in use, and DHCP pools are left to their "
                      "servers",
                      join(names, ", "), names.size() == 1 ? "has" : "have", found, wanted, ip::to_decimal(size), ip::to_decimal(used))};
}

}  // namespace

Result<std::optional<ip::Address>> last_taken(Transaction& transaction, Id<model::AddressSpace> space, const ip::Prefix& place) {
  using store::Comparison;
  const auto cursor = IPAM_TRY(store::find_where<model::AllocationCursor>(
      transaction.committed(), {{"space_id", Comparison::Equal, store::to_value(space)}, {"place", Comparison::Equal, store::to_value(place)}}));
  return cursor ? std::optional(cursor->last) : std::nullopt;
}

void remember_taken(Transaction& transaction, Id<model::AddressSpace> space, const ip::Prefix& place, ip::Address last) {
  transaction.put_row(model::AllocationCursor{space, place, last});
}

Result<Allocation> take_addresses(Transaction& transaction, const AllocationRequest& request, const occupancy::RandomSource& random) {
  const occupancy::SpaceIndex& space = *IPAM_TRY(transaction.space(request.fields.space_id));
  const std::vector<Place> places = IPAM_TRY(places_of(transaction, request, space));
  IPAM_TRY(check_custom_values(transaction, request.fields.custom));
  // What is found is taken in a draft first, so that the next search passes over it; a single one needs none.
  std::optional<occupancy::SpaceIndex> draft;
  if (request.count > 1) draft = space;
  Allocation allocation;
  allocation.addresses.reserve(request.count);
  for (const Place& place : places) {
    occupancy::Choice<AddressStrategy> choice{request.strategy, {}, random};
    if (request.strategy == AddressStrategy::Next) choice.after = IPAM_TRY(last_taken(transaction, request.fields.space_id, place.subnet));
    std::optional<ip::Address> last;
    while (allocation.addresses.size() < request.count) {
      const auto free = occupancy::choose_address(draft ? *draft : space, place.within, choice);
      if (!free) break;
      model::Address address = request.fields;
      address.address = *free;
      address.assigned_at = transaction.now();
      if (request.hold) {
        address.state = model::AddressState::Held;
        address.held_until = transaction.now() + *request.hold;
      }
      IPAM_TRY(model::check(address));
      allocation.addresses.push_back(std::move(address));
      choice.after = last = free;
      if (draft) draft->acquire(*free, occupancy::Holder::Static);
    }
    if (last && request.strategy == AddressStrategy::Next) remember_taken(transaction, request.fields.space_id, place.subnet, *last);
  }
  if (allocation.addresses.size() < request.count) return exhausted(space, places, request.count, allocation.addresses.size());
  for (model::Address& address : allocation.addresses) {
    IPAM_TRY(charge(transaction, address));
    address = IPAM_TRY(transaction.create(std::move(address)));
  }
  return allocation;
}

Result<model::Address> confirm_held(Transaction& transaction, Id<model::Address> id, std::optional<std::uint64_t> expected_revision,
                                    const std::function<Result<void>(model::Address&)>& change) {
  const auto held = IPAM_TRY(transaction.find(id));
  if (!held)
    return Error(ErrorCode::NotFound, "there is no address with id " + id.to_string() + "; a hold that is not confirmed in time frees its address");
  if (held->state != model::AddressState::Held) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("{} is not held: it is {}", held->address.to_string(), model::enum_to_text(held->state)));
  }
  const Time until = held->held_until.value_or(Time{});
  if (until <= transaction.now()) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("the hold of {} has lapsed at {}; allocate an address again", held->address.to_string(), format_time(until)));
  }
  const std::function<Result<void>(model::Address&)> confirmed = [&](model::Address& address) -> Result<void> {
    address.state = model::AddressState::InUse;
    address.held_until.reset();
    address.assigned_at = transaction.now();
    return change(address);
  };
  return update_in<model::Address>(transaction, id, expected_revision, confirmed);
}

}  // namespace ipam::service
