#include "service/planning/subnet_operations.h"

#include "service/planning/plan_steps.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Id;
using model::Subnet;
using occupancy::Holder;
using occupancy::PrefixKind;
using occupancy::SpaceIndex;
using store::Comparison;
using Subnets = SubnetOperations::Subnets;

constexpr std::size_t kMostRanges = 100'000;

Result<std::optional<model::Address>> first_address_in(Transaction& transaction, Id<model::AddressSpace> space, const ip::Range& range) {
  const auto matches = [&](const model::Address& address) { return address.space_id == space && range.contains(address.address); };
  return transaction.find_where<model::Address>({{"space_id", Comparison::Equal, store::to_value(space)},
                                                 {"address", Comparison::GreaterOrEqual, store::to_value(range.first())},
                                                 {"address", Comparison::LessOrEqual, store::to_value(range.last())}},
                                                matches);
}

std::string call(const model::Address& address) {
  return address.address.to_string() + (address.name.empty() ? std::string() : " (" + address.name + ")");
}

// No host may have an address that becomes the network or broadcast address of `part`. Those that were such of `before` are so already.
Result<void> check_boundary(Transaction& transaction, const SpaceIndex& space, const Subnet& subnet, const ip::Prefix& part) {
  const std::vector<ip::Address> before = ledger::boundary_of(subnet.prefix);
  for (const ip::Address& address : ledger::boundary_of(part)) {
    const auto holders = space.holders(address);
    if (!holders.used() || std::find(before.begin(), before.end(), address) != before.end()) continue;
    const std::string_view what = address != part.first() ? "broadcast" : address.family() == ip::Family::V4 ? "network" : "subnet-router anycast";
    const auto record = IPAM_TRY(first_address_in(transaction, subnet.space_id, IPAM_TRY(ip::Range::create(address, address))));
    const std::string who = record                                 ? call(*record)
                            : holders.of(Holder::Reservation) != 0 ? address.to_string() + ", which a DHCP reservation holds,"
                                                                   : address.to_string() + ", which is leased,";
    return Error(ErrorCode::Conflict, fmt::format("{} would be the {} address of {}", who, what, part.to_string()));
  }
  return {};
}

// Nothing is recorded in the parts of `whole` that `parts`, in order, leave out.
Result<void> check_left_out(Transaction& transaction, const SpaceIndex& space, const Subnet& subnet, const std::vector<ip::Prefix>& parts) {
  std::optional<ip::Address> from = subnet.prefix.first();
  const auto check = [&](const ip::Range& gap) -> Result<void> {
    if (space.usage(gap).assigned == 0) return {};
    const auto address = IPAM_TRY(first_address_in(transaction, subnet.space_id, gap));
    return Error(ErrorCode::Conflict,
                 fmt::format("{} would lie in no subnet; remove it first, or keep its part", address ? call(*address) : gap.to_string()));
  };
  for (const ip::Prefix& part : parts) {
    if (from && *from < part.first()) IPAM_TRY(check(IPAM_TRY(ip::Range::create(*from, *part.first().previous()))));
    from = part.last().next();
  }
  if (from && *from <= subnet.prefix.last()) IPAM_TRY(check(IPAM_TRY(ip::Range::create(*from, subnet.prefix.last()))));
  return {};
}

Result<std::vector<model::Range>> ranges_of(Transaction& transaction, Id<Subnet> subnet) {
  const auto matches = [subnet](const model::Range& range) { return range.subnet_id == subnet; };
  return transaction.list<model::Range>({{"subnet_id", Comparison::Equal, store::to_value(subnet)}}, matches, kMostRanges);
}

// The part that holds the range.
Result<std::size_t> part_of(const model::Range& range, const std::vector<ip::Prefix>& parts) {
  const auto part = std::find_if(parts.begin(), parts.end(), [&](const ip::Prefix& each) { return each.contains(range.first); });
  if (part != parts.end() && part->contains(range.last)) return static_cast<std::size_t>(part - parts.begin());
  const std::string why = part != parts.end() ? "reaches beyond " + part->to_string() : std::string("would lie in no subnet");
  return Error(ErrorCode::Conflict, fmt::format("range {} {}", display_name(range), why));
}

Result<void> give_range(Transaction& transaction, model::Range range, Id<Subnet> subnet) {
  if (range.subnet_id == subnet) return {};
  range.subnet_id = subnet;
  IPAM_TRY(transaction.update(std::move(range)));
  return {};
}

