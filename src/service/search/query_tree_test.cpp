#include "service/search/query_tree.h"

#include "wire/query_text/parser.h"

#include <gmock/gmock.h>

namespace ipam::service::search {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class QueryTrees : public testing::Test {
 protected:
  QueryTree read(std::string_view text) {
    const QueriedKind subnets{"subnet", query_fields<model::Subnet>(), "prefix", "prefix", true};
    const QueryWords words{std::make_shared<const FieldCatalog>(), {}, {}};
    return understand(wire::query_text::parse(text).value(), subnets, words).value();
  }
  static std::string sql(const QueryNode& node) {
    const auto conditions = conditions_of(node);
    return conditions.empty() ? "always" : conditions.front().column;
  }
};

TEST_F(QueryTrees, AQueryOfStoredFieldsIsOneConditionWithBoundValues) {
  const auto tree = read("name = \"x'; drop\" or not (owner ~ a and vsid > 3)");
  EXPECT_FALSE(tree.is_computed());
  const auto conditions = conditions_of(tree.root);
  ASSERT_THAT(conditions, SizeIs(1));
  EXPECT_EQ(conditions.front().column, "((name IN (?)) OR NOT ((owner LIKE ? ESCAPE '\\') AND (vsid IS NOT NULL AND vsid > ?)))");
  EXPECT_THAT(conditions.front().values, SizeIs(3));
}

TEST_F(QueryTrees, WhatMayHoldLeavesOutNoRowThatCanMatch) {
  EXPECT_EQ(sql(read("utilization > 80").may_hold()), "always");
  EXPECT_EQ(sql(read("not utilization > 80").may_hold()), "always");
  EXPECT_EQ(sql(read("utilization > 80 and name = a").may_hold()), "(name IN (?))");
  EXPECT_EQ(sql(read("utilization > 80 or name = a").may_hold()), "always");
  EXPECT_EQ(sql(read("not (utilization > 80 or name = a)").may_hold()), "NOT (name IN (?))");
  EXPECT_EQ(sql(read("not (utilization > 80 and name = a)").may_hold()), "always");
}

TEST_F(QueryTrees, WhatHoldsIsExactOnceTheTestsAreKnown) {
  const auto either = read("utilization > 80 or name = a");
  EXPECT_EQ(sql(either.holds({true})), "always");
  EXPECT_EQ(sql(either.holds({false})), "(name IN (?))");
  const auto none = read("not (used = 1 or free = 2)");
  EXPECT_EQ(sql(none.holds({false, false})), "always");
  EXPECT_EQ(sql(none.holds({false, true})), "1 = 0");
  EXPECT_EQ(none.may_hold().kind, QueryNode::Kind::Constant);
}

TEST_F(QueryTrees, ATestComparesNumbersAndWords) {
  const auto tree = read("utilization >= 80% and free in (1, 2) and status = over");
  ASSERT_THAT(tree.tests, SizeIs(3));
  EXPECT_TRUE(tree.tests[0].holds(static_cast<double>(80)));
  EXPECT_FALSE(tree.tests[0].holds(static_cast<double>(79.9)));
  EXPECT_TRUE(tree.tests[1].holds(static_cast<double>(2)));
  EXPECT_FALSE(tree.tests[1].holds(static_cast<double>(3)));
  EXPECT_TRUE(tree.tests[2].holds(std::string_view("over")));
  EXPECT_FALSE(tree.tests[2].holds(std::string_view("under")));
}

}  // namespace
}  // namespace ipam::service::search
