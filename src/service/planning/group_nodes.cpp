#include "service/planning/group_nodes.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using model::GroupedKind;
using store::Comparison;

constexpr std::size_t kAtOnce = 1'000;

// The objects below a node, as conditions.
Result<std::vector<store::Condition>> below(const FieldCatalog& catalog, const model::LogicalGroup& group, std::string_view type,
                                            const std::vector<std::string>& way) {
  std::vector<store::Condition> where;
  for (std::size_t i = 0; i < way.size(); ++i) {
    const store::Value field = store::to_value(group.fields[i]);
    if (way[i].empty()) {
      constexpr std::string_view kHasNone = "id NOT IN (SELECT object_id FROM custom_use WHERE field_id = ? AND object_type = ?)";
      where.push_back({std::string(kHasNone), Comparison::Holds, {}, {field, std::string(type)}});
      continue;
    }
    const model::CustomFieldValue* value = catalog.find_value(group.fields[i], way[i]);
    if (value == nullptr) return Error::field("/node", fmt::format("'{}' is no value of the group's field {}", shorten(way[i], 60), i + 1));
    constexpr std::string_view kHas = "id IN (SELECT object_id FROM custom_use WHERE field_id = ? AND object_type = ? AND value = ?)";
    where.push_back({std::string(kHas), Comparison::Holds, {}, {field, std::string(type), value->id.to_string()}});
  }
  return where;
}

template <class T>
Result<std::vector<GroupNode>> nodes_of(store::Store& store, const PlanningService& planning, const FieldCatalog& catalog,
                                        const model::LogicalGroup& group, const std::vector<std::string>& way) {
  const model::Id<model::CustomField> field = group.fields[way.size()];
  store::Query query;
  query.where = IPAM_TRY(below(catalog, group, model::type_name<T>(), way));
  query.limit = kAtOnce;
  std::map<std::string, GroupNode> nodes;
  OverlapReader overlaps = planning.overlaps();
  while (true) {
    const auto reader = IPAM_TRY(store.open_reader());
    const auto page = IPAM_TRY(store::list<T>(*reader, query));
    for (const T& object : page.items) {
      const std::string* value = model::find_custom(object.custom, field);
      const model::CustomField* known = catalog.find_field(field);
      const std::string text = value == nullptr || known == nullptr ? std::string() : catalog.text_of(*known, *value);
      GroupNode& node = nodes[text];
      node.value = text;
      ++node.objects;
      if constexpr (std::is_same_v<T, model::Range>) {
        // What ranges share counts once.
        if (!IPAM_TRY(overlaps.read(object)).use_for_utilization) continue;
      }
      if constexpr (requires { planning.usage(object); }) add(node.usage, planning.usage(object));
    }
    if (page.next_cursor.empty()) break;
    query.after = IPAM_TRY(store::read_cursor(page.next_cursor));
  }
  std::vector<GroupNode> all;
  for (auto& [text, node] : nodes) all.push_back(std::move(node));
  return all;
}

template <class T>
Result<std::vector<std::uint64_t>> members_of(store::Store& store, PlanningService& planning, const FieldCatalog& catalog,
                                              const model::LogicalGroup& group, const std::vector<std::string>& way, std::size_t limit) {
  store::Query query;
  query.where = IPAM_TRY(below(catalog, group, model::type_name<T>(), way));
  query.limit = limit + 1;
  const auto reader = IPAM_TRY(store.open_reader());
  const auto page = IPAM_TRY(store::list<T>(*reader, query));
  if (page.items.size() > limit) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("there are more than {} objects below this node; ask of one below it", limit));
  }
  OverlapReader overlaps = planning.overlaps();
  std::vector<std::uint64_t> ids;
  for (const T& object : page.items) {
    if constexpr (std::is_same_v<T, model::Range>) {
      if (!IPAM_TRY(overlaps.read(object)).use_for_utilization) continue;
    }
    ids.push_back(object.id.value);
  }
  return ids;
}

}  // namespace

Result<std::vector<std::uint64_t>> group_members(store::Store& store, PlanningService& planning, const Principal& principal,
                                                 const model::LogicalGroup& group, const std::vector<std::string>& way, std::size_t limit) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  if (way.size() > group.fields.size()) return Error::field("/node", fmt::format("the group has {} fields", group.fields.size()));
  const auto catalog = IPAM_TRY(planning.fields().catalog());
  if (group.kind == GroupedKind::Subnet) return members_of<model::Subnet>(store, planning, *catalog, group, way, limit);
  if (group.kind == GroupedKind::Range) return members_of<model::Range>(store, planning, *catalog, group, way, limit);
  return Error(ErrorCode::FailedPrecondition, "only subnets and ranges have a utilization over time");
}

Result<std::vector<GroupNode>> group_nodes(store::Store& store, PlanningService& planning, const Principal& principal,
                                           const model::LogicalGroup& group, const std::vector<std::string>& way) {
  IPAM_TRY(authorize(principal, group.kind == GroupedKind::ManagedServer ? Operation::ReadServers : Operation::ReadAddressPlan));
  if (way.size() >= group.fields.size()) {
    return Error::field("/node", fmt::format("the group has {} fields, so its last nodes lie {} deep", group.fields.size(), group.fields.size()));
  }
  const auto catalog = IPAM_TRY(planning.fields().catalog());
  switch (group.kind) {
    case GroupedKind::Subnet: return nodes_of<model::Subnet>(store, planning, *catalog, group, way);
    case GroupedKind::Range: return nodes_of<model::Range>(store, planning, *catalog, group, way);
    case GroupedKind::Address: return nodes_of<model::Address>(store, planning, *catalog, group, way);
    case GroupedKind::ManagedServer: break;
  }
  return nodes_of<model::ManagedServer>(store, planning, *catalog, group, way);
}

}  // namespace ipam::service
