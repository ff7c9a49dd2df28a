// The public API: every route of /api/v1 and /healthz over the service floor. Thread rule: made once at the start; handlers on I/O executors.
#pragma once

#include "api/route.h"
#include "io/worker_pool.h"
#include "service/allocation/allocation_service.h"
#include "service/collection/collector.h"
#include "service/collection/dhcp_view.h"
#include "service/planning/planning_service.h"
#include "service/zones/dns_view.h"
#include "tasks/scheduler.h"

namespace ipam::api {

// What the routes stand on; all of it outlives them.
struct Services {
  store::Store& store;
  ledger::Ledger& ledger;
  service::AccessService& access;
  service::PlanningService& planning;
  service::AllocationService& allocation;
  service::InventoryService& inventory;
  service::Collector& collector;
  service::DhcpView& dhcp;
  service::DnsView& dns;
  tasks::Scheduler& scheduler;
  io::WorkerPool& database;  // lists run here, never on an I/O thread
  std::string version;
};

Routes make_routes(Services& services);

// The parts of make_routes, one a source file.
void add_plan_routes(Routes& routes, Services& services);
void add_allocation_routes(Routes& routes, Services& services);
void add_server_routes(Routes& routes, Services& services);
void add_dhcp_routes(Routes& routes, Services& services);
void add_dns_routes(Routes& routes, Services& services);
void add_access_routes(Routes& routes, Services& services);
void add_task_routes(Routes& routes, Services& services);

}  // namespace ipam::api
