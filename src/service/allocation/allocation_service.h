// AllocationService: finds what is free and takes it, in one transaction: no two callers get the same, and an answer is durable. In a dry run (the
// context's exchange) the answer is what would be taken.
//
// An address is free when no address record, DHCP reservation or live lease holds it, it is no network or broadcast address and not the anycast
// address of an IPv6 subnet's routers, and no DHCP pool or range of another service covers it. A subnet is free where no block, subnet, DHCP pool,
// lease or reservation is. The search costs the same however full the space is. Several at once are all or none.
//
// Errors of all: Exhausted (less is free than was asked for; nothing is taken), InvalidArgument, PermissionDenied, those of the ledger; of addresses
// also Stale (lease data is older than was asked for). Thread rule: an I/O executor.
#pragma once

#include "ledger/ledger.h"
#include "model/rules.h"
#include "occupancy/free_search.h"
#include "service/access/principal.h"
#include "service/allocation/lease_freshness.h"

#include <variant>

namespace ipam::service {

struct AllocationRequest {
  static constexpr std::uint32_t kMaxCount = 1'000;
  static constexpr std::size_t kMaxSources = 32;
  static constexpr Duration kLongestHold = std::chrono::hours(24 * 30);
  // A range inside one subnet of the space, or a range of the plan.
  using Source = std::variant<ip::Range, model::Id<model::Range>>;

  std::vector<Source> from;  // where one is full, the next one is taken from
  std::uint32_t count = 1;
  occupancy::AddressStrategy strategy = occupancy::AddressStrategy::First;
  // Lease data older than this is not relied on.
  std::optional<Duration> max_lease_age;
  WhenStale when_stale = WhenStale::Refuse;
  // Set aside for so long only: free again unless it is confirmed by then.
  std::optional<Duration> hold;
  model::Address fields;  // what each new address record says; space_id is read, `address` is not
};

struct Allocation {
  std::vector<model::Address> addresses;
  // When the oldest lease data was collected that the answer relied on; nothing when no DHCP server serves the place or has been read.
  std::optional<Time> lease_data_as_of;
};

struct SubnetAllocationRequest {
  static constexpr std::uint32_t kMaxCount = 1'000;

  std::variant<ip::Prefix, model::Id<model::Block>> from;
  int length = 0;
  std::uint32_t count = 1;
  occupancy::PrefixStrategy strategy = occupancy::PrefixStrategy::First;
  model::Subnet fields;  // what each new subnet says; space_id is read, `prefix` is not
};

// Several subnets of different sizes in one place, packed as tightly as can be: the largest first, each into the smallest gap that holds it.
struct SubnetPlanRequest {
  static constexpr std::size_t kMaxCount = 1'000;
  struct Wanted {
    std::optional<int> length;           // either this
    std::optional<std::uint64_t> hosts;  // or the longest length that has room for so many hosts
    model::Subnet fields;
  };

  model::Id<model::AddressSpace> space_id;
  std::variant<ip::Prefix, model::Id<model::Block>> from;
  std::vector<Wanted> subnets;
};

struct RangeAllocationRequest {
  static constexpr std::uint32_t kMaxCount = 32;

  ip::Range from;               // inside one subnet
  std::uint64_t addresses = 1;  // of each range, side by side
  std::uint32_t count = 1;      // of ranges
  occupancy::AddressStrategy strategy = occupancy::AddressStrategy::First;
  model::Range fields;  // what each new range says; space_id is read, `first` and `last` are not
};

class AllocationService {
 public:
  // `random` is for the strategy of that name and is called on the ledger's writer thread.
  AllocationService(store::Store& store, ledger::Ledger& ledger, const occupancy::Index& index, occupancy::RandomSource random = system_random);

  // For the wiring at the start: how leases are collected.
  LeaseFreshness& leases() { return leases_; }
  // Numbers that cannot be foretold.
  static ip::U128 system_random(ip::U128 below);

  io::Task<Result<ledger::Written<Allocation>>> allocate(Principal principal, AllocationRequest request, model::ChangeContext context);
  // Makes a held address one in use; `change` may edit it as an update does, and may run more than once. Errors: FailedPrecondition (it is not held,
  // or the hold has lapsed), NotFound (it lapsed and was freed).
  io::Task<Result<ledger::Written<model::Address>>> confirm(Principal principal, model::Id<model::Address> id,
                                                            std::optional<std::uint64_t> expected_revision,
                                                            std::function<Result<void>(model::Address&)> change, model::ChangeContext context);
  io::Task<Result<ledger::Written<std::vector<model::Subnet>>>> allocate_subnets(Principal principal, SubnetAllocationRequest request,
                                                                                 model::ChangeContext context);
  // The subnets in the order in which they were asked for.
  io::Task<Result<ledger::Written<std::vector<model::Subnet>>>> plan_subnets(Principal principal, SubnetPlanRequest request,
                                                                             model::ChangeContext context);
  io::Task<Result<ledger::Written<std::vector<model::Range>>>> allocate_ranges(Principal principal, RangeAllocationRequest request,
                                                                               model::ChangeContext context);

 private:
  // The subnets of the request's places that a DHCP server may serve.
  Result<std::vector<ip::Prefix>> served_places(const AllocationRequest& request);
  Result<std::optional<Time>> lease_data_age(model::Id<model::AddressSpace> space, const std::vector<model::Address>& taken);

  store::Store& store_;
  ledger::Ledger& ledger_;
  LeaseFreshness leases_;
  const occupancy::RandomSource random_;
};

}  // namespace ipam::service

namespace ipam::ledger {

// The age of the leases is told of the moment of the answer: it is not kept.
template <>
struct StepText<service::Allocation> {
  static std::string write(const service::Allocation& allocation) { return StepText<std::vector<model::Address>>::write(allocation.addresses); }
  static Result<service::Allocation> read(std::string_view text) {
    return service::Allocation{IPAM_TRY(StepText<std::vector<model::Address>>::read(text)), std::nullopt};
  }
};

}  // namespace ipam::ledger
