#include "api/fields.h"
#include "contract/security.h"

#include <array>

namespace ipam::api {
namespace {

constexpr std::array kSessionFields{ListField{"created_at", "created_at", FieldKind::Time}, ListField{"expires_at", "expires_at", FieldKind::Time}};
constexpr std::array kLockoutFields{ListField{"id", "id", FieldKind::Id},
                                    ListField{"kind", "kind"},
                                    ListField{"name", "subject"},
                                    ListField{"failures", "failures", FieldKind::Integer},
                                    ListField{"last_failure_at", "last_failure_at", FieldKind::Time},
                                    ListField{"blocked_until", "blocked_until", FieldKind::Time}};
constexpr std::array kRefusalFields{ListField{"id", "id", FieldKind::Id},
                                    ListField{"first_at", "first_at", FieldKind::Time},
                                    ListField{"last_at", "last_at", FieldKind::Time},
                                    ListField{"status", "status", FieldKind::Integer},
                                    ListField{"user_name", "user_name"},
                                    ListField{"address", "address"},
                                    ListField{"method", "method"},
                                    ListField{"route", "route"},
                                    ListField{"request_id", "request_id"}};
constexpr std::array<std::string_view, 1> kUser{"user"};
constexpr std::array<std::string_view, 1> kBySessionAge{"created_at"};
constexpr std::array<std::string_view, 1> kBySubject{"subject"};
constexpr std::array<std::string_view, 1> kByLast{"last_at"};

// The names of the users of a page, each read once.
class UserNames {
 public:
  UserNames(service::AccessService& access, const service::Principal& principal) : access_(access), principal_(principal) {
    names_.emplace(principal.user_id.value, principal.user_name);
  }
  const std::string& of(model::Id<model::User> id) {
    const auto [name, fresh] = names_.try_emplace(id.value);
    if (fresh) {
      if (const auto user = access_.get_user(principal_, id); user.ok()) name->second = user->name;
    }
    return name->second;
  }

 private:
  service::AccessService& access_;
  const service::Principal& principal_;
  std::map<std::uint64_t, std::string> names_;
};

contract::OpenSession convert(const service::SessionView& view, UserNames& names) {
  return {to_id(view.use.id),      names.of(view.session.user_id), view.use.address,
          view.session.created_at, view.use.last_used_at,          view.session.expires_at};
}

contract::Lockout convert(const model::Lockout& lockout, Time now) {
  contract::Lockout answer{
      to_id(lockout.id), convert_enum<contract::LockoutKind>(lockout.kind), lockout.subject, lockout.failures, lockout.last_failure_at, std::nullopt};
  if (lockout.blocked_until > now) answer.blocked_until = lockout.blocked_until;
  return answer;
}

contract::Refusal convert(const model::Refusal& refusal) {
  return {to_id(refusal.id), refusal.first_at, refusal.last_at, refusal.count,  refusal.status,    refusal.user_name,
          refusal.address,   refusal.method,   refusal.route,   refusal.detail, refusal.request_id};
}

// ?user=NAME of the sessions.
Result<void> add_user_filter(ListQuery& list, Services& services, const Call& call) {
  const auto name = call.query().find("user");
  if (!name) return {};
  const auto reader = IPAM_TRY(services.store.open_reader());
  const auto user = IPAM_TRY(store::find_where<model::User>(*reader, {{"name", store::Comparison::Equal, std::string(*name)}}));
  // Who may not see others' sessions gets the same answer for a name that is not there.
  list.query.where.push_back({"user_id", store::Comparison::Equal, store::to_value(user ? user->id : model::Id<model::User>{})});
  return {};
}

Result<Reply> session_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kSessionFields, kUser, kBySessionAge));
  IPAM_TRY(add_user_filter(list, services, call));
  const auto page = IPAM_TRY(services.access.list_sessions(call.principal, list.query));
  UserNames names(services.access, call.principal);
  auto answer = to_list<contract::OpenSession>(page, [&](const service::SessionView& view) { return convert(view, names); });
  service::AccessService::add_visible(list.query, call.principal);
  IPAM_TRY(add_total<model::Session>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_session(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::SessionUse>());
  IPAM_CO_TRY(const auto session, services->access.get_session(call.principal, id));
  UserNames names(services->access, call.principal);
  co_return Reply::json(convert(session, names));
}

io::Task<Result<Reply>> revoke_session(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::SessionUse>());
  IPAM_CO_CHECK(co_await services->access.revoke_session(call.principal, id));
  co_return Reply::empty();
}

Result<Reply> lockout_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kLockoutFields, {}, kBySubject));
  const auto page = IPAM_TRY(services.access.list_lockouts(call.principal, list.query));
  const Time now = services.access.now();
  auto answer = to_list<contract::Lockout>(page, [now](const model::Lockout& lockout) { return convert(lockout, now); });
  IPAM_TRY(add_total<model::Lockout>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_lockout(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::Lockout>());
  IPAM_CO_TRY(const auto lockout, services->access.get_lockout(call.principal, id));
  co_return Reply::json(convert(lockout, services->access.now()));
}

io::Task<Result<Reply>> lift_lockout(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::Lockout>());
  IPAM_CO_CHECK(co_await services->access.lift_lockout(call.principal, id));
  co_return Reply::empty();
}

Result<Reply> refusal_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kRefusalFields, {}, kByLast));
  const auto page = IPAM_TRY(services.refusals.list(call.principal, list.query));
  auto answer = to_list<contract::Refusal>(page, [](const model::Refusal& refusal) { return convert(refusal); });
  IPAM_TRY(add_total<model::Refusal>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> list_refusals(Services* services, Call call) {
  IPAM_CO_CHECK(service::authorize_auditor(call.principal));
  IPAM_CO_CHECK(co_await services->refusals.flush());  // what came just now is what is looked for
  co_return co_await on_pool(services, refusal_page, std::move(call));
}

}  // namespace

void add_security_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/sessions", [all](Call call) { return on_pool(all, session_page, std::move(call)); });
  routes.add("GET", "/api/v1/sessions/{id}", [all](Call call) { return get_session(all, std::move(call)); });
  routes.add("DELETE", "/api/v1/sessions/{id}", [all](Call call) { return revoke_session(all, std::move(call)); });
  routes.add("GET", "/api/v1/lockouts", [all](Call call) { return on_pool(all, lockout_page, std::move(call)); });
  routes.add("GET", "/api/v1/lockouts/{id}", [all](Call call) { return get_lockout(all, std::move(call)); });
  routes.add("DELETE", "/api/v1/lockouts/{id}", [all](Call call) { return lift_lockout(all, std::move(call)); });
  routes.add("GET", "/api/v1/refusals", [all](Call call) { return list_refusals(all, std::move(call)); });
}

}  // namespace ipam::api
