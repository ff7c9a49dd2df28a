#include "api/list_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::api {
namespace {

using store::Comparison;

struct Operator {
  std::string_view suffix;
  Comparison comparison;
  bool text_only;
};
constexpr std::array<Operator, 9> kOperators{{{"eq", Comparison::Equal, false},
                                              {"ne", Comparison::NotEqual, false},
                                              {"lt", Comparison::Less, false},
                                              {"lte", Comparison::LessOrEqual, false},
                                              {"gt", Comparison::Greater, false},
                                              {"gte", Comparison::GreaterOrEqual, false},
                                              {"contains", Comparison::Contains, true},
                                              {"startswith", Comparison::StartsWith, true},
                                              {"isnull", Comparison::IsNull, false}}};

Result<store::Value> read_value(FieldKind kind, std::string_view text) {
  switch (kind) {
    case FieldKind::Text: return store::Value(std::string(text));
    case FieldKind::Integer:
    case FieldKind::Id: {
      const auto number = parse_integer<std::int64_t>(text);
      if (!number) return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is not an integer", shorten(text, 40)));
      return store::Value(*number);
    }
    case FieldKind::Address: return store::to_value(IPAM_TRY(ip::Address::parse(text)));
    case FieldKind::Prefix: return store::to_value(IPAM_TRY(ip::Prefix::parse(text)));
    case FieldKind::HardwareAddress: return store::to_value(IPAM_TRY(ip::HardwareAddress::parse(text)));
    case FieldKind::Time: break;
  }
  return store::to_value(IPAM_TRY(parse_time(text)));
}

Error wrong(std::string_view parameter, const std::string& message) { return Error::field("/" + std::string(parameter), message); }

Result<std::size_t> read_limit(std::string_view text) {
  const auto limit = parse_integer<std::size_t>(text, 1, ListQuery::kMaxLimit);
  if (!limit) return wrong("limit", fmt::format("must be within 1 and {}", ListQuery::kMaxLimit));
  return *limit;
}

std::string sortable_names(std::span<const ListField> fields) {
  std::string known;
  for (const ListField& each : fields) {
    if (each.sortable != Sortable::No) known += (known.empty() ? "" : ", ") + std::string(each.name);
  }
  return known;
}

Result<void> read_sort(std::string_view text, std::span<const ListField> fields, bool has_utilization, ListQuery& list) {
  std::vector<store::SortKey>& keys = list.query.sort;
  keys.clear();
  list.by_utilization = ListQuery::ByUtilization::No;
  for (std::string_view name : split(text, ',')) {
    const bool descending = name.starts_with('-');
    if (descending) name.remove_prefix(1);
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const ListField& f) { return f.name == name && f.sortable != Sortable::No; });
    if (has_utilization && name == "utilization") {
      if (!keys.empty()) return wrong("sort", "utilization comes first, other fields behind it");
      list.by_utilization = descending ? ListQuery::ByUtilization::FullestFirst : ListQuery::ByUtilization::EmptiestFirst;
      continue;
    }
    if (field == fields.end()) {
      const std::string known = sortable_names(fields) + (has_utilization ? ", utilization" : "");
      return wrong("sort", fmt::format("cannot sort by '{}'; there are {}", shorten(name, 40), known));
    }
    keys.push_back({std::string(field->column), descending});
  }
  if (keys.size() > 4) return wrong("sort", "takes at most four fields");
  return {};
}

