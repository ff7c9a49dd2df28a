// LeafReader: one comparison of a query, as SQL with values or as a test of what is computed. Thread rule: one thread.
#pragma once

#include "service/search/query_tree.h"

namespace ipam::service::search {

struct Leaf {
  bool negated = false;  // what is meant is the contrary: != !~ not in, is not empty
  std::string sql;       // never null: in it a field that is empty equals nothing
  std::vector<store::Value> values;
  std::optional<ComputedTest> test;
};

class LeafReader {
 public:
  LeafReader(const QueriedKind& kind, const QueryWords& words) : kind_(kind), words_(words) {}

  Result<Leaf> read(const wire::query_text::Comparison& comparison) const;

 private:
  Result<Leaf> read_custom(const model::CustomField& field, const wire::query_text::Comparison& comparison) const;
  Result<Leaf> read_place(const wire::query_text::Comparison& comparison) const;
  Result<Leaf> read_computed(const QueryField& field, const wire::query_text::Comparison& comparison) const;
  Result<std::vector<std::string>> read_words(const QueryField& field, const wire::query_text::Comparison& comparison,
                                              wire::query_text::Operator op) const;
  Result<Leaf> read_expiry(const QueryField& field, const wire::query_text::Comparison& comparison) const;
  Result<Leaf> read_duplicate(const QueryField& field, const wire::query_text::Comparison& comparison) const;
  Result<Leaf> read_category(const QueryField& field, const wire::query_text::Comparison& comparison) const;
  Result<Leaf> read_list(const QueryField& field, const wire::query_text::Comparison& comparison) const;
  Result<Leaf> read_stored(const QueryField& field, const wire::query_text::Comparison& comparison) const;
  Result<store::Value> value_of(const QueryField& field, const wire::query_text::Value& value) const;
  Error unknown_field(const wire::query_text::Comparison& comparison) const;

  const QueriedKind& kind_;
  const QueryWords& words_;
};

}  // namespace ipam::service::search
