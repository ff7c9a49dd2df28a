#include "service/planning/placement.h"

#include "service/planning/overlap.h"
#include "service/planning/planning_service.h"
#include "service/planning/registry_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using ledger::Transaction;
using occupancy::EqualPrefix;
using occupancy::Holder;
using occupancy::PrefixEntry;
using occupancy::PrefixKind;
using occupancy::SpaceIndex;
using store::Comparison;

// The first entry that lies strictly inside the prefix.
std::optional<PrefixEntry> first_inside(const SpaceIndex& space, const ip::Prefix& prefix) {
  // What contains the prefix or equals it comes first: at most a block and a subnet of each length.
  constexpr std::size_t kMostAround = 2 * 129;
  for (const PrefixEntry& entry : space.overlapping(prefix, kMostAround + 1)) {
    if (prefix.contains(entry.prefix) && entry.prefix != prefix) return entry;
  }
  return std::nullopt;
}

// "managed by non_ms_dhcp kea1".
std::string service_of(const model::Range& range) {
  const std::string service = "managed by " + model::enum_to_text(range.managed_by);
  return range.service_instance.empty() ? service : service + " " + range.service_instance;
}

Result<std::optional<model::Range>> first_range_in(Transaction& transaction, const SpaceIndex& space, const ip::Range& range) {
  for (const occupancy::RangeEntry& entry : space.ranges_overlapping(range)) {
    // The index knows ranges and DHCP pools alike; only the plan's own ranges are asked for here.
    if (auto found = IPAM_TRY(transaction.find(model::Id<model::Range>{entry.id}))) return found;
  }
  return std::optional<model::Range>{};
}

}  // namespace

Result<PrefixEntry> subnet_of(const SpaceIndex& space, const ip::Range& range, std::string_view pointer) {
  const auto subnet = space.longest_match(range.first(), PrefixKind::Subnet);
  if (subnet && subnet->prefix.contains(range.last())) return *subnet;
  const std::string what = range.first() == range.last() ? range.first().to_string() : range.to_string();
  if (subnet) return Error::field(std::string(pointer), fmt::format("{} reaches beyond subnet {}", what, subnet->prefix.to_string()));
  return Error::field(std::string(pointer), fmt::format("{} lies in no subnet of its address space; make the subnet first", what));
}

Result<void> place(Transaction& transaction, model::AddressSpace& object) {
  const auto same = [&](const model::AddressSpace& other) { return other.name == object.name && other.id != object.id; };
  if (IPAM_TRY(transaction.find_where<model::AddressSpace>({{"name", Comparison::Equal, object.name}}, same))) {
    return Error(ErrorCode::AlreadyExists, fmt::format("there is an address space named {} already", object.name));
  }
  if (object.provider_id) {
    const auto provider = IPAM_TRY(transaction.find(*object.provider_id));
    if (!provider || provider->kind != model::AddressSpaceKind::Provider) {
      return Error::field("/provider", "must be a provider address space");
    }
  }
  return {};
}

Result<void> place(Transaction& transaction, model::Block& object) {
  const SpaceIndex& space = *IPAM_TRY(transaction.space(object.space_id));
  if (const auto same = space.find(object.prefix, PrefixKind::Block); same && *same != object.id.value) {
    return Error(ErrorCode::AlreadyExists, fmt::format("there is a block {} already", object.prefix.to_string()));
  }
  if (const auto around = space.longest_match(object.prefix, EqualPrefix::DoesNotCount, PrefixKind::Subnet)) {
    return Error(ErrorCode::Conflict, fmt::format("{} lies inside subnet {}; blocks contain subnets, not the other way round",
                                                  object.prefix.to_string(), around->prefix.to_string()));
  }
  return check_registry(transaction, object);
}

Result<void> place(Transaction& transaction, model::Subnet& object) {
  const SpaceIndex& space = *IPAM_TRY(transaction.space(object.space_id));
  const std::string name = object.prefix.to_string();
  if (const auto same = space.find(object.prefix, PrefixKind::Subnet)) {
    if (*same == object.id.value) return {};
    return Error(ErrorCode::AlreadyExists, fmt::format("there is a subnet {} already", name));
  }
  if (const auto around = space.longest_match(object.prefix, EqualPrefix::DoesNotCount, PrefixKind::Subnet)) {
    return Error(ErrorCode::Conflict, fmt::format("{} overlaps subnet {}", name, around->prefix.to_string()));
  }
  if (const auto inside = first_inside(space, object.prefix)) {
    if (inside->kind == PrefixKind::Subnet) return Error(ErrorCode::Conflict, fmt::format("{} overlaps subnet {}", name, inside->prefix.to_string()));
    return Error(ErrorCode::Conflict,
                 fmt::format("{} contains block {}; blocks contain subnets, not the other way round", name, inside->prefix.to_string()));
  }
  return {};
}

