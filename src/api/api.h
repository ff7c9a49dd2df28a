// The public API: every route of /api/v1, /healthz, /readyz and /metrics over the service floor. Thread rule: made once at the start; handlers on I/O
// executors.
#pragma once

#include "api/route.h"
#include "base/guarded.h"
#include "base/log.h"
#include "io/worker_pool.h"
#include "service/access/refusal_log.h"
#include "service/allocation/allocation_service.h"
#include "service/backup/backup_service.h"
#include "service/change/change_service.h"
#include "service/collection/collector.h"
#include "service/collection/dhcp_view.h"
#include "service/collection/server_accesses.h"
#include "service/discovery/discovery_service.h"
#include "service/discovery/domain_service.h"
#include "service/feed/event_hub.h"
#include "service/idempotency/answer_keeper.h"
#include "service/interchange/import_service.h"
#include "service/operation/operation_runner.h"
#include "service/planning/planning_service.h"
#include "service/provision/provision_service.h"
#include "service/search/saved_searches.h"
#include "service/utilization/utilization_history.h"
#include "service/zones/dns_view.h"
#include "tasks/scheduler.h"

namespace ipam::api {

class Observed;

// What the server says of itself: GET /api/v1/server_config. Only the log level changes.
struct ServerFacts {
  std::string node;
  std::string listen_address;
  std::uint16_t listen_port = 0;
  std::string database;
  std::uint32_t schema_version = 0;
  std::string master_key_id;
  log::Level log_level = log::Level::Info;
  Time started_at{};
};

// What the routes stand on; all of it outlives them.
struct Services {
  store::Store& store;
  ledger::Ledger& ledger;
  service::AccessService& access;
  service::PlanningService& planning;
  service::AllocationService& allocation;
  service::InventoryService& inventory;
  service::ServerAccesses& accesses;
  service::Collector& collector;
  service::DhcpView& dhcp;
  service::DnsView& dns;
  service::ChangeService& changes;
  service::DiscoveryService& discovery;
  service::DomainService& domains;
  tasks::Scheduler& scheduler;
  const occupancy::Index& index;
  io::WorkerPool& database;  // lists run here, never on an I/O thread
  service::AnswerKeeper& answers;
  service::EventHub& events;
  service::OperationRunner& operations;
  Guarded<ServerFacts>& facts;
  std::string version;
  service::RefusalLog& refusals;
  Observed& observed;
  service::BackupService& backups;
  io::WorkerPool& backup_pool;  // where copying and checking take their time
  service::UtilizationHistory& utilization;
  const Clock& clock;
  service::ProvisionService& provision;
  service::SearchService& search;
  service::SavedSearches& saved_searches;
  service::ImportService& imports;
};

Routes make_routes(Services& services);

// The parts of make_routes, one a source file.
void add_plan_routes(Routes& routes, Services& services);
void add_allocation_routes(Routes& routes, Services& services);
void add_subnet_operation_routes(Routes& routes, Services& services);
void add_server_routes(Routes& routes, Services& services);
void add_server_access_routes(Routes& routes, Services& services);
void add_dhcp_routes(Routes& routes, Services& services);
void add_dns_routes(Routes& routes, Services& services);
void add_change_routes(Routes& routes, Services& services);
void add_search_routes(Routes& routes, Services& services);
void add_quota_routes(Routes& routes, Services& services);
void add_tracking_routes(Routes& routes, Services& services);
void add_reclaim_routes(Routes& routes, Services& services);
void add_utilization_routes(Routes& routes, Services& services);
void add_custom_field_routes(Routes& routes, Services& services);
void add_discovery_routes(Routes& routes, Services& services);
void add_discovery_domain_routes(Routes& routes, Services& services);
void add_access_routes(Routes& routes, Services& services);
void add_security_routes(Routes& routes, Services& services);
void add_observation_routes(Routes& routes, Services& services);
void add_task_routes(Routes& routes, Services& services);
void add_batch_routes(Routes& routes, Services& services);
void add_operation_routes(Routes& routes, Services& services);
void add_event_routes(Routes& routes, Services& services);
void add_backup_routes(Routes& routes, Services& services);
void add_import_routes(Routes& routes, Services& services);
void add_import_profile_routes(Routes& routes, Services& services);
void add_export_routes(Routes& routes, Services& services);
void add_server_config_routes(Routes& routes, Services& services);

}  // namespace ipam::api
