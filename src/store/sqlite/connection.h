// Connection: one SQLite connection with its prepared statements. Errors as in store/store.h. Thread rule: one thread at a time.
#pragma once

#include "store/store.h"

#include <memory>
#include <string>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace ipam::store::sqlite {

// NewCopy: for copy_to; nothing of it is durable until it was closed and flushed.
enum class Access { ReadWrite, ReadOnly, NewCopy };

struct SqliteDeleter {
  void operator()(sqlite3* handle) const;
  void operator()(sqlite3_stmt* statement) const;
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, SqliteDeleter>;

class Connection {
 public:
  // `vfs` names a registered SQLite VFS; empty for the default.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Access access, const std::string& vfs);

  // Runs one or more statements without parameters.
  Result<void> run(const std::string& sql);
  // Prepares (or finds prepared) `sql`, binds and runs it. `on_row` may be empty.
  Result<void> query(std::string_view sql, std::span<const Value> parameters, const Reader::OnRow& on_row);
  // Copies everything that this connection sees into the empty database `to`; `told` as BackupProgress.
  Result<void> copy_to(Connection& to, const std::function<Result<void>(int percent)>& told);
  // From now on `go_on` is asked now and then while a statement runs; its error ends the statement, which then answers that.
  void while_busy(std::function<Result<void>()> go_on);
  // From now on a commit that leaves this many pages or more in the WAL copies them into the database file.
  void checkpoint_after(int pages);
  // Whether such copying failed to read, write or sync. Then this connection must not copy again, see checkpoint_after in connection.cpp.
  bool checkpoint_failed() const { return checkpoint_failed_; }
  // Rows that the last insert, update or delete changed.
  int changes() const;

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  using Statements = std::unordered_map<std::string, StatementHandle>;
  // Takes the statement of `sql` out of the cache; the caller puts it back after use.
  Result<Statements::node_type> take_statement(std::string_view sql);
  Result<void> run_statement(sqlite3_stmt* statement, std::string_view sql, std::span<const Value> parameters, const Reader::OnRow& on_row);
  Error error(std::string_view doing);
  void checkpoint();

  // Declared first: the statements must be finalized before the connection closes.
  std::unique_ptr<sqlite3, SqliteDeleter> handle_;
  Statements statements_;
  std::function<Result<void>()> while_busy_;
  std::optional<Error> stopped_;  // what while_busy_ answered
  int checkpoint_pages_ = 0;
  bool checkpoint_failed_ = false;
};

}  // namespace ipam::store::sqlite
