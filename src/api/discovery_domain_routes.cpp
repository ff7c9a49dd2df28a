#include "api/copy_fields.h"
#include "api/fields.h"
#include "base/strings.h"
#include "contract/discovery.h"

#include <array>

namespace ipam::api {
namespace {

constexpr std::array kDomainFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"}};
constexpr std::array kServerFields{ListField{"id", "id", FieldKind::Id},
                                   ListField{"discovery_domain_id", "discovery_domain_id", FieldKind::Id},
                                   ListField{"host_name", "host_name"},
                                   ListField{"roles", "roles"},
                                   ListField{"domain", "domain"},
                                   ListField{"site", "site"},
                                   ListField{"state", "state", FieldKind::Text, Sortable::Yes, choices_of<model::DomainServerState>},
                                   ListField{"first_seen", "first_seen", FieldKind::Time},
                                   ListField{"last_seen", "last_seen", FieldKind::Time}};
constexpr std::array<std::string_view, 1> kByName{"name"};
constexpr std::array<std::string_view, 1> kByHost{"host_name"};

std::vector<std::string> items_of(const std::string& text, char separator) {
  std::vector<std::string> items;
  for (const std::string_view item : split(text, separator)) {
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

void fill(contract::DiscoveryDomain& answer, const model::DiscoveryDomain& domain, const model::DomainStatus& status, Names& names) {
  copy_fields(answer, domain);
  answer.credential = names.credential(domain.credential_id);
  answer.problem = status.problem;
  if (status.checked_at != Time{}) answer.checked_at = status.checked_at;
  answer.read_at = status.read_at;
  answer.controller = status.controller;
  answer.forest = status.forest;
}

Result<Reply> reply_with(Services& services, const Call& call, const model::DiscoveryDomain& domain, int code = 200) {
  const auto status = IPAM_TRY(services.domains.status(call.principal, domain.id));
  Names names(services, call.principal);
  contract::DiscoveryDomainDetail answer;
  fill(answer, domain, status, names);
  answer.domains = items_of(status.domains, '\n');
  answer.trusts = items_of(status.trusts, '\n');
  answer.sites = items_of(status.sites, '\n');
  answer.subnets = items_of(status.subnets, '\n');
  answer.zones = items_of(status.zones, '\n');
  answer.findings = items_of(status.findings, '\n');
  Reply reply = Reply::json(answer, code);
  reply.with_revision(domain.revision);
  if (code == 201) reply.with("Location", "/api/v1/discovery_domains/" + domain.id.to_string());
  return reply;
}

Result<Reply> domain_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kDomainFields, {}, kByName));
  const auto page = IPAM_TRY(services.domains.list(call.principal, list.query));
  Names names(services, call.principal);
  std::vector<model::DomainStatus> statuses;
  for (const model::DiscoveryDomain& domain : page.items) statuses.push_back(IPAM_TRY(services.domains.status(call.principal, domain.id)));
  std::size_t next = 0;
  auto answer = to_list<contract::DiscoveryDomain>(page, [&](const model::DiscoveryDomain& domain) {
    contract::DiscoveryDomain item;
    fill(item, domain, statuses[next++], names);
    return item;
  });
  IPAM_TRY(add_total<model::DiscoveryDomain>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_domain(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DiscoveryDomain>());
  IPAM_CO_TRY(const auto domain, services->domains.get(call.principal, id));
  co_return reply_with(*services, call, domain);
}

io::Task<Result<Reply>> create_domain(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::DiscoveryDomainCreate>());
  model::DiscoveryDomain domain;
  patch_fields(domain, body);
  std::string credential = body.credential.value_or("");
  IPAM_CO_TRY(const auto written, co_await services->domains.create(call.principal, domain, std::move(credential), call.change));
  IPAM_CO_TRY(Reply reply, reply_with(*services, call, written.value, 201));
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> update_domain(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DiscoveryDomain>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto body, call.body<contract::DiscoveryDomainPatch>());
  std::function<Result<void>(model::DiscoveryDomain&)> change = [body](model::DiscoveryDomain& domain) -> Result<void> {
    patch_fields(domain, body);
    return {};
  };
  std::optional<std::string> credential;
  if (body.credential) credential = body.credential->value_or("");
  IPAM_CO_TRY(const auto written,
              co_await services->domains.update(call.principal, id, expected, std::move(change), std::move(credential), call.change));
  IPAM_CO_TRY(Reply reply, reply_with(*services, call, written.value));
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> erase_domain(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DiscoveryDomain>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto sequence, co_await services->domains.erase(call.principal, id, expected, call.change));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

contract::DomainServer to_answer(Services& services, const Call& call, const model::DomainServer& server) {
  contract::DomainServer answer;
  answer.id = to_id(server.id);
  answer.discovery_domain_id = to_id(server.discovery_domain_id);
  if (const auto domain = services.domains.get(call.principal, server.discovery_domain_id); domain.ok()) answer.discovery_domain = domain->name;
  answer.host_name = server.host_name;
  answer.names = items_of(server.names, ' ');
  answer.addresses = items_of(server.addresses, ' ');
  answer.roles = items_of(server.roles, ' ');
  answer.domain = server.domain;
  answer.site = server.site;
  answer.account = server.account;
  answer.operating_system = server.operating_system;
  answer.operating_system_version = server.operating_system_version;
  answer.disabled = server.disabled;
  answer.read_only = server.read_only;
  answer.state = convert_enum<contract::DomainServerState>(server.state);
  answer.changes = server.changes;
  answer.evidence = items_of(server.evidence, '\n');
  answer.first_seen = server.first_seen;
  answer.last_seen = server.last_seen;
  answer.changed_at = server.changed_at;
  return answer;
}

Result<Reply> server_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kServerFields, {}, kByHost));
  const auto page = IPAM_TRY(services.domains.list_servers(call.principal, list.query));
  auto answer = to_list<contract::DomainServer>(page, [&](const model::DomainServer& server) { return to_answer(services, call, server); });
  IPAM_TRY(add_total<model::DomainServer>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_server(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DomainServer>());
  IPAM_CO_TRY(const auto server, services->domains.get_server(call.principal, id));
  co_return Reply::json(to_answer(*services, call, server));
}

}  // namespace

void add_discovery_domain_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/discovery_domains", [all](Call call) { return on_pool(all, domain_page, std::move(call)); });
  routes.add(
      "POST", "/api/v1/discovery_domains", [all](Call call) { return create_domain(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/discovery_domains/{id}", [all](Call call) { return get_domain(all, std::move(call)); });
  routes.add(
      "PATCH", "/api/v1/discovery_domains/{id}", [all](Call call) { return update_domain(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "DELETE", "/api/v1/discovery_domains/{id}", [all](Call call) { return erase_domain(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/domain_servers", [all](Call call) { return on_pool(all, server_page, std::move(call)); });
  routes.add("GET", "/api/v1/domain_servers/{id}", [all](Call call) { return get_server(all, std::move(call)); });
}

}  // namespace ipam::api
