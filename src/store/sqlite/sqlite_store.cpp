#include "store/sqlite/sqlite_store.h"

#include "base/log.h"
#include "store/sqlite/migrations.h"

#include <fmt/format.h>

#include <filesystem>

namespace ipam::store::sqlite {
namespace {

constexpr std::size_t kIdleReaders = 8;

std::string insert_sql(const Table& table) {
  std::string columns, parameters;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    columns += fmt::format("{}{}", i == 0 ? "" : ", ", table.columns[i]);
    parameters += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
  }
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name, columns, parameters);
}

std::string put_sql(const Table& table) {
  std::string keys, assignments;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i < table.key_columns) {
      keys += fmt::format("{}{}", i == 0 ? "" : ", ", table.columns[i]);
    } else {
      assignments += fmt::format("{}{} = excluded.{}", assignments.empty() ? "" : ", ", table.columns[i], table.columns[i]);
    }
  }
  // A row that is all key is there already.
  const std::string action = assignments.empty() ? "NOTHING" : "UPDATE SET " + assignments;
  return fmt::format("{} ON CONFLICT ({}) DO {}", insert_sql(table), keys, action);
}

std::string key_clause(const Table& table) {
  std::string clause;
  for (std::size_t i = 0; i < table.key_columns; ++i) clause += fmt::format("{}{} = ${}", i == 0 ? " WHERE " : " AND ", table.columns[i], i + 1);
  if (table.versioned) clause += fmt::format(" AND revision = ${}", table.key_columns + 1);
  return clause;
}

// The key comes first in the parameters, because SQLite numbers them by first appearance: UPDATE … FROM (SELECT …) puts them there.
std::string update_sql(const Table& table) {
  std::string given, assignments, match;
  std::size_t parameter = 0;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    given += fmt::format("{}${} AS c{}", i == 0 ? "" : ", ", ++parameter, i);
    if (i >= table.key_columns) assignments += fmt::format("{}{} = given.c{}", assignments.empty() ? "" : ", ", table.columns[i], i);
    if (i < table.key_columns) match += fmt::format("{}{}.{} = given.c{}", i == 0 ? "" : " AND ", table.name, table.columns[i], i);
  }
  if (table.versioned) match += fmt::format(" AND {}.revision = ${}", table.name, ++parameter);
  return fmt::format("UPDATE {} SET {} FROM (SELECT {}) AS given WHERE {}", table.name, assignments, given, match);
}

struct TableSql {
  std::string insert, update, put, erase;
};

const TableSql& sql_of(const Table& table) {
  static Guarded<std::unordered_map<const Table*, TableSql>> cache;
  auto locked = cache.lock();
  auto found = locked->find(&table);
  if (found == locked->end()) {
    TableSql made{insert_sql(table), update_sql(table), put_sql(table), fmt::format("DELETE FROM {}{}", table.name, key_clause(table))};
    found = locked->emplace(&table, std::move(made)).first;
  }
  return found->second;  // unordered_map never moves its nodes
}

Result<void> apply(Connection& connection, const RowOperation& operation) {
  const TableSql& sql = sql_of(*operation.table);
  using Kind = RowOperation::Kind;
  if (operation.kind == Kind::Insert) return connection.query(sql.insert, operation.cells, {});
  if (operation.kind == Kind::Put) return connection.query(sql.put, operation.cells, {});
  std::vector<Value> cells = operation.cells;
  if (operation.table->versioned) cells.emplace_back(static_cast<std::int64_t>(operation.expected_revision));
  IPAM_TRY(connection.query(operation.kind == Kind::Update ? sql.update : sql.erase, cells, {}));
  const bool must_exist = operation.table->versioned || operation.kind == Kind::Update;
  if (must_exist && connection.changes() != 1) {
    return Error(ErrorCode::Conflict, "the object was changed or removed by someone else; read it again and repeat the change",
                 fmt::format("{}: expected revision {} is not there", operation.table->name, operation.expected_revision));
  }
  return {};
}

// Undoes an open transaction unless it was committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  ~Transaction() {
    if (!open_) return;
    // After some errors SQLite has rolled back by itself and answers that none is open: both are what we want.
    if (const auto result = connection_.run("ROLLBACK"); !result.ok()) log::debug("rollback", {{"answer", result.error().describe()}});
  }
  Result<void> begin() {
    IPAM_TRY(connection_.run("BEGIN IMMEDIATE"));
    open_ = true;
    return {};
  }
  Result<void> commit() {
    IPAM_TRY(connection_.run("COMMIT"));
    open_ = false;
    return {};
  }

 private:
  Connection& connection_;
  bool open_ = false;
};

