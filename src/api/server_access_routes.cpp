#include "api/fields.h"

#include <array>

namespace ipam::api {
namespace {

constexpr std::array kAccessFields{ListField{"id", "id", FieldKind::Id}, ListField{"kind", "kind"}, ListField{"url", "url"}};
constexpr std::array<std::string_view, 1> kAccessHandled{"server"};
constexpr std::array<std::string_view, 1> kByServer{"server_id"};

Result<Reply> access_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kAccessFields, kAccessHandled, kByServer));
  IPAM_TRY(add_server_filter(list, services, call));
  const auto page = IPAM_TRY(services.accesses.list(call.principal, list.query));
  Names names(services, call.principal);
  auto answer = to_list<contract::ServerAccess>(page, [&](const service::ServerAccessView& view) { return convert(view, names); });
  IPAM_TRY(add_total<model::ServerAccess>(services, list, answer.total));
  return Reply::json(answer);
}

Result<Reply> reply_with(Services& services, const Call& call, model::Id<model::ServerAccess> id, int status = 200) {
  Names names(services, call.principal);
  const service::ServerAccessView view = IPAM_TRY(services.accesses.get(call.principal, id));
  Reply reply = Reply::json(convert(view, names), status);
  reply.with_revision(view.access.revision);
  if (status == 201) reply.with("Location", "/api/v1/server_accesses/" + id.to_string());
  return reply;
}

io::Task<Result<Reply>> get_access(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::ServerAccess>());
  co_return reply_with(*services, call, id);
}

io::Task<Result<Reply>> create_access(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::ServerAccessCreate>());
  model::ServerAccess access;
  access.kind = convert_enum<model::AccessKind>(body.kind);
  access.url = body.url;
  access.fingerprint = body.fingerprint.value_or("");
  const auto trust = body.tls_trust.value_or(access.fingerprint.empty() ? contract::TlsTrust::SystemAuthorities : contract::TlsTrust::Fingerprint);
  access.tls_trust = convert_enum<model::TlsTrust>(trust);
  IPAM_CO_TRY(const auto written,
              co_await services->accesses.create(call.principal, body.server, std::move(access), body.credential.value_or(""), call.change));
  IPAM_CO_TRY(Reply reply, reply_with(*services, call, written.value.id, 201));
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> update_access(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::ServerAccess>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto body, call.body<contract::ServerAccessPatch>());
  std::function<Result<void>(model::ServerAccess&)> change = [body](model::ServerAccess& access) -> Result<void> {
    patch(access.url, body.url);
    if (body.tls_trust) access.tls_trust = convert_enum<model::TlsTrust>(*body.tls_trust);
    patch(access.fingerprint, body.fingerprint);
    return {};
  };
  std::optional<std::string> credential;
  if (body.credential) credential = body.credential->value_or("");
  IPAM_CO_TRY(const auto written,
              co_await services->accesses.update(call.principal, id, expected, std::move(change), std::move(credential), call.change));
  IPAM_CO_TRY(Reply reply, reply_with(*services, call, id));
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> erase_access(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::ServerAccess>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto sequence, co_await services->accesses.erase(call.principal, id, expected, call.change));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

}  // namespace

void add_server_access_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/server_accesses", [all](Call call) { return on_pool(all, access_page, std::move(call)); });
  routes.add(
      "POST", "/api/v1/server_accesses", [all](Call call) { return create_access(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/server_accesses/{id}", [all](Call call) { return get_access(all, std::move(call)); });
  routes.add(
      "PATCH", "/api/v1/server_accesses/{id}", [all](Call call) { return update_access(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "DELETE", "/api/v1/server_accesses/{id}", [all](Call call) { return erase_access(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace ipam::api
