#include "service/allocation/allocation_service.h"

#include "service/planning/placement.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Id;
using store::Comparison;

Result<ip::Range> resolve(Transaction& transaction, const AllocationRequest& request) {
  if (const auto* range = std::get_if<ip::Range>(&request.from)) return *range;
  const auto id = std::get<Id<model::Range>>(request.from);
  const auto range = IPAM_TRY(transaction.find(id));
  if (!range || range->space_id != request.fields.space_id)
    return Error::field("/from", "there is no range with id " + id.to_string() + " in this address space");
  if (range->managed_by != model::ManagedBy::Ipam) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("range {} is managed by {}: its addresses are handed out there", display_name(*range),
                                                            model::enum_to_text(range->managed_by)));
  }
  return ip::Range::create(range->first, range->last);
}

Error exhausted(const occupancy::SpaceIndex& space, const ip::Range& within, std::uint32_t wanted, std::size_t found) {
  const occupancy::Usage usage = space.usage(within);
  return {ErrorCode::Exhausted,
          fmt::format("{} has {} free addresses, {} were asked for; of {} addresses {} are in use, and DHCP pools are left to their servers",
                      within.to_string(), found, wanted, ip::to_decimal(within.size()), ip::to_decimal(usage.used))};
}

Result<Allocation> take(Transaction& transaction, const AllocationRequest& request) {
  const ip::Range within = IPAM_TRY(resolve(transaction, request));
  const occupancy::SpaceIndex& space = *IPAM_TRY(transaction.space(request.fields.space_id));
  IPAM_TRY(subnet_of(space, within, "/from"));
  Allocation allocation;
  allocation.addresses.reserve(request.count);
  std::optional<ip::Address> free = space.next_free(within);
  for (; free && allocation.addresses.size() < request.count; free = space.next_free_after(*free, within)) {
    model::Address address = request.fields;
    address.address = *free;
    address.assigned_at = transaction.now();
    IPAM_TRY(model::check(address));
    allocation.addresses.push_back(std::move(address));
  }
  if (allocation.addresses.size() < request.count) return exhausted(space, within, request.count, allocation.addresses.size());
  for (model::Address& address : allocation.addresses) address = IPAM_TRY(transaction.create(std::move(address)));
  return allocation;
}

}  // namespace

io::Task<Result<ledger::Written<Allocation>>> AllocationService::allocate(Principal principal, AllocationRequest request,
                                                                          model::ChangeContext context) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeAddress));
  if (request.count < 1 || request.count > AllocationRequest::kMaxCount) {
    co_return Error::field("/count", fmt::format("must be within 1 and {}", AllocationRequest::kMaxCount));
  }
  std::function<Result<Allocation>(Transaction&)> work = [request](Transaction& transaction) { return take(transaction, request); };
  const model::ChangeContext change = change_context(principal, context);
  auto written = co_await ledger_.write<Allocation>(change, ledger::Priority::Interactive, work);
  if (!written.ok()) co_return std::move(written).error();
  const auto& addresses = written->value.addresses;
  IPAM_CO_TRY(const ip::Range taken, ip::Range::create(addresses.front().address, addresses.back().address));
  // The allocation is durable: what cannot be told of the leases' age must not turn it into an error.
  written->value.lease_data_as_of = lease_data_age(request.fields.space_id, taken).value_or(std::optional<Time>{});
  co_return written;
}

Result<std::optional<Time>> AllocationService::lease_data_age(Id<model::AddressSpace> space, const ip::Range& range) {
  const auto subnet = IPAM_TRY(index_.with(space.value, [&](const occupancy::SpaceIndex& now) {
    auto found = now.longest_match(range.first(), occupancy::PrefixKind::Subnet);
    // Most subnets have no DHCP pool: the index says so without asking the database.
    if (found && now.ranges_overlapping(found->prefix, 1).empty()) found.reset();
    return found;
  }));
  std::optional<Time> oldest;
  if (!subnet) return oldest;
  const auto reader = IPAM_TRY(store_.open_reader());
  const ip::Prefix last = ip::Prefix::containing(subnet->prefix.last(), ip::bit_count(subnet->prefix.family()));
  const std::vector<store::Condition> where{{"space_id", Comparison::Equal, store::to_value(space)},
                                            {"prefix", Comparison::GreaterOrEqual, store::to_value(subnet->prefix)},
                                            {"prefix", Comparison::LessOrEqual, store::to_value(last)}};
  const auto scopes = IPAM_TRY(store::list<model::DhcpScope>(*reader, {.where = where, .limit = 100}));
  for (const model::DhcpScope& scope : scopes.items) {
    const Id<model::ServerStatus> status_id{scope.server_id.value};
    const auto status = IPAM_TRY(store::find_where<model::ServerStatus>(*reader, {{"id", Comparison::Equal, store::to_value(status_id)}}));
    if (status && status->leases_collected_at && (!oldest || *status->leases_collected_at < *oldest)) oldest = status->leases_collected_at;
  }
  return oldest;
}

}  // namespace ipam::service
