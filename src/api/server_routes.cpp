#include "api/fields.h"

#include <array>

namespace ipam::api {
namespace {

constexpr std::array kServerFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"},
                                   ListField{"product", "product", FieldKind::Text, Sortable::Yes, choices_of<model::Product>},
                                   ListField{"url", "url"},
                                   ListField{"manageability", "manageability", FieldKind::Text, Sortable::Yes, choices_of<model::Manageability>}};
constexpr std::array kCredentialFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"},
                                       ListField{"kind", "kind", FieldKind::Text, Sortable::Yes, choices_of<model::CredentialKind>}};
constexpr std::array<std::string_view, 2> kServerHandled{"space", kCustomParameter};
constexpr std::array<std::string_view, 1> kByName{"name"};
// A person waits for it.
constexpr auto kVerifyDeadline = std::chrono::seconds(20);

Result<contract::Server> to_answer(Services& services, const Call& call, Names& names, const model::ManagedServer& server) {
  contract::Server answer;
  answer.id = to_id(server.id);
  answer.name = server.name;
  answer.product = convert_enum<contract::Product>(server.product);
  answer.manageability = convert_enum<contract::Manageability>(server.manageability);
  answer.url = server.url;
  answer.credential = names.credential(server.credential_id);
  answer.tls_trust = convert_enum<contract::TlsTrust>(server.tls_trust);
  answer.tls_fingerprint = server.tls_fingerprint;
  answer.space_id = to_id(server.space_id);
  answer.space = names.space(server.space_id);
  answer.description = server.description;
  answer.status = convert(IPAM_TRY(services.inventory.get_status(call.principal, server.id)));
  answer.custom_fields = names.custom_fields(server.custom);
  return answer;
}

Result<Reply> reply_with(Services& services, const Call& call, const model::ManagedServer& server, int status = 200) {
  Names names(services, call.principal);
  contract::ServerDetail answer;
  static_cast<contract::Server&>(answer) = IPAM_TRY(to_answer(services, call, names, server));
  for (const service::ServerAccessView& view : IPAM_TRY(services.accesses.of_server(call.principal, server.id))) {
    answer.accesses.push_back(convert(view, names));
  }
  Reply reply = Reply::json(answer, status);
  reply.with_revision(server.revision);
  if (status == 201) reply.with("Location", "/api/v1/servers/" + server.id.to_string());
  return reply;
}

Result<Reply> server_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kServerFields, kServerHandled, kByName));
  IPAM_TRY(add_space_filter(list, services, call));
  IPAM_TRY(add_custom_filters(list, services, model::type_name<model::ManagedServer>()));
  const auto page = IPAM_TRY(services.inventory.list_servers(call.principal, list.query));
  Names names(services, call.principal);
  contract::List<contract::Server> answer;
  for (const model::ManagedServer& server : page.items) answer.items.push_back(IPAM_TRY(to_answer(services, call, names, server)));
  if (!page.next_cursor.empty()) answer.next_cursor = page.next_cursor;
  IPAM_TRY(add_total<model::ManagedServer>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_server(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::ManagedServer>());
  IPAM_CO_TRY(const auto server, services->inventory.get_server(call.principal, id));
  co_return reply_with(*services, call, server);
}

io::Task<Result<Reply>> create_server(Services* services, Call call) {
  IPAM_CO_TRY(auto body, call.body<contract::ServerCreate>());
  model::ManagedServer server;
  server.name = body.name;
  server.product = convert_enum<model::Product>(body.product);
  server.url = body.url;
  server.tls_fingerprint = body.tls_fingerprint.value_or("");
  const auto trust =
      body.tls_trust.value_or(server.tls_fingerprint.empty() ? contract::TlsTrust::SystemAuthorities : contract::TlsTrust::Fingerprint);
  server.tls_trust = convert_enum<model::TlsTrust>(trust);
  server.description = body.description.value_or("");
  if (body.manageability) server.manageability = convert_enum<model::Manageability>(*body.manageability);
  IPAM_CO_TRY(server.space_id, space_of(*services, call.principal, body.space));
  IPAM_CO_CHECK(set_custom_fields(*services, server.custom, body.custom_fields));
  std::optional<service::CredentialChoice> credential;
  if (body.credential && (body.user_name || body.password)) {
    co_return Error::field("/credential", "name a credential, or give user_name and password, not both");
  }
  if (body.credential) {
    credential = service::CredentialChoice{*body.credential, {}, std::nullopt};
  } else if (body.user_name || body.password) {
    credential = service::CredentialChoice{{}, body.user_name.value_or(""), Secret(std::move(body.password).value_or(""))};
  }
  IPAM_CO_TRY(const auto written, co_await services->inventory.create_server(call.principal, server, std::move(credential), call.change));
  IPAM_CO_TRY(Reply reply, reply_with(*services, call, written.value, 201));
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> update_server(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::ManagedServer>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto body, call.body<contract::ServerPatch>());
  IPAM_CO_TRY(const auto custom, custom_change(*services, body.custom_fields));
  std::function<Result<void>(model::ManagedServer&)> change = [body, custom](model::ManagedServer& server) -> Result<void> {
    patch(server.name, body.name);
    patch(server.url, body.url);
    if (body.tls_trust) server.tls_trust = convert_enum<model::TlsTrust>(*body.tls_trust);
    patch(server.tls_fingerprint, body.tls_fingerprint);
    patch(server.description, body.description);
    if (body.manageability) server.manageability = convert_enum<model::Manageability>(*body.manageability);
    return custom(server.custom);
  };
  std::optional<std::string> credential;
  if (body.credential) credential = body.credential->value_or("");
  IPAM_CO_TRY(const auto written,
              co_await services->inventory.update_server(call.principal, id, expected, std::move(change), std::move(credential), call.change));
  IPAM_CO_TRY(Reply reply, reply_with(*services, call, written.value));
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> erase_server(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::ManagedServer>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto sequence, co_await services->inventory.erase_server(call.principal, id, expected, call.change));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

io::Task<Result<Reply>> verify_server(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::ManagedServer>());
  IPAM_CO_TRY(const auto verification, co_await services->collector.verify(call.principal, id, io::Deadline::after(kVerifyDeadline)));
  co_return Reply::json(contract::VerifyAnswer{convert(verification.status), verification.findings});
}

