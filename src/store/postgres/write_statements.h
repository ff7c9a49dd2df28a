// The statements of a WriteSet: operations of one table and kind that follow each other become one statement over arrays (unnest).
//
// What depends on order keeps it: within a table an operation never passes one of another kind, nor one of the same row. Operations of different
// tables may pass each other, which nobody can see: references are checked at the end of the transaction. Thread rule: pure functions.
#pragma once

#include "client/sql/connection.h"
#include "store/store.h"

namespace ipam::store::postgres {

struct WriteStatement {
  client::sql::Statement statement;
  const Table* table = nullptr;
  std::size_t rows = 0;
  bool must_change_all = false;  // each of its rows must be there, else it is a conflict
  bool any_order = false;        // changes several rows that exist, in whatever order the server likes
};

enum class Merging { ByTable, RowByRow };

std::vector<WriteStatement> write_statements(const WriteSet& writes, Merging merging);

}  // namespace ipam::store::postgres
