#include "service/history/subnet_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Subnet;
using occupancy::PrefixEntry;
using occupancy::PrefixKind;
using occupancy::SpaceIndex;
using store::Comparison;

Result<std::optional<model::Address>> find_address(Transaction& transaction, model::Id<model::AddressSpace> space, const ip::Range& range,
                                                   const std::function<bool(const model::Address&)>& matches) {
  const auto inside = [&](const model::Address& address) { return address.space_id == space && range.contains(address.address) && matches(address); };
  return transaction.find_where<model::Address>({{"space_id", Comparison::Equal, store::to_value(space)},
                                                 {"address", Comparison::GreaterOrEqual, store::to_value(range.first())},
                                                 {"address", Comparison::LessOrEqual, store::to_value(range.last())}},
                                                inside);
}

std::string call(const model::Address& address) {
  return address.address.to_string() + (address.name.empty() ? std::string() : " (" + address.name + ")");
}

Result<void> check_ranges(Transaction& transaction, const Subnet& before, const std::optional<Subnet>& now) {
  const auto left = [&](const model::Range& range) {
    return range.subnet_id == before.id && !(now && now->prefix.contains(range.first) && now->prefix.contains(range.last));
  };
  const auto range = IPAM_TRY(transaction.find_where<model::Range>({{"subnet_id", Comparison::Equal, store::to_value(before.id)}}, left));
  if (!range) return {};
  return Error(ErrorCode::FailedPrecondition, fmt::format("subnet {} holds range {}", before.prefix.to_string(), display_name(*range)));
}

Result<void> check_addresses(Transaction& transaction, const Subnet& before) {
  const SpaceIndex& space = *IPAM_TRY(transaction.space(before.space_id));
  // One that cools down is held, and not assigned: it must have its subnet too.
  if (space.longest_match(before.prefix, occupancy::EqualPrefix::Counts, PrefixKind::Subnet)) return {};
  const auto homeless = [&](const model::Address& address) { return !space.longest_match(address.address, PrefixKind::Subnet); };
  const auto address = IPAM_TRY(find_address(transaction, before.space_id, before.prefix, homeless));
  if (!address) return {};
  return Error(ErrorCode::FailedPrecondition, fmt::format("subnet {} holds address {}", before.prefix.to_string(), call(*address)));
}

}  // namespace

Result<void> check_left_behind(Transaction& transaction, const Subnet& before, const std::optional<Subnet>& now) {
  IPAM_TRY(check_ranges(transaction, before, now));
  return check_addresses(transaction, before);
}

Result<void> check_new_boundary(Transaction& transaction, const Subnet* before, const Subnet& now) {
  const SpaceIndex& space = *IPAM_TRY(transaction.space(now.space_id));
  const std::vector<ip::Address> old = before != nullptr ? ledger::boundary_of(before->prefix) : std::vector<ip::Address>{};
  for (const ip::Address& address : ledger::boundary_of(now.prefix)) {
    const auto holders = space.holders(address);
    if (holders.of(occupancy::Holder::Static) == 0 || std::find(old.begin(), old.end(), address) != old.end()) continue;
    const auto here = IPAM_TRY(ip::Range::create(address, address));
    const auto holder = IPAM_TRY(find_address(transaction, now.space_id, here, [](const model::Address&) { return true; }));
    return Error(ErrorCode::Conflict, fmt::format("{} would be the network or broadcast address of {}", holder ? call(*holder) : address.to_string(),
                                                  now.prefix.to_string()));
  }
  return {};
}

}  // namespace ipam::service
