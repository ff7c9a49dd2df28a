#include "service/allocation/allocation_service.h"

#include "service/allocation/takes.h"

#include <fmt/format.h>

#include <random>
#include <set>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Id;
using store::Comparison;

Result<void> check_count(std::uint32_t count, std::uint32_t most) {
  if (count < 1 || count > most) return Error::field("/count", fmt::format("must be within 1 and {}", most));
  return {};
}

}  // namespace

AllocationService::AllocationService(store::Store& store, ledger::Ledger& ledger, const occupancy::Index& index, occupancy::RandomSource random)
    : store_(store), ledger_(ledger), index_(index), random_(std::move(random)) {}

ip::U128 AllocationService::system_random(ip::U128 below) {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  // Draws as many bits as the limit has until they are below it.
  const int bits =
      128 - (ip::high_half(below - 1) != 0 ? std::countl_zero(ip::high_half(below - 1)) : 64 + std::countl_zero(ip::low_half(below - 1)));
  const ip::U128 mask = bits == 0 ? 0 : ip::kMaxU128 >> (128 - bits);
  while (true) {
    const std::uint64_t high = engine();
    const ip::U128 drawn = ip::make_u128(high, engine()) & mask;
    if (drawn < below) return drawn;
  }
}

io::Task<Result<ledger::Written<Allocation>>> AllocationService::allocate(Principal principal, AllocationRequest request,
                                                                          model::ChangeContext context) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeAddress));
  IPAM_CO_CHECK(check_count(request.count, AllocationRequest::kMaxCount));
  if (request.from.size() > AllocationRequest::kMaxSources) {
    co_return Error::field("/then_from", fmt::format("must not be more than {}", AllocationRequest::kMaxSources - 1));
  }
  std::function<Result<Allocation>(Transaction&)> work = [request, random = random_](Transaction& transaction) {
    return take_addresses(transaction, request, random);
  };
  const model::ChangeContext change = change_context(principal, context);
  auto written = co_await ledger_.write<Allocation>(change, ledger::Priority::Interactive, work);
  if (!written.ok()) co_return std::move(written).error();
  // The allocation is durable: what cannot be told of the leases' age must not turn it into an error.
  written->value.lease_data_as_of = lease_data_age(request.fields.space_id, written->value.addresses).value_or(std::optional<Time>{});
  co_return written;
}

io::Task<Result<ledger::Written<std::vector<model::Subnet>>>> AllocationService::allocate_subnets(Principal principal,
                                                                                                  SubnetAllocationRequest request,
                                                                                                  model::ChangeContext context) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeSubnet));
  IPAM_CO_CHECK(check_count(request.count, SubnetAllocationRequest::kMaxCount));
  std::function<Result<std::vector<model::Subnet>>(Transaction&)> work = [request, random = random_](Transaction& transaction) {
    return take_subnets(transaction, request, random);
  };
  const model::ChangeContext change = change_context(principal, context);
  co_return co_await ledger_.write<std::vector<model::Subnet>>(change, ledger::Priority::Interactive, work);
}

io::Task<Result<ledger::Written<std::vector<model::Subnet>>>> AllocationService::plan_subnets(Principal principal, SubnetPlanRequest request,
                                                                                              model::ChangeContext context) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeSubnet));
  if (request.subnets.empty() || request.subnets.size() > SubnetPlanRequest::kMaxCount) {
    co_return Error::field("/subnets", fmt::format("must be within 1 and {}", SubnetPlanRequest::kMaxCount));
  }
  std::function<Result<std::vector<model::Subnet>>(Transaction&)> work = [request](Transaction& transaction) {
    return take_plan(transaction, request);
  };
  const model::ChangeContext change = change_context(principal, context);
  co_return co_await ledger_.write<std::vector<model::Subnet>>(change, ledger::Priority::Interactive, work);
}

io::Task<Result<ledger::Written<std::vector<model::Range>>>> AllocationService::allocate_ranges(Principal principal, RangeAllocationRequest request,
                                                                                                model::ChangeContext context) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeRange));
  IPAM_CO_CHECK(check_count(request.count, RangeAllocationRequest::kMaxCount));
  if (request.addresses < 1) co_return Error::field("/size", "must be at least 1");
  std::function<Result<std::vector<model::Range>>(Transaction&)> work = [request, random = random_](Transaction& transaction) {
    return take_ranges(transaction, request, random);
  };
  const model::ChangeContext change = change_context(principal, context);
  co_return co_await ledger_.write<std::vector<model::Range>>(change, ledger::Priority::Interactive, work);
}

Result<std::optional<Time>> AllocationService::lease_data_age(Id<model::AddressSpace> space, const std::vector<model::Address>& taken) {
  const std::set<ip::Prefix> subnets = IPAM_TRY(index_.with(space.value, [&](const occupancy::SpaceIndex& now) {
    std::set<ip::Prefix> served;
    std::optional<ip::Prefix> last;
    for (const model::Address& address : taken) {
      if (last && last->contains(address.address)) continue;
      const auto found = now.longest_match(address.address, occupancy::PrefixKind::Subnet);
      if (found) last = found->prefix;
      // Most subnets have no DHCP pool: the index says so without asking the database.
      if (found && !now.ranges_overlapping(found->prefix, 1).empty()) served.insert(found->prefix);
    }
    return served;
  }));
  std::optional<Time> oldest;
  for (const ip::Prefix& subnet : subnets) {
    const std::optional<Time> age = IPAM_TRY(lease_data_age(space, subnet));
    if (age && (!oldest || *age < *oldest)) oldest = age;
  }
  return oldest;
}

Result<std::optional<Time>> AllocationService::lease_data_age(Id<model::AddressSpace> space, const ip::Prefix& subnet) {
  std::optional<Time> oldest;
  const auto reader = IPAM_TRY(store_.open_reader());
  const ip::Prefix last = ip::Prefix::containing(subnet.last(), ip::bit_count(subnet.family()));
  const std::vector<store::Condition> where{{"space_id", Comparison::Equal, store::to_value(space)},
                                            {"prefix", Comparison::GreaterOrEqual, store::to_value(subnet)},
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
