#include "api/api.h"

#include "api/history_routes.h"

namespace ipam::api {

Routes make_routes(Services& services) {
  Routes routes;
  add_observation_routes(routes, services);
  add_access_routes(routes, services);
  add_security_routes(routes, services);
  add_plan_routes(routes, services);
  add_allocation_routes(routes, services);
  add_subnet_operation_routes(routes, services);
  add_server_routes(routes, services);
  add_server_access_routes(routes, services);
  add_dhcp_routes(routes, services);
  add_dns_routes(routes, services);
  add_change_routes(routes, services);
  add_custom_field_routes(routes, services);
  add_search_routes(routes, services);
  add_reclaim_routes(routes, services);
  add_quota_routes(routes, services);
  add_tracking_routes(routes, services);
  add_utilization_routes(routes, services);
  add_discovery_routes(routes, services);
  add_discovery_domain_routes(routes, services);
  add_task_routes(routes, services);
  add_batch_routes(routes, services);
  add_operation_routes(routes, services);
  add_event_routes(routes, services);
  add_backup_routes(routes, services);
  add_import_routes(routes, services);
  add_import_profile_routes(routes, services);
  add_export_routes(routes, services);
  add_history_routes(routes, services);
  add_server_config_routes(routes, services);
  routes.keep_answers_by(services.answers);
  return routes;
}

}  // namespace ipam::api
