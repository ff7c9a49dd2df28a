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

service::Wanted wanted_of(const wire::http1::Query& query, const ListQuery& list) {
  const auto text = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = query.find(name);
    if (!found) return std::nullopt;
    return std::string(*found);
  };
  using Order = service::Wanted::Order;
  service::Wanted wanted{text("query"), text("q")};
  if (list.by_utilization == ListQuery::ByUtilization::FullestFirst) wanted.order = Order::FullestFirst;
  if (list.by_utilization == ListQuery::ByUtilization::EmptiestFirst) wanted.order = Order::EmptiestFirst;
  return wanted;
}

Result<std::function<Result<void>(model::CustomValues&)>> custom_change(Services& services,
                                                                        const std::optional<contract::CustomFieldChanges>& changes) {
  using Edit = std::function<Result<void>(model::CustomValues&)>;
  if (!changes) return Edit([](model::CustomValues&) -> Result<void> { return {}; });
  const auto catalog = IPAM_TRY(services.planning.fields().catalog());
  return Edit([catalog, named = *changes](model::CustomValues& values) { return catalog->apply(values, named); });
}

Result<void> set_custom_fields(Services& services, model::CustomValues& values, const std::optional<contract::CustomFieldTexts>& texts) {
  if (!texts) return {};
  const contract::CustomFieldChanges changes(texts->begin(), texts->end());
  const auto change = IPAM_TRY(custom_change(services, changes));
  return change(values);
}

Result<void> add_custom_filters(ListQuery& list, Services& services, std::string_view object_type) {
  if (list.custom.empty()) return {};
  const auto catalog = IPAM_TRY(services.planning.fields().catalog());
  const std::string type(object_type);
  for (const CustomFilter& filter : list.custom) {
    const auto wrong = [&](const std::string& message) { return Error::field("/" + filter.parameter, message); };
    const model::CustomField* field = catalog->find_field(filter.field);
    if (field == nullptr) return wrong("there is no custom field '" + shorten(filter.field, 60) + "'");
    const store::Value id = store::to_value(field->id);
    const auto add = [&](std::string_view condition, std::vector<store::Value> values) {
      list.query.where.push_back({std::string(condition), store::Comparison::Holds, {}, std::move(values)});
    };
    constexpr std::string_view kHasValue = "id IN (SELECT object_id FROM custom_use WHERE field_id = ? AND object_type = ? AND value = ?)";
    constexpr std::string_view kHasOther = "id NOT IN (SELECT object_id FROM custom_use WHERE field_id = ? AND object_type = ? AND value = ?)";
    constexpr std::string_view kHasAny = "id IN (SELECT object_id FROM custom_use WHERE field_id = ? AND object_type = ?)";
    constexpr std::string_view kHasNone = "id NOT IN (SELECT object_id FROM custom_use WHERE field_id = ? AND object_type = ?)";
    constexpr std::string_view kContains =
        "id IN (SELECT object_id FROM custom_use WHERE field_id = ? AND object_type = ? AND value LIKE ? ESCAPE '\\')";
    switch (filter.comparison) {
      case store::Comparison::IsNull: add(kHasNone, {id, type}); break;
      case store::Comparison::IsNotNull: add(kHasAny, {id, type}); break;
      case store::Comparison::Contains: {
        if (field->kind == model::CustomFieldKind::Choice) return wrong("a choice is compared as a whole");
        add(kContains, {id, type, store::contains_pattern(filter.text)});
        break;
      }
      default: {
        auto value = catalog->value_of(*field, filter.text);
        if (!value.ok()) return wrong(value.error().message);
        add(filter.comparison == store::Comparison::Equal ? kHasValue : kHasOther, {id, type, std::move(value).value()});
      }
    }
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
