#include "api/fields.h"
#include "base/log.h"
#include "contract/server_config.h"

namespace ipam::api {
namespace {

contract::ServerConfig to_answer(Services& services) {
  const auto facts = services.facts.lock();
  contract::ServerConfig answer;
  answer.version = services.version;
  answer.node = facts->node;
  answer.listen_address = facts->listen_address;
  answer.listen_port = facts->listen_port;
  answer.database = facts->database;
  answer.schema_version = facts->schema_version;
  answer.master_key_id = facts->master_key_id;
  answer.log_level = convert_enum<contract::LogLevel>(facts->log_level);
  answer.started_at = facts->started_at;
  return answer;
}

io::Task<Result<Reply>> get_config(Services* services, Call call) {
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ReadTasks));
  co_return Reply::json(to_answer(*services));
}

io::Task<Result<Reply>> change_config(Services* services, Call call) {
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ManageUsers));
  IPAM_CO_TRY(const auto body, call.body<contract::ServerConfigPatch>());
  if (body.listen_address || body.listen_port) {
    co_return Error::field(body.listen_port ? "/listen_port" : "/listen_address",
                           "is set where ipamd starts: by its option --listen or the line \"listen\" of its configuration file; then restart it");
  }
  if (body.database)
    co_return Error::field("/database", "is set where ipamd starts: in its configuration file; what is stored does not move by itself");
  if (body.log_level) {
    const auto level = convert_enum<log::Level>(*body.log_level);
    services->facts.lock()->log_level = level;
    log::set_level(level);
    log::info("the log level was changed", {{"by", call.principal.user_name}, {"request", call.change.request_id}});
  }
  co_return Reply::json(to_answer(*services));
}

}  // namespace

void add_server_config_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/server_config", [all](Call call) { return get_config(all, std::move(call)); });
  routes.add("PATCH", "/api/v1/server_config", [all](Call call) { return change_config(all, std::move(call)); });
}

}  // namespace ipam::api