Result<Reply> credential_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kCredentialFields, {}, kByName));
  const auto page = IPAM_TRY(services.inventory.list_credentials(call.principal, list.query));
  auto answer = to_list<contract::Credential>(page, [](const model::Credential& object) { return convert(object); });
  IPAM_TRY(add_total<model::Credential>(services, list, answer.total));
  return Reply::json(answer);
}

Reply reply_with(const model::Credential& credential, int status = 200) {
  Reply reply = Reply::json(convert(credential), status);
  reply.with_revision(credential.revision);
  if (status == 201) reply.with("Location", "/api/v1/credentials/" + credential.id.to_string());
  return reply;
}

io::Task<Result<Reply>> get_credential(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::Credential>());
  IPAM_CO_TRY(const auto credential, services->inventory.get_credential(call.principal, id));
  co_return reply_with(credential);
}

io::Task<Result<Reply>> create_credential(Services* services, Call call) {
  IPAM_CO_TRY(auto body, call.body<contract::CredentialCreate>());
  model::Credential credential;
  credential.name = body.name;
  if (body.kind) credential.kind = convert_enum<model::CredentialKind>(*body.kind);
  credential.user_name = body.user_name.value_or("");
  credential.algorithm = body.algorithm.value_or(credential.kind == model::CredentialKind::TsigKey ? "hmac-sha256" : "");
  IPAM_CO_TRY(const auto written,
              co_await services->inventory.create_credential(call.principal, credential, Secret(std::move(body.secret)), call.change));
  Reply reply = reply_with(written.value, 201);
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> update_credential(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::Credential>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(auto body, call.body<contract::CredentialPatch>());
  std::optional<Secret> secret;
  if (body.secret) secret = Secret(*std::move(body.secret));
  IPAM_CO_TRY(const auto written,
              co_await services->inventory.update_credential(call.principal, id, expected, body.user_name, std::move(secret), call.change));
  Reply reply = reply_with(written.value);
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> erase_credential(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::Credential>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto sequence, co_await services->inventory.erase_credential(call.principal, id, expected, call.change));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

}  // namespace

void add_server_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/servers", [all](Call call) { return on_pool(all, server_page, std::move(call)); });
  routes.add(
      "POST", "/api/v1/servers", [all](Call call) { return create_server(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/servers/{id}", [all](Call call) { return get_server(all, std::move(call)); });
  routes.add(
      "PATCH", "/api/v1/servers/{id}", [all](Call call) { return update_server(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "DELETE", "/api/v1/servers/{id}", [all](Call call) { return erase_server(all, std::move(call)); }, kLedgerWrite);
  routes.add("POST", "/api/v1/servers/{id}:verify", [all](Call call) { return verify_server(all, std::move(call)); });
  routes.add("GET", "/api/v1/credentials", [all](Call call) { return on_pool(all, credential_page, std::move(call)); });
  routes.add(
      "POST", "/api/v1/credentials", [all](Call call) { return create_credential(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/credentials/{id}", [all](Call call) { return get_credential(all, std::move(call)); });
  routes.add(
      "PATCH", "/api/v1/credentials/{id}", [all](Call call) { return update_credential(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "DELETE", "/api/v1/credentials/{id}", [all](Call call) { return erase_credential(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace ipam::api
