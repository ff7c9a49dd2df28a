#include "api/api.h"

namespace ipam::api {
namespace {

io::Task<Result<Reply>> health(Services* services, Call /*call*/) {
  const auto reader = services->store.open_reader();
  if (!reader.ok()) co_return reader.error();
  co_return Reply::json(contract::Health{"ok", services->version, services->ledger.sequence()});
}

}  // namespace

Routes make_routes(Services& services) {
  Routes routes;
  routes.add(
      "GET", "/healthz", [&services](Call call) { return health(&services, std::move(call)); }, Caller::Anyone);
  add_access_routes(routes, services);
  add_plan_routes(routes, services);
  add_allocation_routes(routes, services);
  add_server_routes(routes, services);
  add_server_access_routes(routes, services);
  add_dhcp_routes(routes, services);
  add_dns_routes(routes, services);
  add_change_routes(routes, services);
  add_discovery_routes(routes, services);
  add_task_routes(routes, services);
  add_batch_routes(routes, services);
  add_operation_routes(routes, services);
  add_event_routes(routes, services);
  add_server_config_routes(routes, services);
  routes.keep_answers_by(services.answers);
  return routes;
}

}  // namespace ipam::api
