// Query: which rows of one table, in which order, from where on. Values are always bound; column names are checked against the table, so that no text
// of a caller reaches SQL. Paging is by key (the last row seen), never by offset. Thread rule: plain values.
#pragma once

#include "store/table.h"

namespace ipam::store {

// Contains and StartsWith are of text and ignore the case of ASCII letters. Rows whose field is null match IsNull alone. Holds: in place of a column
// stands a whole condition in SQL, a constant of this program, in which each ? stands for the next one of `values`.
enum class Comparison { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Contains, StartsWith, IsNull, IsNotNull, In, Holds };

struct Condition {
  std::string column;
  Comparison comparison = Comparison::Equal;
  Value value;                     // of the column's type, never null
  std::vector<Value> values = {};  // of In and Holds
};

// For a condition that Holds: the pattern of " LIKE ? ESCAPE '\\'" that finds the text anywhere.
std::string contains_pattern(std::string_view text);

struct SortKey {
  std::string column;  // must not be nullable, unless a condition leaves no row with null
  bool descending = false;
};

struct Query {
  std::vector<Condition> where;
  std::vector<SortKey> sort;  // the primary key is appended, so that the order is total
  std::size_t limit = 50;
  std::vector<Value> after;  // the sort cells (primary key included) of the last row of the page before
};

struct SqlText {
  std::string sql;
  std::vector<Value> parameters;
};

// Errors: InvalidArgument naming the column that the table lacks, that cannot hold the value, or that may be null and so gives no order; and for
// `after` cells that are not of this order.
Result<SqlText> select_sql(const Table& table, const Query& query);
Result<SqlText> count_sql(const Table& table, const std::vector<Condition>& where);
// The columns by which `query` is ordered, the primary key included.
std::vector<SortKey> total_order(const Table& table, const Query& query);

// A cursor as callers see it: opaque text of the sort cells of the last row. Only exactly what write_cursor gives is read. Errors: InvalidArgument.
std::string write_cursor(const std::vector<Value>& cells);
Result<std::vector<Value>> read_cursor(std::string_view cursor);

}  // namespace ipam::store
