#include "api/fields.h"
#include "contract/discovery.h"

#include <array>

namespace ipam::api {
namespace {

constexpr std::array kTargetFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"}};
constexpr std::array kServerFields{ListField{"id", "id", FieldKind::Id},
                                   ListField{"address", "address", FieldKind::Address},
                                   ListField{"port", "port", FieldKind::Integer},
                                   ListField{"product", "product"},
                                   ListField{"endpoint", "endpoint"},
                                   ListField{"state", "state"},
                                   ListField{"target_id", "target_id", FieldKind::Id},
                                   ListField{"first_seen", "first_seen", FieldKind::Time},
                                   ListField{"last_seen", "last_seen", FieldKind::Time}};
constexpr std::array<std::string_view, 1> kByName{"name"};
constexpr std::array<std::string_view, 2> kByPlace{"address", "port"};

contract::DiscoveryTarget to_answer(const model::DiscoveryTarget& target) {
  return {to_id(target.id), target.name, target.kea_ports, target.dns_ports, target.statistics_ports, target.enabled, target.description};
}

Reply reply_with(const model::DiscoveryTarget& target, int status = 200) {
  Reply reply = Reply::json(to_answer(target), status);
  reply.with_revision(target.revision);
  if (status == 201) reply.with("Location", "/api/v1/discovery_targets/" + target.id.to_string());
  return reply;
}

Result<Reply> target_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kTargetFields, {}, kByName));
  const auto page = IPAM_TRY(services.discovery.list_targets(call.principal, list.query));
  auto answer = to_list<contract::DiscoveryTarget>(page, to_answer);
  IPAM_TRY(add_total<model::DiscoveryTarget>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_target(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DiscoveryTarget>());
  IPAM_CO_TRY(const auto target, services->discovery.get_target(call.principal, id));
  co_return reply_with(target);
}

io::Task<Result<Reply>> create_target(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::DiscoveryTargetCreate>());
  model::DiscoveryTarget target;
  target.name = body.name;
  patch(target.kea_ports, body.kea_ports);
  patch(target.dns_ports, body.dns_ports);
  patch(target.statistics_ports, body.statistics_ports);
  patch(target.enabled, body.enabled);
  patch(target.description, body.description);
  IPAM_CO_TRY(const auto written, co_await services->discovery.create_target(call.principal, target, call.change));
  Reply reply = reply_with(written.value, 201);
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> update_target(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DiscoveryTarget>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto body, call.body<contract::DiscoveryTargetPatch>());
  std::function<Result<void>(model::DiscoveryTarget&)> change = [body](model::DiscoveryTarget& target) -> Result<void> {
    patch(target.name, body.name);
    patch(target.kea_ports, body.kea_ports);
    patch(target.dns_ports, body.dns_ports);
    patch(target.statistics_ports, body.statistics_ports);
    patch(target.enabled, body.enabled);
    patch(target.description, body.description);
    return {};
  };
  IPAM_CO_TRY(const auto written, co_await services->discovery.update_target(call.principal, id, expected, std::move(change), call.change));
  Reply reply = reply_with(written.value);
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> erase_target(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DiscoveryTarget>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto sequence, co_await services->discovery.erase_target(call.principal, id, expected, call.change));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

contract::DiscoveredServer to_answer(Services& services, const Call& call, Names& names, const model::DiscoveredServer& server) {
  contract::DiscoveredServer answer;
  answer.id = to_id(server.id);
  answer.address = server.address;
  answer.port = server.port;
  answer.product = convert_enum<contract::Product>(server.product);
  answer.endpoint = convert_enum<contract::EndpointKind>(server.endpoint);
  answer.state = convert_enum<contract::DiscoveryState>(server.state);
  answer.version = server.version;
  answer.evidence = server.evidence;
  answer.target_id = to_id(server.target_id);
  if (const auto target = services.discovery.get_target(call.principal, server.target_id); target.ok()) answer.target = target->name;
  if (server.server_id) {
    answer.server_id = to_id(*server.server_id);
    answer.server = names.server(*server.server_id);
  }
  answer.first_seen = server.first_seen;
  answer.last_seen = server.last_seen;
  return answer;
}

Result<Reply> server_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kServerFields, {}, kByPlace));
  const auto page = IPAM_TRY(services.discovery.list_servers(call.principal, list.query));
  Names names(services, call.principal);
  auto answer =
      to_list<contract::DiscoveredServer>(page, [&](const model::DiscoveredServer& server) { return to_answer(services, call, names, server); });
  IPAM_TRY(add_total<model::DiscoveredServer>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_server(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DiscoveredServer>());
  IPAM_CO_TRY(const auto server, services->discovery.get_server(call.principal, id));
  Names names(*services, call.principal);
  co_return Reply::json(to_answer(*services, call, names, server));
}

io::Task<Result<Reply>> accept_server(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DiscoveredServer>());
  IPAM_CO_TRY(auto body, call.body<contract::DiscoveredServerAccept>());
  service::Acceptance acceptance;
  acceptance.name = body.name;
  acceptance.url = body.url.value_or("");
  if (body.manageability) acceptance.manageability = convert_enum<model::Manageability>(*body.manageability);
  acceptance.description = body.description.value_or("");
  IPAM_CO_TRY(acceptance.space_id, space_of(*services, call.principal, body.space));
  if (body.credential && (body.user_name || body.password)) {
    co_return Error::field("/credential", "name a credential, or give user_name and password, not both");
  }
  if (body.credential) {
    acceptance.credential = service::CredentialChoice{*body.credential, {}, std::nullopt};
  } else if (body.user_name || body.password) {
    acceptance.credential = service::CredentialChoice{{}, body.user_name.value_or(""), Secret(std::move(body.password).value_or(""))};
  }
  IPAM_CO_TRY(const auto written, co_await services->discovery.accept(call.principal, id, std::move(acceptance), call.change));
  Names names(*services, call.principal);
  Reply reply = Reply::json(to_answer(*services, call, names, written.value), 201);
  reply.with("Location", "/api/v1/servers/" + written.value.server_id->to_string());
  co_return reply.with_sequence(written.sequence);
}

}  // namespace

void add_discovery_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/discovery_targets", [all](Call call) { return on_pool(all, target_page, std::move(call)); });
  routes.add(
      "POST", "/api/v1/discovery_targets", [all](Call call) { return create_target(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/discovery_targets/{id}", [all](Call call) { return get_target(all, std::move(call)); });
  routes.add(
      "PATCH", "/api/v1/discovery_targets/{id}", [all](Call call) { return update_target(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "DELETE", "/api/v1/discovery_targets/{id}", [all](Call call) { return erase_target(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/discovered_servers", [all](Call call) { return on_pool(all, server_page, std::move(call)); });
  routes.add("GET", "/api/v1/discovered_servers/{id}", [all](Call call) { return get_server(all, std::move(call)); });
  routes.add(
      "POST", "/api/v1/discovered_servers/{id}:accept", [all](Call call) { return accept_server(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace ipam::api