Result<std::vector<ip::Prefix>> parts_of(const SubnetSplit& request, const ip::Prefix& whole) {
  const int bits = ip::bit_count(whole.family());
  if (request.length.has_value() == !request.parts.empty()) return Error::field("/length", "give either the length of the parts or the parts");
  if (request.length) {
    if (*request.length <= whole.length() || *request.length > bits) {
      return Error::field("/length", fmt::format("must be within {} and {} for {}", whole.length() + 1, bits, whole.to_string()));
    }
    const int more = *request.length - whole.length();
    if (more > 10) return Error::field("/length", fmt::format("would make more than {} subnets", SubnetSplit::kMaxParts));
    std::vector<ip::Prefix> parts;
    std::optional<ip::Address> at = whole.first();
    for (std::size_t i = 0; i < std::size_t{1} << more; ++i) {
      parts.push_back(ip::Prefix::containing(*at, *request.length));
      at = parts.back().last().next();
    }
    return parts;
  }
  std::vector<ip::Prefix> parts = request.parts;
  if (parts.size() > SubnetSplit::kMaxParts) return Error::field("/prefixes", fmt::format("must not be more than {}", SubnetSplit::kMaxParts));
  std::sort(parts.begin(), parts.end());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!whole.contains(parts[i]) || parts[i] == whole) {
      return Error::field("/prefixes", fmt::format("{} is no part of {}", parts[i].to_string(), whole.to_string()));
    }
    if (i > 0 && parts[i - 1].overlaps(parts[i])) {
      return Error::field("/prefixes", fmt::format("{} and {} overlap", parts[i - 1].to_string(), parts[i].to_string()));
    }
  }
  return parts;
}

Result<Subnets> split_in(Transaction& transaction, const SubnetSplit& request) {
  const Subnet whole = IPAM_TRY(transaction.get(request.id, request.expected_revision));
  const std::vector<ip::Prefix> parts = IPAM_TRY(parts_of(request, whole.prefix));
  const SpaceIndex& space = *IPAM_TRY(transaction.space(whole.space_id));
  const std::vector<model::Range> ranges = IPAM_TRY(ranges_of(transaction, whole.id));
  std::vector<std::size_t> new_homes;
  for (const model::Range& range : ranges) new_homes.push_back(IPAM_TRY(part_of(range, parts)));
  IPAM_TRY(check_left_out(transaction, space, whole, parts));
  for (const ip::Prefix& part : parts) IPAM_TRY(check_boundary(transaction, space, whole, part));

  Subnets made;
  for (const ip::Prefix& part : parts) {
    Subnet subnet = whole;
    subnet.prefix = part;
    if (made.empty()) {
      made.push_back(IPAM_TRY(transaction.update(std::move(subnet))));
    } else {
      subnet.id = {};
      subnet.revision = 0;
      made.push_back(IPAM_TRY(create_in(transaction, std::move(subnet))));
    }
  }
  for (std::size_t i = 0; i < ranges.size(); ++i) IPAM_TRY(give_range(transaction, ranges[i], made[new_homes[i]].id));
  return made;
}

// Nothing but blocks around it and the subnets that go overlaps the prefix.
Result<void> check_room(const SpaceIndex& space, const ip::Prefix& prefix, const std::vector<Id<Subnet>>& going) {
  // Of so many, one is in the way: a block of each length may lie around it.
  const std::size_t most = going.size() + 129;
  for (const occupancy::PrefixEntry& entry : space.overlapping(prefix, most + 1)) {
    if (entry.kind == PrefixKind::Block) {
      if (entry.prefix.contains(prefix)) continue;
      return Error(ErrorCode::Conflict,
                   fmt::format("{} would contain block {}; remove it or choose a smaller prefix", prefix.to_string(), entry.prefix.to_string()));
    }
    if (std::find(going.begin(), going.end(), Id<Subnet>{entry.id}) != going.end()) continue;
    return Error(ErrorCode::Conflict, fmt::format("{} would overlap subnet {}", prefix.to_string(), entry.prefix.to_string()));
  }
  return {};
}

