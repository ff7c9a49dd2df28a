#include "api/fields.h"
#include "api/session_cookie.h"

#include <array>

namespace ipam::api {
namespace {

constexpr std::array kUserFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"},
                                 ListField{"access_group", "access_group", FieldKind::Text, Sortable::Yes, choices_of<model::Group>}};
constexpr std::array kTokenFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"}};

constexpr std::array<std::string_view, 1> kByName{"name"};

io::Task<Result<Reply>> log_in(Services* services, Call call) {
  IPAM_CO_TRY(auto body, call.body<contract::SessionCreate>());
  call.note->name = shorten(body.user_name, 100);  // as claimed
  IPAM_CO_TRY(const auto login, co_await services->access.log_in(std::move(body.user_name), Secret(std::move(body.password)), call.change, call.peer,
                                                                 &call.note->retry_after_seconds));
  const bool as_cookie = body.cookie.value_or(false);
  const contract::Session answer{as_cookie ? std::string() : login.bearer.reveal(), login.expires_at, login.principal.user_name,
                                 convert_enum<contract::Group>(login.principal.access_group)};
  Reply reply = Reply::json(answer, 201);
  if (as_cookie) reply.with("Set-Cookie", set_session_cookie(login.bearer));
  co_return reply;
}

io::Task<Result<Reply>> log_out(Services* services, Call call) {
  IPAM_CO_CHECK(co_await services->access.log_out(call.bearer));
  Reply reply = Reply::empty();
  if (call.request.headers.contains("Cookie")) reply.with("Set-Cookie", clear_session_cookie());
  co_return reply;
}

io::Task<Result<Reply>> me(Services* /*services*/, Call call) {
  co_return Reply::json(
      contract::Me{to_id(call.principal.user_id), call.principal.user_name, convert_enum<contract::Group>(call.principal.access_group)});
}

io::Task<Result<Reply>> change_password(Services* services, Call call) {
  IPAM_CO_TRY(auto body, call.body<contract::PasswordChange>());
  IPAM_CO_TRY(const auto sequence,
              co_await services->access.change_password(call.principal, Secret(std::move(body.current_password)),
                                                        Secret(std::move(body.new_password)), call.change, &call.note->retry_after_seconds));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

Reply reply_with(const model::User& user, int status = 200) {
  Reply reply = Reply::json(convert(user), status);
  reply.with_revision(user.revision);
  if (status == 201) reply.with("Location", "/api/v1/users/" + user.id.to_string());
  return reply;
}

Result<Reply> user_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kUserFields, {}, kByName));
  const auto page = IPAM_TRY(services.access.list_users(call.principal, list.query));
  auto answer = to_list<contract::User>(page, [](const model::User& user) { return convert(user); });
  IPAM_TRY(add_total<model::User>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_user(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::User>());
  IPAM_CO_TRY(const auto user, services->access.get_user(call.principal, id));
  co_return reply_with(user);
}

io::Task<Result<Reply>> create_user(Services* services, Call call) {
  IPAM_CO_TRY(auto body, call.body<contract::UserCreate>());
  model::User user;
  user.name = body.name;
  if (body.access_group) user.access_group = convert_enum<model::Group>(*body.access_group);
  user.description = body.description.value_or("");
  IPAM_CO_TRY(const auto created, co_await services->access.create_user(call.principal, user, Secret(std::move(body.password)), call.change));
  Reply reply = reply_with(created.value, 201);
  co_return reply.with_sequence(created.sequence);
}

io::Task<Result<Reply>> update_user(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::User>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(auto body, call.body<contract::UserPatch>());
  std::optional<Secret> password;
  if (body.password) password = Secret(*std::move(body.password));
  body.password.reset();
  std::function<Result<void>(model::User&)> change = [body](model::User& user) -> Result<void> {
    if (body.access_group) user.access_group = convert_enum<model::Group>(*body.access_group);
    patch(user.enabled, body.enabled);
    patch(user.description, body.description);
    return {};
  };
  IPAM_CO_TRY(const auto written,
              co_await services->access.update_user(call.principal, id, expected, std::move(change), std::move(password), call.change));
  Reply reply = reply_with(written.value);
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> erase_user(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::User>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto sequence, co_await services->access.erase_user(call.principal, id, expected, call.change));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

Result<Reply> token_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kTokenFields, {}, kByName));
  const auto page = IPAM_TRY(services.access.list_tokens(call.principal, list.query));
  std::map<std::uint64_t, std::string> names{{call.principal.user_id.value, call.principal.user_name}};
  auto answer = to_list<contract::Token>(page, [&](const model::Token& token) {
    const auto [name, fresh] = names.try_emplace(token.user_id.value);
    if (fresh) {
      if (const auto user = services.access.get_user(call.principal, token.user_id); user.ok()) name->second = user->name;
    }
    return convert(token, name->second);
  });
  service::AccessService::add_visible(list.query, call.principal);
  IPAM_TRY(add_total<model::Token>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> create_token(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::TokenCreate>());
  model::Token token;
  token.name = body.name;
  token.access_group = body.access_group ? convert_enum<model::Group>(*body.access_group) : call.principal.access_group;
  token.expires_at = body.expires_at;
  IPAM_CO_TRY(const auto created, co_await services->access.create_token(call.principal, token, call.change));
  contract::TokenCreated answer;
  static_cast<contract::Token&>(answer) = convert(created.token, call.principal.user_name);
  answer.token = created.bearer.reveal();
  Reply reply = Reply::json(answer, 201);
  reply.with("Location", "/api/v1/tokens/" + created.token.id.to_string());
  co_return reply.with_sequence(created.sequence);
}

io::Task<Result<Reply>> erase_token(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::Token>());
  IPAM_CO_TRY(const auto sequence, co_await services->access.erase_token(call.principal, id, call.change));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

}  // namespace

void add_access_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add(
      "POST", "/api/v1/sessions", [all](Call call) { return log_in(all, std::move(call)); },
      RouteOptions{.caller = Caller::Anyone, .key = RequestKey::Refused});
  routes.add("DELETE", "/api/v1/sessions/current", [all](Call call) { return log_out(all, std::move(call)); });
  routes.add("GET", "/api/v1/me", [all](Call call) { return me(all, std::move(call)); });
  routes.add(
      "PUT", "/api/v1/me/password", [all](Call call) { return change_password(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/users", [all](Call call) { return on_pool(all, user_page, std::move(call)); });
  routes.add(
      "POST", "/api/v1/users", [all](Call call) { return create_user(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/users/{id}", [all](Call call) { return get_user(all, std::move(call)); });
  routes.add(
      "PATCH", "/api/v1/users/{id}", [all](Call call) { return update_user(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "DELETE", "/api/v1/users/{id}", [all](Call call) { return erase_user(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/tokens", [all](Call call) { return on_pool(all, token_page, std::move(call)); });
  // Without a dry run either: it would tell a secret that opens nothing.
  routes.add(
      "POST", "/api/v1/tokens", [all](Call call) { return create_token(all, std::move(call)); }, RouteOptions{.key = RequestKey::Refused});
  routes.add(
      "DELETE", "/api/v1/tokens/{id}", [all](Call call) { return erase_token(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace ipam::api