Result<void> place(Transaction& transaction, model::Range& object) {
  const SpaceIndex& space = *IPAM_TRY(transaction.space(object.space_id));
  const ip::Range range = IPAM_TRY(ip::Range::create(object.first, object.last));
  object.subnet_id.value = IPAM_TRY(subnet_of(space, range, "/last")).id;
  if (const auto rival = IPAM_TRY(find_rival(transaction, space, object))) {
    return Error(ErrorCode::Conflict,
                 fmt::format("{} overlaps range {}, which is {} too", range.to_string(), display_name(*rival), service_of(*rival)));
  }
  return {};
}

Result<void> place(Transaction& transaction, model::Address& object) {
  const SpaceIndex& space = *IPAM_TRY(transaction.space(object.space_id));
  const auto holders = space.holders(object.address);
  const auto subnet = IPAM_TRY(subnet_of(space, IPAM_TRY(ip::Range::create(object.address, object.address)), "/address"));
  const std::vector<ip::Address> boundary = ledger::boundary_of(subnet.prefix);
  if (std::find(boundary.begin(), boundary.end(), object.address) != boundary.end()) {
    const std::string_view what = object.address != subnet.prefix.first()     ? "broadcast"
                                  : object.address.family() == ip::Family::V4 ? "network"
                                                                              : "subnet-router anycast";
    return Error::field("/address", fmt::format("{} is the {} address of subnet {}", object.address.to_string(), what, subnet.prefix.to_string()));
  }
  if (holders.of(Holder::Static) + holders.of(Holder::Blocked) == 0) return {};
  const auto same = [&](const model::Address& other) { return other.space_id == object.space_id && other.address == object.address; };
  const auto other = IPAM_TRY(transaction.find_where<model::Address>(
      {{"space_id", Comparison::Equal, store::to_value(object.space_id)}, {"address", Comparison::Equal, store::to_value(object.address)}}, same));
  if (other && other->id == object.id) return {};
  const std::string name = object.address.to_string();
  if (other && other->state == model::AddressState::Cooling) {
    return Error(ErrorCode::AlreadyExists,
                 fmt::format("{} was released and cools down until {}", name, format_time(other->held_until.value_or(Time{}))));
  }
  return Error(ErrorCode::AlreadyExists,
               fmt::format("{} is given already{}", name, other && !other->name.empty() ? ", to " + other->name : std::string()));
}

Result<void> check_change(const model::Range& before, const model::Range& after) {
  if (!before.scope_id) return {};
  model::Range allowed = before;
  allowed.description = after.description;
  allowed.owner = after.owner;
  if (allowed == after) return {};
  return Error(ErrorCode::FailedPrecondition,
               fmt::format("range {} is a DHCP scope of server {}: only its description and owner can be changed here, the rest on the server",
                           display_name(before), before.service_instance));
}

Result<void> check_unused(Transaction& transaction, const model::AddressSpace& object) {
  if (object.name == PlanningService::kDefaultSpace) return Error(ErrorCode::FailedPrecondition, "the default address space cannot be removed");
  if (!IPAM_TRY(transaction.space(object.id))->empty()) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("address space {} is not empty; remove its blocks, subnets and DHCP servers first", object.name));
  }
  const auto carried = [&](const model::AddressSpace& other) { return other.provider_id == object.id; };
  if (const auto customer = IPAM_TRY(transaction.find_where<model::AddressSpace>({}, carried))) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("address space {} carries customer address space {}; move that first", object.name, customer->name));
  }
  const auto uses = [&](const model::ManagedServer& server) { return server.space_id == object.id; };
  if (const auto server =
          IPAM_TRY(transaction.find_where<model::ManagedServer>({{"space_id", Comparison::Equal, store::to_value(object.id)}}, uses))) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("address space {} is where server {} belongs; move or remove that first", object.name, server->name));
  }
  return {};
}

Result<void> check_unused(Transaction& /*transaction*/, const model::Block& /*object*/) { return {}; }

Result<void> check_unused(Transaction& transaction, const model::Subnet& object) {
  const SpaceIndex& space = *IPAM_TRY(transaction.space(object.space_id));
  const std::string name = object.prefix.to_string();
  if (const auto assigned = space.usage(object.prefix).assigned; assigned > 0) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("subnet {} holds {} addresses; remove them first", name, ip::to_decimal(assigned)));
  }
  if (const auto range = IPAM_TRY(first_range_in(transaction, space, object.prefix))) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("subnet {} holds range {}; remove it first", name, display_name(*range)));
  }
  return {};
}

Result<void> check_unused(Transaction& /*transaction*/, const model::Range& object) {
  if (!object.scope_id) return {};
  return Error(ErrorCode::FailedPrecondition,
               fmt::format("range {} is a DHCP scope of server {}; remove the scope there, and the range goes with the next collection",
                           display_name(object), object.service_instance));
}
Result<void> check_unused(Transaction& /*transaction*/, const model::Address& /*object*/) { return {}; }

}  // namespace ipam::service