// BEGIN alone takes no snapshot; the first read does.
Result<void> begin_snapshot(Connection& connection) {
  IPAM_TRY(connection.query("BEGIN", {}, {}));
  return connection.query("SELECT 1 FROM sqlite_schema LIMIT 1", {}, {});
}

Result<std::int64_t> schema_version(Connection& connection) {
  std::int64_t version = 0;
  IPAM_TRY(connection.query("PRAGMA user_version", {}, [&](const Row& row) -> Result<bool> {
    version = row.integer(0);
    return false;
  }));
  return version;
}

Result<void> migrate(Connection& connection) {
  const auto newest = static_cast<std::int64_t>(std::size(kMigrations));
  while (true) {
    const std::int64_t version = IPAM_TRY(schema_version(connection));
    if (version == newest) return {};
    if (version < 0 || version > newest) {
      return Error(ErrorCode::FailedPrecondition,
                   fmt::format("the database was written by a newer version (schema {}, this program knows {}); use that version", version, newest));
    }
    Transaction transaction(connection);
    IPAM_TRY(transaction.begin());
    // Another program may have been faster while this one waited for the lock.
    if (IPAM_TRY(schema_version(connection)) != version) continue;
    const Migration& migration = kMigrations[version];
    IPAM_TRY(connection.run(std::string(migration.sql)));
    IPAM_TRY(connection.run(fmt::format("PRAGMA user_version = {}", version + 1)));
    IPAM_TRY(transaction.commit());
    log::info("IPAM-3004 database schema changed", {{"migration", migration.name}});
  }
}

}  // namespace

// One snapshot: a read transaction on a connection of the pool, given back when the reader goes.
class SqliteReader final : public Reader {
 public:
  SqliteReader(SqliteStore& store, std::unique_ptr<Connection> connection) : store_(store), connection_(std::move(connection)) {}
  ~SqliteReader() override { store_.give_back(std::move(connection_)); }

  Result<void> query(std::string_view sql, std::span<const Value> parameters, const OnRow& on_row) override {
    return connection_->query(sql, parameters, on_row);
  }

 private:
  SqliteStore& store_;
  std::unique_ptr<Connection> connection_;
};

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const SqliteOptions& options) {
  auto writer = IPAM_TRY(Connection::open(options.path, Access::ReadWrite, options.vfs));
  writer->checkpoint_after(options.checkpoint_pages);
  IPAM_TRY(migrate(*writer));
  return std::unique_ptr<SqliteStore>(new SqliteStore(options, std::move(writer)));
}

Result<std::unique_ptr<Reader>> SqliteStore::open_reader() {
  std::unique_ptr<Connection> connection;
  {
    auto pool = readers_.lock();
    if (!pool->idle.empty()) {
      connection = std::move(pool->idle.back());
      pool->idle.pop_back();
    } else if (pool->open >= options_.max_readers) {
      return Error(ErrorCode::Overloaded, "too many reads of the database are under way; try again");
    }
    if (!connection) ++pool->open;
  }
  if (!connection) {
    auto opened = Connection::open(options_.path, Access::ReadOnly, options_.vfs);
    if (!opened.ok()) {
      --readers_.lock()->open;
      return std::move(opened).error();
    }
    connection = std::move(opened).value();
  }
  if (auto begun = begin_snapshot(*connection); !begun.ok()) {
    --readers_.lock()->open;
    return std::move(begun).error();
  }
  return std::unique_ptr<Reader>(new SqliteReader(*this, std::move(connection)));
}

void SqliteStore::give_back(std::unique_ptr<Connection> connection) {
  const bool clean = connection->query("COMMIT", {}, {}).ok();
  auto pool = readers_.lock();
  if (clean && pool->idle.size() < kIdleReaders) {
    pool->idle.push_back(std::move(connection));
  } else {
    --pool->open;
  }
}

Result<void> SqliteStore::commit(const WriteSet& writes) {
  auto writer = writer_.lock();
  if ((*writer)->checkpoint_failed()) {
    return Error(ErrorCode::Unavailable, "the disk failed under the database; nothing was changed. Check the disk and restart the server");
  }
  Transaction transaction(**writer);
  IPAM_TRY(transaction.begin());
  for (const RowOperation& operation : writes.operations) IPAM_TRY(apply(**writer, operation));
  return transaction.commit();
}

Result<std::uint64_t> SqliteStore::size_on_disk() {
  std::uint64_t size = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    const auto file = std::filesystem::file_size(options_.path + suffix, error);
    if (!error) size += file;
  }
  return size;
}

}  // namespace ipam::store::sqlite
