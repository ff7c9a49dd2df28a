#include "api/past_resources.h"

namespace ipam::api {
namespace {

template <Planned T>
Reply reply_with(Services& services, const service::Principal& principal, const T& object, int status = 200) {
  Names names(services, principal);
  Reply reply = Reply::json(Resource<T>::convert(services, names, object), status);
  reply.with_revision(object.revision);
  if (status == 201) reply.with("Location", std::string(Resource<T>::kPath) + "/" + object.id.to_string());
  return reply;
}

template <Planned T>
Result<Reply> list_page(Services& services, const Call& call) {
  using R = Resource<T>;
  if (call.query().find("as_of")) return past_page<T>(services, call);
  ListQuery list = IPAM_TRY(read_list_query(call.query(), R::kFields, R::kHandled, R::kOrder));
  IPAM_TRY(R::filter(list, services, call));
  IPAM_TRY(add_custom_filters(list, services, model::type_name<T>()));
  const auto page = IPAM_TRY(services.search.list<T>(call.principal, list.query, wanted_of(call.query(), list)));
  Names names(services, call.principal);
  auto answer = to_list<typename R::Answer>(page, [&](const T& object) { return R::convert(services, names, object); });
  if (list.count_exact) answer.total = IPAM_TRY(services.search.count<T>(call.principal, list.query.where, wanted_of(call.query(), list)));
  return Reply::json(answer);
}

template <Planned T>
io::Task<Result<Reply>> get(Services* services, Call call) {
  if (call.query().find("as_of")) co_return co_await on_pool(services, past_object<T>, std::move(call));
  IPAM_CO_TRY(const auto id, call.id<T>());
  IPAM_CO_TRY(const T object, services->planning.get<T>(call.principal, id));
  co_return reply_with(*services, call.principal, object);
}

template <Planned T>
io::Task<Result<Reply>> create(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<typename Resource<T>::Create>());
  IPAM_CO_TRY(T object, Resource<T>::make(*services, call, body));
  std::optional<model::Id<model::Range>> range;
  if constexpr (std::is_same_v<T, model::Address>) {
    if (body.range_id) range = from_id<model::Range>(*body.range_id);
  }
  auto task = [&] {
    if constexpr (std::is_same_v<T, model::Address>) {
      if (range) return services->planning.create_in_range(call.principal, object, *range, call.change);
    }
    if constexpr (std::is_same_v<T, model::Range>) {
      if (body.subnet) return services->planning.create_with_subnet(call.principal, object, *body.subnet, call.change);
    }
    return services->planning.create(call.principal, object, call.change);
  }();
  IPAM_CO_TRY(const auto written, co_await std::move(task));
  Reply reply = reply_with(*services, call.principal, written.value, 201);
  co_return reply.with_sequence(written.sequence);
}

template <Planned T>
io::Task<Result<Reply>> update(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<T>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto body, call.body<typename Resource<T>::Patch>());
  IPAM_CO_TRY(Change<T> change, Resource<T>::change(*services, call, body));
  IPAM_CO_TRY(const auto written, co_await services->planning.update<T>(call.principal, id, expected, std::move(change), call.change));
  Reply reply = reply_with(*services, call.principal, written.value);
  co_return reply.with_sequence(written.sequence);
}

template <Planned T>
io::Task<Result<Reply>> erase(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<T>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  service::Below below = service::Below::Refuse;
  if (const auto text = call.query().find("cascade")) {
    const bool cascades = std::is_same_v<T, model::Block> || std::is_same_v<T, model::Subnet>;
    if (!cascades || *text != "true") co_return Error::field("/cascade", cascades ? "must be true" : "is for blocks and subnets alone");
    below = service::Below::Remove;
  }
  service::ReleaseMode mode = service::ReleaseMode::CoolDown;
  if (const auto text = call.query().find("force")) {
    const bool cools = std::is_same_v<T, model::Address>;
    if (!cools || *text != "true") co_return Error::field("/force", cools ? "must be true" : "is for addresses alone");
    mode = service::ReleaseMode::AtOnce;
  }
  IPAM_CO_TRY(const auto sequence, co_await services->planning.erase<T>(call.principal, id, expected, call.change, below, mode));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

template <Planned T>
void add(Routes& routes, Services& services) {
  Services* const all = &services;
  const std::string path(Resource<T>::kPath);
  routes.add("GET", path, [all](Call call) { return on_pool(all, list_page<T>, std::move(call)); });
  routes.add(
      "POST", path, [all](Call call) { return create<T>(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", path + "/{id}", [all](Call call) { return get<T>(all, std::move(call)); });
  routes.add(
      "PATCH", path + "/{id}", [all](Call call) { return update<T>(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "DELETE", path + "/{id}", [all](Call call) { return erase<T>(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace

void add_plan_routes(Routes& routes, Services& services) {
  add<model::AddressSpace>(routes, services);
  add<model::Block>(routes, services);
  add<model::Subnet>(routes, services);
  add<model::Range>(routes, services);
  add<model::Address>(routes, services);
}

}  // namespace ipam::api
