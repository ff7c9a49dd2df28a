#include "service/planning/place_conditions.h"

#include "model/address_category.h"

#include <fmt/format.h>

namespace ipam::service {

using store::Comparison;
using store::Condition;

void add_within(std::vector<Condition>& where, std::string_view column, Place place, const ip::Prefix& prefix) {
  const std::string name(column);
  const bool addresses = place == Place::Address;
  const ip::Prefix last = ip::Prefix::containing(prefix.last(), ip::bit_count(prefix.family()));
  where.push_back({name, Comparison::GreaterOrEqual, addresses ? store::to_value(prefix.first()) : store::to_value(prefix)});
  where.push_back({name, Comparison::LessOrEqual, addresses ? store::to_value(prefix.last()) : store::to_value(last)});
}

Result<Condition> in_category(std::string_view column, Place place, std::string_view category) {
  const auto known = model::enum_from_text<model::AddressCategory>(category);
  if (!known) return Error(ErrorCode::InvalidArgument, fmt::format("must be one of {}", model::enum_choices<model::AddressCategory>()));
  std::vector<store::Value> values;
  const auto inside = [&](const ip::Prefix& prefix) {
    std::vector<Condition> bounds;
    add_within(bounds, column, place, prefix);
    for (const Condition& bound : bounds) values.push_back(bound.value);
    return fmt::format("({0} >= ? AND {0} <= ?)", column);
  };
  std::string condition;
  for (const model::CategorySpan& span : model::spans_of(*known)) {
    condition += (condition.empty() ? "" : " OR ") + inside(span.within);
    for (const ip::Prefix& except : span.except) condition += " AND NOT " + inside(except);
  }
  return Condition{condition.empty() ? std::string("1 = 0") : condition, Comparison::Holds, {}, std::move(values)};
}

Condition containing(std::string_view column, const ip::Prefix& inside) {
  Condition condition{std::string(column), Comparison::In, {}};
  for (int length = 0; length <= inside.length(); ++length)
    condition.values.push_back(store::to_value(ip::Prefix::containing(inside.first(), length)));
  return condition;
}

}  // namespace ipam::service
