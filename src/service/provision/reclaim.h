// ReclaimService: gives addresses back, all or none, with what stands of them on DHCP and DNS servers where that is asked for.
//
// What the plan would refuse is refused before a server is touched. Then the servers are changed (they take back what they have done when one of them
// fails), then the records of the plan go, as any release does: an address cools down where its subnet says so. Ranges that they lay in keep the
// time. When the plan's part fails nevertheless, the message says so; the changes on the servers can be undone by `ipam change undo`. Errors:
// InvalidArgument on /addresses; NotFound; those of release_in and ChangeService. Thread rule: an I/O executor.
#pragma once

#include "io/worker_pool.h"
#include "service/change/change_service.h"
#include "service/planning/planning_service.h"

namespace ipam::service {

enum class OnServers : std::uint8_t { Leave, Remove };

struct ReclaimRequest {
  static constexpr std::size_t kMaxAddresses = 1'000;
  static constexpr std::size_t kMaxWithServers = 100;  // where servers are changed too

  std::vector<model::Id<model::Address>> addresses;
  OnServers on_servers = OnServers::Leave;
  ReleaseMode mode = ReleaseMode::CoolDown;
};

// What stays on a server, and is somebody's to remove.
struct LeftOnServer {
  ip::Address address;
  std::string text;  // "reservation 02:00:00:00:00:01 on kea1", "A app7.corp.example"
};

struct Reclaimed {
  std::vector<model::Address> addresses;  // as they were
  std::vector<model::ServerChange> changes;
  std::vector<ServerPlan> plans;  // of a dry run
  std::vector<LeftOnServer> left;
  std::uint64_t sequence = 0;
};

class ReclaimService {
 public:
  ReclaimService(store::Store& store, ledger::Ledger& ledger, PlanningService& planning, ChangeService& changes, io::WorkerPool& database)
      : store_(store), ledger_(ledger), planning_(planning), changes_(changes), database_(database) {}

  io::Task<Result<Reclaimed>> reclaim(Principal principal, ReclaimRequest request, model::ChangeContext context, io::Deadline deadline);

 private:
  struct Found {
    std::vector<model::Address> addresses;
    std::vector<WantedChange> changes;
    std::vector<LeftOnServer> left;
  };
  Result<Found> look(const Principal& principal, const ReclaimRequest& request);

  store::Store& store_;
  ledger::Ledger& ledger_;
  PlanningService& planning_;
  ChangeService& changes_;
  io::WorkerPool& database_;
};

}  // namespace ipam::service
