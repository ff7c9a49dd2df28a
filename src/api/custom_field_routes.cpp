#include "api/fields.h"
#include "contract/custom_field.h"
#include "service/planning/group_nodes.h"

#include <fmt/format.h>

#include <array>

namespace ipam::api {
namespace {

using model::CustomField;
using model::CustomFieldAssociation;
using model::CustomFieldValue;
using model::LogicalGroup;
using service::FieldCatalog;

constexpr std::array kFieldFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"},
                                  ListField{"kind", "kind", FieldKind::Text, Sortable::Yes, choices_of<model::CustomFieldKind>}};
constexpr std::array kValueFields{ListField{"id", "id", FieldKind::Id}, ListField{"text", "text"}, ListField{"field_id", "field_id", FieldKind::Id}};
constexpr std::array kGroupFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"},
                                  ListField{"kind", "kind", FieldKind::Text, Sortable::Yes, choices_of<model::GroupedKind>}};
constexpr std::array kAssociationFields{ListField{"id", "id", FieldKind::Id}};
constexpr std::array<std::string_view, 1> kField{"field"};
constexpr std::array<std::string_view, 1> kByName{"name"};
constexpr std::array<std::string_view, 2> kByFieldAndText{"field_id", "text"};

// What differs between the resources: the handlers below are the same for all.
template <service::FieldObject T>
struct Resource;

std::string name_of(const FieldCatalog& catalog, model::Id<CustomField> id) {
  const CustomField* field = catalog.find_field(id);
  return field != nullptr ? field->name : std::string();
}

Result<model::Id<CustomField>> field_named(const FieldCatalog& catalog, std::string_view pointer, const std::string& name) {
  if (const CustomField* field = catalog.find_field(name)) return field->id;
  return Error::field(std::string(pointer), fmt::format("there is no custom field '{}'", shorten(name, 60)));
}

template <>
struct Resource<CustomField> {
  static constexpr std::string_view kPath = "/api/v1/custom_fields";
  static constexpr const auto& kFields = kFieldFields;
  static constexpr std::array<std::string_view, 0> kHandled{};
  static constexpr const auto& kOrder = kByName;
  using Answer = contract::CustomField;
  using Patch = contract::CustomFieldPatch;

  static Answer convert(const FieldCatalog& catalog, const CustomField& field) {
    Answer answer;
    answer.id = to_id(field.id);
    answer.name = field.name;
    answer.kind = convert_enum<contract::CustomFieldKind>(field.kind);
    answer.built_in = field.built_in != 0;
    for (const CustomFieldValue* value : catalog.values_of(field.id)) answer.values.push_back(value->text);
    answer.description = field.description;
    return answer;
  }
  static std::function<Result<void>(CustomField&)> change(const std::shared_ptr<const FieldCatalog>& /*catalog*/, const Patch& body) {
    return [body](CustomField& field) -> Result<void> {
      patch(field.name, body.name);
      patch(field.description, body.description);
      return {};
    };
  }
};

template <>
struct Resource<CustomFieldValue> {
  static constexpr std::string_view kPath = "/api/v1/custom_field_values";
  static constexpr const auto& kFields = kValueFields;
  static constexpr const auto& kHandled = kField;
  static constexpr const auto& kOrder = kByFieldAndText;
  using Answer = contract::CustomFieldValue;
  using Patch = contract::CustomFieldValuePatch;

  static Answer convert(const FieldCatalog& catalog, const CustomFieldValue& value) {
    return {to_id(value.id), to_id(value.field_id), name_of(catalog, value.field_id), value.text, value.built_in};
  }
  static std::function<Result<void>(CustomFieldValue&)> change(const std::shared_ptr<const FieldCatalog>& /*catalog*/, const Patch& body) {
    return [body](CustomFieldValue& value) -> Result<void> {
      value.text = body.text;
      return {};
    };
  }
};

