// The query parameters of a list: limit, cursor, sort, count and filters by field, made into a query of the store.
//
//   ?limit=100&sort=-name&name__contains=lab&state=in_use
//
// A filter is a field's name with an operator suffix: none or __eq (equals), __ne, __lt, __lte, __gt, __gte, __contains, __startswith, __isnull.
// A parameter that the list does not know is refused: a misspelt filter must not answer everything. Thread rule: pure functions.
#pragma once

#include "store/store.h"
#include "wire/http1/query.h"

#include <span>

namespace ipam::api {

enum class FieldKind { Text, Integer, Id, Address, Prefix, HardwareAddress, Time };
// WhereSet: by a filter that leaves no object without it.
enum class Sortable { Yes, No, WhereSet };

// The texts of an enumeration's values.
template <model::DescribedEnum E>
const std::vector<std::string>& choices_of() {
  static const std::vector<std::string> choices = [] {
    std::vector<std::string> texts;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
        [&](auto enumerator) { texts.push_back(model::enum_to_text(enumerator.value)); });
    return texts;
  }();
  return choices;
}

// One field of a list that callers may filter by, and perhaps sort by. Enumerators are text, of which equality takes only those that there are.
struct ListField {
  std::string_view name;    // in the API
  std::string_view column;  // in the store
  FieldKind kind = FieldKind::Text;
  Sortable sortable = Sortable::Yes;
  const std::vector<std::string>& (*choices)() = nullptr;  // choices_of<E> for an enumeration
};

// A parameter custom.NAME, such as custom.Region=Emea: whose names mean something only beside the fields that there are.
inline constexpr std::string_view kCustomParameter = "custom.";
// In `handled`: the list can be sorted by utilization, which is no column, before its other fields.
inline constexpr std::string_view kSortByUtilization = "sort.utilization";

struct CustomFilter {
  std::string parameter;
  std::string field;
  store::Comparison comparison = store::Comparison::Equal;  // NotEqual, Contains, IsNull, IsNotNull
  std::string text;
};

struct ListQuery {
  static constexpr std::size_t kDefaultLimit = 50;
  static constexpr std::size_t kMaxLimit = 1'000;

  store::Query query;
  bool count_exact = false;
  std::vector<CustomFilter> custom = {};
  enum class ByUtilization { No, FullestFirst, EmptiestFirst };
  ByUtilization by_utilization = ByUtilization::No;  // before query.sort
};

// `handled` names the parameters that the list itself understands beyond its fields, kCustomParameter among them where its objects have custom
// fields. `order` are the columns by which the list is sorted when the caller does not say: what a person expects, and what an index gives. Errors:
// InvalidArgument, with "/<parameter>" as pointer.
Result<ListQuery> read_list_query(const wire::http1::Query& parameters, std::span<const ListField> fields, std::span<const std::string_view> handled,
                                  std::span<const std::string_view> order = {});

}  // namespace ipam::api
