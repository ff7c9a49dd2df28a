// ProvisionService: takes free addresses with all that belongs to them: asks first whether they show signs of life, makes the DHCP reservation and
// the DNS records, and undoes all of it where a part fails.
//
// Errors: those of AllocationService, Reachability, ReservationEdits, RecordEdits and ChangeService, each with what became of the address.
// InvalidArgument: too many addresses, a hold, records without a name. Thread rule: an I/O executor.
#pragma once

#include "io/worker_pool.h"
#include "service/allocation/allocation_service.h"
#include "service/change/change_service.h"
#include "service/change/record_edits.h"
#include "service/change/reservation_edits.h"
#include "service/planning/planning_service.h"
#include "service/provision/reachability.h"

namespace ipam::service {

struct ProvisionRequest {
  // At most so many addresses with checks; one with a reservation or records.
  static constexpr std::uint32_t kMaxChecked = 64;

  AllocationRequest allocation;
  // Addresses that show signs of life are passed over.
  Checks checks;
  // The client that the DHCP server shall give the address to.
  std::optional<ip::HardwareAddress> reserve;
  std::optional<std::string> dhcp_server;  // name or id, where several have a scope there
  // The A or AAAA record of the address's name, and its PTR record.
  bool records = false;
  Pointer pointer = Pointer::Keep;
  std::optional<std::string> zone;  // name or id, where several hold the name
  std::optional<std::string> dns_server;
};

// A free address that somebody seems to use nevertheless.
struct InUseUnrecorded {
  ip::Address address;
  std::string sign;
};

struct Provisioned {
  std::vector<model::Address> addresses;
  std::vector<InUseUnrecorded> passed_over;  // of a dry run: those of `addresses` that would be
  std::optional<Time> lease_data_as_of;
  std::vector<model::ServerChange> changes;  // that were made
  std::vector<ServerPlan> plans;             // of a dry run: that would be made
  std::uint64_t sequence = 0;
};

class ProvisionService {
 public:
  // For how long the addresses are held for the servers to be asked and changed.
  static constexpr Duration kHold = std::chrono::minutes(15);
  // So many addresses are passed over at most.
  static constexpr std::size_t kMaxPassedOver = 64;

  ProvisionService(store::Store& store, PlanningService& planning, AllocationService& allocation, ChangeService& changes, io::WorkerPool& database,
                   Reachability& reachability)
      : store_(store), planning_(planning), allocation_(allocation), changes_(changes), database_(database), reachability_(reachability) {}

  io::Task<Result<Provisioned>> provision(Principal principal, ProvisionRequest request, model::ChangeContext context, io::Deadline deadline);

 private:
  // Holds as many silent addresses as are asked for. In a dry run what would be taken.
  io::Task<Result<Provisioned>> take(Principal principal, ProvisionRequest request, model::ChangeContext context, io::Deadline deadline);
  // One text for each address; empty where there is no sign.
  io::Task<Result<std::vector<std::string>>> signs_of(std::vector<model::Address> addresses, Checks checks, io::Deadline deadline);
  io::Task<Result<std::vector<WantedChange>>> wanted(Principal principal, ProvisionRequest request, model::Address address);
  io::Task<Result<MadeChanges>> change_servers(Principal principal, ProvisionRequest request, model::Address address, model::ChangeContext context,
                                               io::Deadline deadline);
  io::Task<Result<void>> confirm_all(Principal principal, Provisioned* done, model::AddressState state, model::ChangeContext context);
  // Gives the held addresses back; the answer is `error` with what became of them.
  io::Task<Error> give_back(Principal principal, std::vector<model::Address> addresses, Error error, model::ChangeContext context);
  io::Task<Error> take_back(Principal principal, MadeChanges made, std::vector<model::Address> addresses, Error error, model::ChangeContext context,
                            io::Deadline deadline);

  store::Store& store_;
  PlanningService& planning_;
  AllocationService& allocation_;
  ChangeService& changes_;
  io::WorkerPool& database_;
  Reachability& reachability_;
};

}  // namespace ipam::service
