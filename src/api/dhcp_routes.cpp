#include "api/fields.h"

#include <array>

namespace ipam::api {
namespace {

constexpr std::array kServerFields{ListField{"id", "id", FieldKind::Id}, ListField{"lease_database", "lease_database"}};
constexpr std::array kScopeFields{ListField{"id", "id", FieldKind::Id}, ListField{"prefix", "prefix", FieldKind::Prefix}, ListField{"name", "name"},
                                  ListField{"key", "key"}, ListField{"shared_network", "shared_network"}};
constexpr std::array kLeaseFields{ListField{"address", "address", FieldKind::Address},
                                  ListField{"scope_key", "scope_key"},
                                  ListField{"state", "state", FieldKind::Text, Sortable::Yes, choices_of<model::LeaseState>},
                                  ListField{"hostname", "hostname"},
                                  ListField{"hardware_address", "hardware_address", FieldKind::HardwareAddress, Sortable::No},
                                  ListField{"expires_at", "expires_at", FieldKind::Time},
                                  ListField{"starts_at", "starts_at", FieldKind::Time}};
constexpr std::array<std::string_view, 1> kServerHandled{"server"};
constexpr std::array<std::string_view, 1> kServerOrder{"id"};
constexpr std::array<std::string_view, 3> kHandled{"space", "server", "within"};
// A scope's own page shows so many of its reservations.
constexpr std::size_t kReservationsShown = 1'000;

Result<ListQuery> read_list(Services& services, const Call& call, std::span<const ListField> fields, std::string_view column, service::Place place) {
  const std::array<std::string_view, 2> order{"space_id", column};
  ListQuery list = IPAM_TRY(read_list_query(call.query(), fields, kHandled, order));
  IPAM_TRY(add_space_filter(list, services, call));
  IPAM_TRY(add_server_filter(list, services, call));
  if (const auto within = call.query().find("within")) {
    const auto prefix = ip::Prefix::parse(*within);
    if (!prefix.ok()) return Error::field("/within", prefix.error().message);
    service::add_within(list.query.where, column, place, *prefix);
  }
  return list;
}

Result<contract::DhcpServer> to_answer(Services& services, const Call& call, Names& names, const model::DhcpServer& server) {
  return convert(server, names, IPAM_TRY(services.inventory.get_status(call.principal, server.server_id)));
}

Result<Reply> server_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kServerFields, kServerHandled, kServerOrder));
  IPAM_TRY(add_server_filter(list, services, call));
  const auto page = IPAM_TRY(services.dhcp.list_servers(call.principal, list.query));
  Names names(services, call.principal);
  contract::List<contract::DhcpServer> answer;
  for (const model::DhcpServer& server : page.items) answer.items.push_back(IPAM_TRY(to_answer(services, call, names, server)));
  if (!page.next_cursor.empty()) answer.next_cursor = page.next_cursor;
  if (list.count_exact) answer.total = IPAM_TRY(services.dhcp.count_servers(call.principal, list.query.where));
  return Reply::json(answer);
}

Result<Reply> one_server(Services& services, const Call& call) {
  const auto id = IPAM_TRY(call.id<model::DhcpServer>());
  const model::DhcpServer server = IPAM_TRY(services.dhcp.get_server(call.principal, id));
  Names names(services, call.principal);
  contract::DhcpServerDetail answer;
  static_cast<contract::DhcpServer&>(answer) = IPAM_TRY(to_answer(services, call, names, server));
  const auto raw = [](const std::string& text) { return json::Raw{text.empty() ? "[]" : text}; };
  answer.partners = raw(server.high_availability);
  answer.options = raw(server.options);
  answer.option_definitions = raw(server.option_definitions);
  answer.client_classes = raw(server.client_classes);
  Reply reply = Reply::json(answer);
  return reply.with_revision(server.revision);
}

Result<contract::DhcpScope> to_answer(Services& services, const Call& call, Names& names, const service::ScopeView& view) {
  return convert(view, names, IPAM_TRY(services.inventory.get_status(call.principal, view.scope.server_id)));
}

Result<Reply> scope_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list(services, call, kScopeFields, "prefix", service::Place::Prefix));
  const auto page = IPAM_TRY(services.dhcp.list_scopes(call.principal, list.query));
  Names names(services, call.principal);
  contract::List<contract::DhcpScope> answer;
  for (const service::ScopeView& view : page.items) answer.items.push_back(IPAM_TRY(to_answer(services, call, names, view)));
  if (!page.next_cursor.empty()) answer.next_cursor = page.next_cursor;
  if (list.count_exact) answer.total = IPAM_TRY(services.dhcp.count_scopes(call.principal, list.query.where));
  return Reply::json(answer);
}

Result<Reply> one_scope(Services& services, const Call& call) {
  const auto id = IPAM_TRY(call.id<model::DhcpScope>());
  const service::ScopeView view = IPAM_TRY(services.dhcp.get_scope(call.principal, id));
  Names names(services, call.principal);
  contract::DhcpScopeDetail answer;
  static_cast<contract::DhcpScope&>(answer) = IPAM_TRY(to_answer(services, call, names, view));
  for (const model::DhcpReservation& reservation : IPAM_TRY(services.dhcp.list_reservations(call.principal, id, kReservationsShown))) {
    answer.reservations.push_back(convert(reservation));
  }
  answer.reservations_total = IPAM_TRY(services.dhcp.count_reservations(call.principal, id));
  answer.options.text = view.scope.options.empty() ? "[]" : view.scope.options;
  Reply reply = Reply::json(answer);
  return reply.with_revision(view.scope.revision);
}

Result<Reply> lease_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list(services, call, kLeaseFields, "address", service::Place::Address));
  const auto page = IPAM_TRY(services.dhcp.list_leases(call.principal, list.query));
  Names names(services, call.principal);
  auto answer = to_list<contract::Lease>(page, [&](const model::Lease& lease) { return convert(lease, names); });
  if (list.count_exact) answer.total = IPAM_TRY(services.dhcp.count_leases(call.principal, list.query.where));
  return Reply::json(answer);
}

}  // namespace

void add_dhcp_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/dhcp_servers", [all](Call call) { return on_pool(all, server_page, std::move(call)); });
  routes.add("GET", "/api/v1/dhcp_servers/{id}", [all](Call call) { return on_pool(all, one_server, std::move(call)); });
  routes.add("GET", "/api/v1/dhcp_scopes", [all](Call call) { return on_pool(all, scope_page, std::move(call)); });
  routes.add("GET", "/api/v1/dhcp_scopes/{id}", [all](Call call) { return on_pool(all, one_scope, std::move(call)); });
  routes.add("GET", "/api/v1/leases", [all](Call call) { return on_pool(all, lease_page, std::move(call)); });
}

}  // namespace ipam::api