Result<store::Condition> read_filter(std::string_view parameter, std::string_view text, std::span<const ListField> fields) {
  const auto separator = parameter.find("__");
  const std::string_view name = parameter.substr(0, separator);
  const std::string_view suffix = separator == std::string_view::npos ? "eq" : parameter.substr(separator + 2);
  const auto field = std::find_if(fields.begin(), fields.end(), [&](const ListField& f) { return f.name == name; });
  if (field == fields.end()) {
    std::string known;
    for (const ListField& each : fields) known += (known.empty() ? "" : ", ") + std::string(each.name);
    return wrong(parameter, fmt::format("is not a parameter of this list; it can be filtered by {}", known));
  }
  const auto* op = std::find_if(kOperators.begin(), kOperators.end(), [&](const Operator& o) { return o.suffix == suffix; });
  if (op == kOperators.end() || (op->text_only && field->kind != FieldKind::Text)) {
    return wrong(parameter, fmt::format("'{}' is not an operator for this field", shorten(suffix, 20)));
  }
  store::Condition condition{std::string(field->column), op->comparison, {}};
  if (op->comparison == Comparison::IsNull) {
    if (text != "true" && text != "false") return wrong(parameter, "must be true or false");
    if (text == "false") condition.comparison = Comparison::IsNotNull;
    return condition;
  }
  const bool of_value = op->comparison == Comparison::Equal || op->comparison == Comparison::NotEqual;
  if (field->choices != nullptr && of_value && std::find(field->choices().begin(), field->choices().end(), text) == field->choices().end()) {
    return wrong(parameter, fmt::format("'{}' is not one of {}", shorten(text, 40), join(field->choices(), ", ")));
  }
  auto value = read_value(field->kind, text);
  if (!value.ok()) return wrong(parameter, value.error().message);
  condition.value = std::move(value).value();
  return condition;
}

// Nothing that is sorted by may be empty: where it would come is not said by anything.
Result<void> check_sort(const ListQuery& list, std::span<const ListField> fields) {
  for (const store::SortKey& key : list.query.sort) {
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const ListField& each) { return each.column == key.column; });
    if (field == fields.end() || field->sortable != Sortable::WhereSet) continue;
    const auto leaves_none = [&](const store::Condition& each) { return each.column == key.column && each.comparison != Comparison::IsNull; };
    if (std::none_of(list.query.where.begin(), list.query.where.end(), leaves_none)) {
      return wrong("sort", fmt::format("{0} is empty of some objects; add {0}__isnull=false to leave them out", field->name));
    }
  }
  return {};
}

Result<CustomFilter> read_custom_filter(std::string_view parameter, const std::string& text) {
  std::string_view name = parameter.substr(kCustomParameter.size());
  CustomFilter filter;
  filter.parameter = parameter;
  filter.text = text;
  if (const auto separator = name.rfind("__"); separator != std::string_view::npos) {
    const std::string_view suffix = name.substr(separator + 2);
    if (suffix == "isnull") {
      if (text != "true" && text != "false") return wrong(parameter, "must be true or false");
      filter.comparison = text == "true" ? Comparison::IsNull : Comparison::IsNotNull;
    } else if (suffix == "ne") {
      filter.comparison = Comparison::NotEqual;
    } else if (suffix == "contains") {
      filter.comparison = Comparison::Contains;
    } else if (suffix != "eq") {
      return wrong(parameter, fmt::format("'{}' is not an operator for a custom field; there are eq, ne, contains, isnull", shorten(suffix, 20)));
    }
    name = name.substr(0, separator);
  }
  filter.field = name;
  return filter;
}

}  // namespace

Result<ListQuery> read_list_query(const wire::http1::Query& parameters, std::span<const ListField> fields, std::span<const std::string_view> handled,
                                  std::span<const std::string_view> order) {
  ListQuery list;
  list.query.limit = ListQuery::kDefaultLimit;
  const bool has_utilization = std::find(handled.begin(), handled.end(), kSortByUtilization) != handled.end();
  for (const auto& [name, value] : parameters) {
    if (name == "limit") {
      list.query.limit = IPAM_TRY(read_limit(value));
    } else if (name == "cursor") {
      list.query.after = IPAM_TRY(store::read_cursor(value));
    } else if (name == "sort") {
      IPAM_TRY(read_sort(value, fields, has_utilization, list));
    } else if (name == "count") {
      if (value != "exact") return wrong("count", "must be exact");
      list.count_exact = true;
    } else if (name.starts_with(kCustomParameter) && std::find(handled.begin(), handled.end(), kCustomParameter) != handled.end()) {
      list.custom.push_back(IPAM_TRY(read_custom_filter(name, value)));
    } else if (std::find(handled.begin(), handled.end(), name) == handled.end()) {
      list.query.where.push_back(IPAM_TRY(read_filter(name, value, fields)));
    }
  }
  IPAM_TRY(check_sort(list, fields));
  if (list.query.sort.empty()) {
    for (const std::string_view column : order) list.query.sort.push_back({std::string(column), false});
  }
  return list;
}

}  // namespace ipam::api
