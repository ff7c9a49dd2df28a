#include "service/search/query_tree.h"

#include "service/search/query_leaf.h"

#include <fmt/format.h>

namespace ipam::service::search {
namespace {

using wire::query_text::Expression;
using wire::query_text::Kind;
using wire::query_text::Operator;
using NodeKind = QueryNode::Kind;

QueryNode constant(bool value) {
  QueryNode node;
  node.constant = value;
  return node;
}

QueryNode negation(QueryNode part) {
  if (part.kind == NodeKind::Constant) return constant(!part.constant);
  QueryNode node;
  node.kind = NodeKind::Not;
  node.parts.push_back(std::move(part));
  return node;
}

// Without parts that say nothing.
QueryNode combination(NodeKind kind, std::vector<QueryNode> parts) {
  const bool decisive = kind == NodeKind::Or;
  std::vector<QueryNode> kept;
  for (QueryNode& part : parts) {
    if (part.kind != NodeKind::Constant) {
      kept.push_back(std::move(part));
    } else if (part.constant == decisive) {
      return constant(decisive);
    }
  }
  if (kept.empty()) return constant(!decisive);
  if (kept.size() == 1) return std::move(kept.front());
  QueryNode node;
  node.kind = kind;
  node.parts = std::move(kept);
  return node;
}

// The tree with each test in place of which `truth(test, negated)` says what it is.
QueryNode replaced(const QueryNode& node, const std::function<bool(std::size_t, bool)>& truth, bool negated = false) {
  switch (node.kind) {
    case NodeKind::Computed: return constant(truth(node.test, negated));
    case NodeKind::Not: return negation(replaced(node.parts.front(), truth, !negated));
    case NodeKind::And:
    case NodeKind::Or: {
      std::vector<QueryNode> parts;
      for (const QueryNode& part : node.parts) parts.push_back(replaced(part, truth, negated));
      return combination(node.kind, std::move(parts));
    }
    default: return node;
  }
}

void write_sql(const QueryNode& node, std::string& sql, std::vector<store::Value>& values) {
  switch (node.kind) {
    case NodeKind::Constant: sql += node.constant ? "1 = 1" : "1 = 0"; return;
    case NodeKind::Sql:
      sql += "(" + node.sql + ")";
      values.insert(values.end(), node.values.begin(), node.values.end());
      return;
    case NodeKind::Not:
      sql += "NOT ";
      write_sql(node.parts.front(), sql, values);
      return;
    default: break;
  }
  sql += "(";
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    if (i > 0) sql += node.kind == NodeKind::And ? " AND " : " OR ";
    write_sql(node.parts[i], sql, values);
  }
  sql += ")";
}

class Understanding {
 public:
  Understanding(const QueriedKind& kind, const QueryWords& words) : leaves_(kind, words) {}

  Result<QueryNode> node_of(const Expression& expression) {
    if (expression.kind == Kind::Comparison) {
      Leaf leaf = IPAM_TRY(leaves_.read(expression.comparison));
      QueryNode node;
      if (leaf.test) {
        node.kind = NodeKind::Computed;
        node.test = tests.size();
        tests.push_back(*std::move(leaf.test));
      } else {
        node.kind = NodeKind::Sql;
        node.sql = std::move(leaf.sql);
        node.values = std::move(leaf.values);
      }
      return leaf.negated ? negation(std::move(node)) : std::move(node);
    }
    std::vector<QueryNode> parts;
    for (const Expression& part : expression.parts) parts.push_back(IPAM_TRY(node_of(part)));
    if (expression.kind == Kind::Not) return negation(std::move(parts.front()));
    return combination(expression.kind == Kind::And ? NodeKind::And : NodeKind::Or, std::move(parts));
  }

  std::vector<ComputedTest> tests;

 private:
  LeafReader leaves_;
};

bool compares(Operator op, double left, double right) {
  switch (op) {
    case Operator::Less: return left < right;
    case Operator::LessOrEqual: return left <= right;
    case Operator::Greater: return left > right;
    case Operator::GreaterOrEqual: return left >= right;
    default: return left == right;
  }
}

}  // namespace

bool ComputedTest::holds(std::string_view word) const { return std::find(words.begin(), words.end(), word) != words.end(); }

bool ComputedTest::holds(double number) const {
  return std::any_of(numbers.begin(), numbers.end(), [&](double wanted) { return compares(op, number, wanted); });
}

QueryNode QueryTree::may_hold() const {
  return replaced(root, [](std::size_t, bool negated) { return !negated; });
}

QueryNode QueryTree::holds(const std::vector<bool>& truths) const {
  return replaced(root, [&](std::size_t test, bool) { return truths[test]; });
}

std::vector<store::Condition> conditions_of(const QueryNode& node) {
  if (node.kind == NodeKind::Constant && node.constant) return {};
  store::Condition condition{{}, store::Comparison::Holds, {}};
  write_sql(node, condition.column, condition.values);
  return {condition};
}

Result<QueryTree> understand(const Expression& expression, const QueriedKind& kind, const QueryWords& words) {
  Understanding understanding(kind, words);
  QueryTree tree;
  tree.root = IPAM_TRY(understanding.node_of(expression));
  tree.tests = std::move(understanding.tests);
  return tree;
}

}  // namespace ipam::service::search
