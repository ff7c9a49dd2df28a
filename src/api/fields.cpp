#include "api/fields.h"

namespace ipam::api {

Result<model::Id<model::AddressSpace>> space_of(Services& services, const service::Principal& principal, const std::optional<std::string>& name) {
  const std::string_view wanted = name ? std::string_view(*name) : service::PlanningService::kDefaultSpace;
  return IPAM_TRY(services.planning.find_space(principal, wanted)).id;
}

Result<std::variant<ip::Prefix, model::Id<model::Block>>> block_or_prefix(const std::string& text) {
  using Place = std::variant<ip::Prefix, model::Id<model::Block>>;
  if (const auto id = contract::ObjectId::parse(text); id.ok()) return Place(from_id<model::Block>(*id));
  const auto prefix = ip::Prefix::parse(text);
  if (!prefix.ok()) return Error::field("/from", prefix.error().message);
  return Place(*prefix);
}

Result<void> add_space_filter(ListQuery& list, Services& services, const Call& call) {
  if (const auto name = call.query().find("space")) {
    const auto space = IPAM_TRY(services.planning.find_space(call.principal, *name));
    list.query.where.push_back({"space_id", store::Comparison::Equal, store::to_value(space.id)});
  }
  return {};
}

Result<void> add_server_filter(ListQuery& list, Services& services, const Call& call) {
  if (const auto name = call.query().find("server")) {
    const auto server = IPAM_TRY(services.inventory.find_server(call.principal, *name));
    list.query.where.push_back({"server_id", store::Comparison::Equal, store::to_value(server.id)});
  }
  return {};
}

io::Task<Result<Reply>> on_pool(Services* services, Result<Reply> (*read)(Services&, const Call&), Call call) {
  auto shared = std::make_shared<const Call>(std::move(call));  // shared with the pool, which may outlive a caller that leaves
  const auto read_page = [services, shared, read] { return read(*services, *shared); };
  co_return co_await services->database.run(read_page);
}

}  // namespace ipam::api