Result<Subnets> merge_in(Transaction& transaction, const SubnetMerge& request) {
  Subnets all;
  for (const Id<Subnet> id : request.ids) all.push_back(IPAM_TRY(transaction.get(id)));
  std::sort(all.begin(), all.end(), [](const Subnet& a, const Subnet& b) { return a.prefix < b.prefix; });
  Subnet merged = all.front();
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].id == all[i - 1].id) return Error::field("/subnets", fmt::format("{} is named twice", all[i].prefix.to_string()));
    if (all[i].space_id != merged.space_id || all[i].prefix.family() != merged.prefix.family()) {
      return Error::field("/subnets",
                          fmt::format("{} and {} are not of one address space and family", merged.prefix.to_string(), all[i].prefix.to_string()));
    }
  }
  while (!merged.prefix.contains(all.back().prefix)) merged.prefix = ip::Prefix::containing(merged.prefix.first(), merged.prefix.length() - 1);
  IPAM_TRY(model::check(merged));
  const SpaceIndex& space = *IPAM_TRY(transaction.space(merged.space_id));
  IPAM_TRY(check_room(space, merged.prefix, request.ids));
  for (std::size_t i = 1; i < all.size(); ++i) {
    for (model::Range& range : IPAM_TRY(ranges_of(transaction, all[i].id))) IPAM_TRY(give_range(transaction, std::move(range), merged.id));
    IPAM_TRY(transaction.erase(all[i].id));
  }
  // The boundaries of the subnets that went are free now: what holds one of the new is in use.
  IPAM_TRY(check_boundary(transaction, space, all.front(), merged.prefix));
  return Subnets{IPAM_TRY(transaction.update(std::move(merged)))};
}

Result<ip::Prefix> resized(const SubnetResize& request, const ip::Prefix& before) {
  if (request.prefix.has_value() == request.length.has_value()) return Error::field("/length", "give either the new length or the new prefix");
  if (request.length && (*request.length < 1 || *request.length > ip::bit_count(before.family()))) {
    return Error::field("/length", fmt::format("must be within 1 and {}", ip::bit_count(before.family())));
  }
  const ip::Prefix after = request.prefix ? *request.prefix : ip::Prefix::containing(before.first(), *request.length);
  if (!after.overlaps(before)) {
    return Error::field("/prefix", fmt::format("{} neither holds {} nor lies inside it", after.to_string(), before.to_string()));
  }
  return after;
}

Result<Subnets> resize_in(Transaction& transaction, const SubnetResize& request) {
  const Subnet before = IPAM_TRY(transaction.get(request.id, request.expected_revision));
  Subnet after = before;
  after.prefix = IPAM_TRY(resized(request, before.prefix));
  IPAM_TRY(model::check(after));
  if (after.prefix == before.prefix) return Subnets{before};
  const SpaceIndex& space = *IPAM_TRY(transaction.space(before.space_id));
  IPAM_TRY(check_room(space, after.prefix, {before.id}));
  if (before.prefix.contains(after.prefix)) {
    for (const model::Range& range : IPAM_TRY(ranges_of(transaction, before.id))) IPAM_TRY(part_of(range, {after.prefix}));
    IPAM_TRY(check_left_out(transaction, space, before, {after.prefix}));
  }
  IPAM_TRY(check_boundary(transaction, space, before, after.prefix));
  return Subnets{IPAM_TRY(transaction.update(std::move(after)))};
}

}  // namespace

io::Task<Result<ledger::Written<Subnets>>> SubnetOperations::split(Principal principal, SubnetSplit request, model::ChangeContext context) {
  std::function<Result<Subnets>(Transaction&)> work = [request](Transaction& transaction) { return split_in(transaction, request); };
  return run(std::move(principal), std::move(work), std::move(context));
}

io::Task<Result<ledger::Written<Subnets>>> SubnetOperations::merge(Principal principal, SubnetMerge request, model::ChangeContext context) {
  std::function<Result<Subnets>(Transaction&)> work = [request](Transaction& transaction) -> Result<Subnets> {
    if (request.ids.size() < 2 || request.ids.size() > SubnetMerge::kMaxSubnets) {
      return Error::field("/subnets", fmt::format("must be within 2 and {}", SubnetMerge::kMaxSubnets));
    }
    return merge_in(transaction, request);
  };
  return run(std::move(principal), std::move(work), std::move(context));
}

io::Task<Result<ledger::Written<Subnets>>> SubnetOperations::resize(Principal principal, SubnetResize request, model::ChangeContext context) {
  std::function<Result<Subnets>(Transaction&)> work = [request](Transaction& transaction) { return resize_in(transaction, request); };
  return run(std::move(principal), std::move(work), std::move(context));
}

io::Task<Result<ledger::Written<Subnets>>> SubnetOperations::run(Principal principal, std::function<Result<Subnets>(Transaction&)> work,
                                                                 model::ChangeContext context) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeSubnet));
  const model::ChangeContext change = change_context(principal, context);
  co_return co_await ledger_.write<Subnets>(change, ledger::Priority::Interactive, work);
}

}  // namespace ipam::service