Result<std::vector<model::ValuePair>> pairs_of(const FieldCatalog& catalog, const CustomFieldAssociation& association,
                                               const std::vector<std::vector<std::string>>& texts) {
  std::vector<model::ValuePair> pairs;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string pointer = fmt::format("/pairs/{}", i);
    if (texts[i].size() != 2) return Error::field(pointer, "must be two texts: a value of the first field and one of the second");
    const CustomFieldValue* first = catalog.find_value(association.first_field_id, texts[i][0]);
    const CustomFieldValue* second = catalog.find_value(association.second_field_id, texts[i][1]);
    if (first == nullptr) {
      return Error::field(pointer, fmt::format("'{}' is no value of {}", shorten(texts[i][0], 60), name_of(catalog, association.first_field_id)));
    }
    if (second == nullptr) {
      return Error::field(pointer, fmt::format("'{}' is no value of {}", shorten(texts[i][1], 60), name_of(catalog, association.second_field_id)));
    }
    pairs.push_back({first->id, second->id});
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

template <>
struct Resource<CustomFieldAssociation> {
  static constexpr std::string_view kPath = "/api/v1/custom_field_associations";
  static constexpr const auto& kFields = kAssociationFields;
  static constexpr std::array<std::string_view, 0> kHandled{};
  static constexpr std::array<std::string_view, 0> kOrder{};
  using Answer = contract::CustomFieldAssociation;
  using Patch = contract::CustomFieldAssociationPatch;

  static Answer convert(const FieldCatalog& catalog, const CustomFieldAssociation& association) {
    Answer answer;
    answer.id = to_id(association.id);
    answer.first_field = name_of(catalog, association.first_field_id);
    answer.second_field = name_of(catalog, association.second_field_id);
    for (const model::ValuePair& pair : association.pairs) {
      const CustomFieldValue* first = catalog.find_value(pair.first);
      const CustomFieldValue* second = catalog.find_value(pair.second);
      if (first != nullptr && second != nullptr) answer.pairs.push_back({first->text, second->text});
    }
    return answer;
  }
  static std::function<Result<void>(CustomFieldAssociation&)> change(const std::shared_ptr<const FieldCatalog>& catalog, const Patch& body) {
    return [catalog, body](CustomFieldAssociation& association) -> Result<void> {
      association.pairs = IPAM_TRY(pairs_of(*catalog, association, body.pairs));
      return {};
    };
  }
};

Result<std::vector<model::Id<CustomField>>> fields_named(const FieldCatalog& catalog, const std::vector<std::string>& names) {
  std::vector<model::Id<CustomField>> fields;
  for (std::size_t i = 0; i < names.size(); ++i) fields.push_back(IPAM_TRY(field_named(catalog, fmt::format("/fields/{}", i), names[i])));
  return fields;
}

template <>
struct Resource<LogicalGroup> {
  static constexpr std::string_view kPath = "/api/v1/logical_groups";
  static constexpr const auto& kFields = kGroupFields;
  static constexpr std::array<std::string_view, 0> kHandled{};
  static constexpr const auto& kOrder = kByName;
  using Answer = contract::LogicalGroup;
  using Patch = contract::LogicalGroupPatch;

  static Answer convert(const FieldCatalog& catalog, const LogicalGroup& group) {
    Answer answer{to_id(group.id), group.name, convert_enum<contract::GroupedKind>(group.kind), {}, group.built_in, group.description};
    for (const model::Id<CustomField> field : group.fields) answer.fields.push_back(name_of(catalog, field));
    return answer;
  }
  static std::function<Result<void>(LogicalGroup&)> change(const std::shared_ptr<const FieldCatalog>& catalog, const Patch& body) {
    return [catalog, body](LogicalGroup& group) -> Result<void> {
      patch(group.name, body.name);
      patch(group.description, body.description);
      if (body.fields) group.fields = IPAM_TRY(fields_named(*catalog, *body.fields));
      return {};
    };
  }
};

template <service::FieldObject T>
Result<Reply> reply_with(Services& services, const T& object, int status = 200) {
  const auto catalog = IPAM_TRY(services.planning.fields().catalog());
  Reply reply = Reply::json(Resource<T>::convert(*catalog, object), status);
  reply.with_revision(object.revision);
  if (status == 201) reply.with("Location", std::string(Resource<T>::kPath) + "/" + object.id.to_string());
  return reply;
}

template <service::FieldObject T>
Result<Reply> list_page(Services& services, const Call& call) {
  using R = Resource<T>;
  ListQuery list = IPAM_TRY(read_list_query(call.query(), R::kFields, R::kHandled, R::kOrder));
  const auto catalog = IPAM_TRY(services.planning.fields().catalog());
  if (const auto name = call.query().find("field")) {
    list.query.where.push_back(
        {"field_id", store::Comparison::Equal, store::to_value(IPAM_TRY(field_named(*catalog, "/field", std::string(*name))))});
  }
  const auto page = IPAM_TRY(services.planning.fields().list<T>(call.principal, list.query));
  auto answer = to_list<typename R::Answer>(page, [&](const T& object) { return R::convert(*catalog, object); });
  IPAM_TRY(add_total<T>(services, list, answer.total));
  return Reply::json(answer);
}

template <service::FieldObject T>
io::Task<Result<Reply>> get(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<T>());
  IPAM_CO_TRY(const T object, services->planning.fields().get<T>(call.principal, id));
  co_return reply_with(*services, object);
}

template <service::FieldObject T>
io::Task<Result<Reply>> finish(Services* services, ledger::Written<T> written, int status) {
  IPAM_CO_TRY(Reply reply, reply_with(*services, written.value, status));
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> create_field(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::CustomFieldCreate>());
  CustomField field;
  field.name = body.name;
  if (body.kind) field.kind = convert_enum<model::CustomFieldKind>(*body.kind);
  field.description = body.description.value_or("");
  const std::vector<std::string> values = body.values.value_or(std::vector<std::string>{});
  // A field with values is a choice, without saying so.
  if (!body.kind && !values.empty()) field.kind = model::CustomFieldKind::Choice;
  IPAM_CO_TRY(const auto written, co_await services->planning.fields().create_field(call.principal, field, values, call.change));
  co_return co_await finish(services, written, 201);
}

