// AllocationService: finds free addresses and takes them, in one transaction: no two callers get the same address, and an answer is durable.
//
// An address is free when no address record, DHCP reservation or live lease holds it, it is no network or broadcast address and not the anycast
// address of an IPv6 subnet's routers, and no DHCP pool or range of another service covers it. The search costs the same however full the space is.
// Thread rule: an I/O executor.
#pragma once

#include "ledger/ledger.h"
#include "model/rules.h"
#include "service/access/principal.h"

#include <variant>

namespace ipam::service {

struct AllocationRequest {
  static constexpr std::uint32_t kMaxCount = 1'000;

  std::variant<ip::Range, model::Id<model::Range>> from;  // a range inside one subnet of the space, or a range of the plan
  std::uint32_t count = 1;                                // all or none
  model::Address fields;                                  // what each new address record says; space_id is read, `address` is not
};

struct Allocation {
  std::vector<model::Address> addresses;
  // When the oldest lease data was collected that the answer relied on; nothing when no DHCP server serves the place or has been read.
  std::optional<Time> lease_data_as_of;
};

class AllocationService {
 public:
  AllocationService(store::Store& store, ledger::Ledger& ledger, const occupancy::Index& index) : store_(store), ledger_(ledger), index_(index) {}

  // Errors: Exhausted (fewer free than asked for; nothing is taken), InvalidArgument, PermissionDenied, those of the ledger.
  io::Task<Result<ledger::Written<Allocation>>> allocate(Principal principal, AllocationRequest request, model::ChangeContext context);

 private:
  Result<std::optional<Time>> lease_data_age(model::Id<model::AddressSpace> space, const ip::Range& range);

  store::Store& store_;
  ledger::Ledger& ledger_;
  const occupancy::Index& index_;
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
