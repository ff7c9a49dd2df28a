// ProvisionService: takes a free address, makes its DHCP reservation and its DNS records, and undoes all of it where a part fails.
//
// Errors: those of AllocationService, ReservationEdits, RecordEdits and ChangeService, each with what became of the address. InvalidArgument: more
// than one address, a hold, records without a name. Thread rule: an I/O executor.
#pragma once

#include "io/worker_pool.h"
#include "service/allocation/allocation_service.h"
#include "service/change/change_service.h"
#include "service/change/record_edits.h"
#include "service/change/reservation_edits.h"
#include "service/planning/planning_service.h"

namespace ipam::service {

struct ProvisionRequest {
  AllocationRequest allocation;  // of one address
  // The client that the DHCP server shall give the address to.
  std::optional<ip::HardwareAddress> reserve;
  std::optional<std::string> dhcp_server;  // name or id, where several have a scope there
  // The A or AAAA record of the address's name, and its PTR record.
  bool records = false;
  Pointer pointer = Pointer::Keep;
  std::optional<std::string> zone;  // name or id, where several hold the name
  std::optional<std::string> dns_server;
};

struct Provisioned {
  model::Address address;
  std::optional<Time> lease_data_as_of;
  std::vector<model::ServerChange> changes;  // that were made
  std::vector<ServerPlan> plans;             // of a dry run: that would be made
  std::uint64_t sequence = 0;
};

class ProvisionService {
 public:
  // For how long the address is held for the servers to be changed.
  static constexpr Duration kHold = std::chrono::minutes(15);

  ProvisionService(store::Store& store, PlanningService& planning, AllocationService& allocation, ChangeService& changes, io::WorkerPool& database)
      : store_(store), planning_(planning), allocation_(allocation), changes_(changes), database_(database) {}

  io::Task<Result<Provisioned>> provision(Principal principal, ProvisionRequest request, model::ChangeContext context, io::Deadline deadline);

 private:
  io::Task<Result<std::vector<WantedChange>>> wanted(Principal principal, ProvisionRequest request, model::Address address);
  io::Task<Result<MadeChanges>> change_servers(Principal principal, ProvisionRequest request, model::Address address, model::ChangeContext context,
                                               io::Deadline deadline);
  // Gives the held address back; the answer is `error` with what became of the address.
  io::Task<Error> give_back(Principal principal, model::Address address, Error error, model::ChangeContext context);
  io::Task<Error> take_back(Principal principal, MadeChanges made, model::Address address, Error error, model::ChangeContext context,
                            io::Deadline deadline);

  store::Store& store_;
  PlanningService& planning_;
  AllocationService& allocation_;
  ChangeService& changes_;
  io::WorkerPool& database_;
};

}  // namespace ipam::service
