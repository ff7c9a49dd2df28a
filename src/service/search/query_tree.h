// QueryTree: a query of one kind of object, understood: conditions of the store, and tests of what only the index knows (utilization).
//
// A tree without such tests is one condition. With them, may_hold() is a condition for all rows that can match whatever the tests say, and holds()
// the exact one once they are known. A field that is empty is never equal, less or greater, so `not` of that holds. Errors: InvalidArgument, with the
// column in the query: fields that there are not, values that a field cannot have. Thread rule: plain values.
#pragma once

#include "service/fields/field_catalog.h"
#include "service/search/query_fields.h"
#include "store/query.h"
#include "wire/query_text/expression.h"

#include <functional>

namespace ipam::service::search {

// A comparison of something computed.
struct ComputedTest {
  Computed what = Computed::Utilization;
  wire::query_text::Operator op = wire::query_text::Operator::Equal;  // never a negative one
  std::vector<double> numbers;
  std::vector<std::string> words;  // of Status, Overlap and Mapped

  bool holds(double number) const;
  bool holds(std::string_view word) const;
};

struct QueryNode {
  enum class Kind : std::uint8_t { Constant, Sql, Computed, Not, And, Or };
  Kind kind = Kind::Constant;
  bool constant = true;
  std::string sql;  // each ? is the next value; never null
  std::vector<store::Value> values;
  std::size_t test = 0;  // position in QueryTree::tests
  std::vector<QueryNode> parts;

  bool operator==(const QueryNode&) const = default;
};

struct QueryTree {
  QueryNode root;
  std::vector<ComputedTest> tests;

  bool is_computed() const { return !tests.empty(); }
  QueryNode may_hold() const;
  // `truths`: of the tests, in their order.
  QueryNode holds(const std::vector<bool>& truths) const;
};

// A tree without tests as a condition; none when it holds always.
std::vector<store::Condition> conditions_of(const QueryNode& node);

struct QueryWords {
  std::shared_ptr<const FieldCatalog> fields;
  // The id of the space with this name. Errors: InvalidArgument.
  std::function<Result<std::int64_t>(std::string_view)> space;
  Time now{};
  Duration expiry_alert = kDefaultExpiryAlert;
};

struct QueriedKind {
  std::string_view type;  // model::type_name
  std::span<const QueryField> fields;
  std::string_view first_column;
  std::string_view last_column;
  bool has_place = false;
};

Result<QueryTree> understand(const wire::query_text::Expression& expression, const QueriedKind& kind, const QueryWords& words);

}  // namespace ipam::service::search