io::Task<Result<Reply>> create_value(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::CustomFieldValueCreate>());
  IPAM_CO_CHECK(service::authorize(call.principal, service::Operation::ChangeCustomFields));
  IPAM_CO_TRY(const auto catalog, services->planning.fields().catalog());
  CustomFieldValue value;
  IPAM_CO_TRY(value.field_id, field_named(*catalog, "/field", body.field));
  value.text = body.text;
  IPAM_CO_TRY(const auto written, co_await services->planning.fields().create(call.principal, value, call.change));
  co_return co_await finish(services, written, 201);
}

io::Task<Result<Reply>> create_association(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::CustomFieldAssociationCreate>());
  IPAM_CO_CHECK(service::authorize(call.principal, service::Operation::ChangeCustomFields));
  IPAM_CO_TRY(const auto catalog, services->planning.fields().catalog());
  CustomFieldAssociation association;
  IPAM_CO_TRY(association.first_field_id, field_named(*catalog, "/first_field", body.first_field));
  IPAM_CO_TRY(association.second_field_id, field_named(*catalog, "/second_field", body.second_field));
  IPAM_CO_TRY(association.pairs, pairs_of(*catalog, association, body.pairs));
  IPAM_CO_TRY(const auto written, co_await services->planning.fields().create(call.principal, association, call.change));
  co_return co_await finish(services, written, 201);
}

io::Task<Result<Reply>> create_group(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::LogicalGroupCreate>());
  IPAM_CO_CHECK(service::authorize(call.principal, service::Operation::ChangeCustomFields));
  IPAM_CO_TRY(const auto catalog, services->planning.fields().catalog());
  LogicalGroup group;
  group.name = body.name;
  group.kind = convert_enum<model::GroupedKind>(body.kind);
  group.description = body.description.value_or("");
  IPAM_CO_TRY(group.fields, fields_named(*catalog, body.fields));
  IPAM_CO_TRY(const auto written, co_await services->planning.fields().create(call.principal, group, call.change));
  co_return co_await finish(services, written, 201);
}

// ?node=Europe&node=Berlin: the nodes below that one.
Result<Reply> list_nodes(Services& services, const Call& call) {
  std::vector<std::string> way;
  for (const auto& [name, value] : call.query()) {
    if (name != "node") return Error::field("/" + name, "is not a parameter of this request; there is node, once for each level from the top");
    way.push_back(value);
  }
  const LogicalGroup group = IPAM_TRY(services.planning.fields().get<LogicalGroup>(call.principal, IPAM_TRY(call.id<LogicalGroup>())));
  const bool is_counted = group.kind == model::GroupedKind::Subnet || group.kind == model::GroupedKind::Range;
  contract::List<contract::GroupNode> answer;
  for (const service::GroupNode& node : IPAM_TRY(service::group_nodes(services.store, services.planning, call.principal, group, way))) {
    answer.items.push_back({node.value, node.objects, way.size() + 1 == group.fields.size(), std::nullopt});
    if (is_counted) answer.items.back().utilization = convert(node.usage, services.planning.thresholds());
  }
  return Reply::json(answer);
}

template <service::FieldObject T>
io::Task<Result<Reply>> update(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<T>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto body, call.body<typename Resource<T>::Patch>());
  IPAM_CO_TRY(const auto catalog, services->planning.fields().catalog());
  std::function<Result<void>(T&)> edit = Resource<T>::change(catalog, body);
  IPAM_CO_TRY(const auto written, co_await services->planning.fields().update<T>(call.principal, id, expected, std::move(edit), call.change));
  co_return co_await finish(services, written, 200);
}

template <service::FieldObject T>
io::Task<Result<Reply>> erase(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<T>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto sequence, co_await services->planning.fields().erase<T>(call.principal, id, expected, call.change));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

template <service::FieldObject T>
void add(Routes& routes, Services& services) {
  Services* const all = &services;
  const std::string path(Resource<T>::kPath);
  routes.add("GET", path, [all](Call call) { return on_pool(all, list_page<T>, std::move(call)); });
  routes.add("GET", path + "/{id}", [all](Call call) { return get<T>(all, std::move(call)); });
  routes.add(
      "PATCH", path + "/{id}", [all](Call call) { return update<T>(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "DELETE", path + "/{id}", [all](Call call) { return erase<T>(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace

void add_custom_field_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  add<CustomField>(routes, services);
  add<CustomFieldValue>(routes, services);
  add<CustomFieldAssociation>(routes, services);
  add<LogicalGroup>(routes, services);
  routes.add(
      "POST", "/api/v1/logical_groups", [all](Call call) { return create_group(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/logical_groups/{id}/nodes", [all](Call call) { return on_pool(all, list_nodes, std::move(call)); });
  routes.add(
      "POST", "/api/v1/custom_fields", [all](Call call) { return create_field(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "POST", "/api/v1/custom_field_values", [all](Call call) { return create_value(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "POST", "/api/v1/custom_field_associations", [all](Call call) { return create_association(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace ipam::api
