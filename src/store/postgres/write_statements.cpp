#include "store/postgres/write_statements.h"

#include <fmt/format.h>

#include <list>
#include <map>
#include <set>

namespace ipam::store::postgres {
namespace {

using client::sql::ArrayParameter;
using client::sql::Type;
using Kind = RowOperation::Kind;

// So that no statement's memory grows without a bound.
constexpr std::size_t kMaxRows = 10'000;

Type type_of(CellType cell) { return cell == CellType::Integer ? Type::Integer : cell == CellType::Text ? Type::Text : Type::Blob; }

std::string_view array_name(CellType cell) { return cell == CellType::Integer ? "bigint[]" : cell == CellType::Text ? "text[]" : "bytea[]"; }

// Rows of one table and kind that become one statement.
struct Group {
  const Table* table = nullptr;
  Kind kind = Kind::Put;
  std::vector<const RowOperation*> operations;
  std::set<std::vector<Value>> keys;
};

std::vector<Value> key_of(const RowOperation& operation) {
  const auto end = operation.cells.begin() + static_cast<std::ptrdiff_t>(std::min(operation.cells.size(), operation.table->key_columns));
  return {operation.cells.begin(), end};
}

std::list<Group> group(const WriteSet& writes, Merging merging) {
  std::list<Group> groups;
  std::map<const Table*, Group*> open;  // the newest group of each table
  for (const RowOperation& operation : writes.operations) {
    Group*& last = open[operation.table];
    std::vector<Value> key = key_of(operation);
    const bool joins = last != nullptr && merging == Merging::ByTable && last->kind == operation.kind && last->operations.size() < kMaxRows &&
                       !last->keys.contains(key);
    if (!joins) {
      groups.push_back({operation.table, operation.kind, {}, {}});
      last = &groups.back();
    }
    last->operations.push_back(&operation);
    last->keys.insert(std::move(key));
  }
  return groups;
}

std::string columns_of(const Table& table, std::string_view prefix = {}) {
  std::string list;
  for (const std::string_view column : table.columns) list += fmt::format("{}{}{}", list.empty() ? "" : ", ", prefix, column);
  return list;
}

// "unnest($1::bigint[], $2::text[]) AS given (id, name)"; for an erase the key columns, and the expected revision where there is one.
std::string given_of(const Table& table, std::size_t columns, bool expected) {
  std::string arrays, names;
  for (std::size_t i = 0; i < columns; ++i) {
    arrays += fmt::format("{}${}::{}", i == 0 ? "" : ", ", i + 1, array_name(table.types[i].cell));
    names += fmt::format("{}{}", i == 0 ? "" : ", ", table.columns[i]);
  }
  if (expected) {
    arrays += fmt::format(", ${}::bigint[]", columns + 1);
    names += ", expected_revision";
  }
  return fmt::format("unnest({}) AS given ({})", arrays, names);
}

std::string match_of(const Table& table) {
  std::string match;
  for (std::size_t i = 0; i < table.key_columns; ++i)
    match += fmt::format("{}target.{} = given.{}", i == 0 ? "" : " AND ", table.columns[i], table.columns[i]);
  if (table.versioned) match += " AND target.revision = given.expected_revision";
  return match;
}

std::string sql_of(const Table& table, Kind kind) {
  const std::size_t columns = table.columns.size();
  const auto assignments = [&](std::string_view from) {
    std::string list;
    for (std::size_t i = table.key_columns; i < columns; ++i)
      list += fmt::format("{}{} = {}.{}", list.empty() ? "" : ", ", table.columns[i], from, table.columns[i]);
    return list;
  };
  if (kind == Kind::Update) {
    return fmt::format("UPDATE {} AS target SET {} FROM {} WHERE {}", table.name, assignments("given"), given_of(table, columns, table.versioned),
                       match_of(table));
  }
  if (kind == Kind::Erase) {
    return fmt::format("DELETE FROM {} AS target USING {} WHERE {}", table.name, given_of(table, table.key_columns, table.versioned),
                       match_of(table));
  }
  std::string sql = fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", table.name, columns_of(table), columns_of(table, "given."),
                                given_of(table, columns, false));
  if (kind == Kind::Put) {
    std::string keys;
    for (std::size_t i = 0; i < table.key_columns; ++i) keys += fmt::format("{}{}", i == 0 ? "" : ", ", table.columns[i]);
    // A row that is all key is there already.
    const std::string action = columns == table.key_columns ? "NOTHING" : "UPDATE SET " + assignments("excluded");
    sql += fmt::format(" ON CONFLICT ({}) DO {}", keys, action);
  }
  return sql;
}

WriteStatement statement_of(const Group& group) {
  const Table& table = *group.table;
  WriteStatement made;
  made.table = &table;
  made.rows = group.operations.size();
  made.must_change_all = group.kind == Kind::Update || (group.kind == Kind::Erase && table.versioned);
  made.any_order = made.rows > 1 && (group.kind == Kind::Update || group.kind == Kind::Put);
  made.statement.sql = sql_of(table, group.kind);
  const std::size_t columns = group.kind == Kind::Erase ? table.key_columns : table.columns.size();
  for (std::size_t column = 0; column < columns; ++column) {
    ArrayParameter cells(type_of(table.types[column].cell));
    for (const RowOperation* operation : group.operations) cells.add(operation->cells[column]);
    made.statement.parameters.push_back(cells.finish());
  }
  if (table.versioned && (group.kind == Kind::Update || group.kind == Kind::Erase)) {
    ArrayParameter revisions(Type::Integer);
    for (const RowOperation* operation : group.operations) revisions.add(static_cast<std::int64_t>(operation->expected_revision));
    made.statement.parameters.push_back(revisions.finish());
  }
  return made;
}

}  // namespace

std::vector<WriteStatement> write_statements(const WriteSet& writes, Merging merging) {
  std::vector<WriteStatement> statements;
  for (const Group& each : group(writes, merging)) statements.push_back(statement_of(each));
  return statements;
}

}  // namespace ipam::store::postgres
