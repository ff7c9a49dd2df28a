#include "service/allocation/allocation_service.h"

#include "service/allocation/takes.h"

#include <fmt/format.h>

#include <random>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Id;

Result<void> check_count(std::uint32_t count, std::uint32_t most) {
  if (count < 1 || count > most) return Error::field("/count", fmt::format("must be within 1 and {}", most));
  return {};
}

}  // namespace

AllocationService::AllocationService(store::Store& store, ledger::Ledger& ledger, const occupancy::Index& index, occupancy::RandomSource random)
    : store_(store), ledger_(ledger), leases_(store, index), random_(std::move(random)) {}

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
  if (request.hold && (*request.hold < std::chrono::seconds(1) || *request.hold > AllocationRequest::kLongestHold)) {
    co_return Error::field("/hold_seconds", "must be at least a second and at most 30 days");
  }
  if (request.max_lease_age) {
    IPAM_CO_TRY(const std::vector<ip::Prefix> subnets, served_places(request));
    const auto fresh = co_await leases_.ensure(request.fields.space_id, subnets, *request.max_lease_age, request.when_stale);
    if (!fresh.ok()) co_return fresh.error();
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

io::Task<Result<ledger::Written<model::Address>>> AllocationService::confirm(Principal principal, Id<model::Address> id,
                                                                             std::optional<std::uint64_t> expected_revision,
                                                                             std::function<Result<void>(model::Address&)> change,
                                                                             model::ChangeContext context) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeAddress));
  std::function<Result<model::Address>(Transaction&)> work = [id, expected_revision, change = std::move(change)](Transaction& transaction) {
    return confirm_held(transaction, id, expected_revision, change);
  };
  const model::ChangeContext told = change_context(principal, context);
  co_return co_await ledger_.write<model::Address>(told, ledger::Priority::Interactive, work);
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

Result<std::vector<ip::Prefix>> AllocationService::served_places(const AllocationRequest& request) {
  std::vector<ip::Address> places;
  for (const AllocationRequest::Source& source : request.from) {
    if (const auto* range = std::get_if<ip::Range>(&source)) {
      places.push_back(range->first());
      continue;
    }
    const auto reader = IPAM_TRY(store_.open_reader());
    const auto range = IPAM_TRY(store::find(*reader, std::get<Id<model::Range>>(source)));
    if (range) places.push_back(range->first);
  }
  return leases_.served(request.fields.space_id, places);
}

Result<std::optional<Time>> AllocationService::lease_data_age(Id<model::AddressSpace> space, const std::vector<model::Address>& taken) {
  std::vector<ip::Address> places;
  for (const model::Address& address : taken) places.push_back(address.address);
  return leases_.oldest(space, IPAM_TRY(leases_.served(space, places)));
}

}  // namespace ipam::service
