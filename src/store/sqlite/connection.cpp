#include "store/sqlite/connection.h"

#include "base/log.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace ipam::store::sqlite {
namespace {

constexpr int kBusyMilliseconds = 2'000;
constexpr std::size_t kMaxStatements = 256;

class StatementRow final : public Row {
 public:
  explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string_view text(int column) const override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text == nullptr ? std::string_view() : std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }
  ByteView blob(int column) const override {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    return bytes == nullptr ? ByteView() : ByteView(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }

 private:
  sqlite3_stmt* statement_;
};

int bind(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, index, *integer);
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  if (const auto* bytes = std::get_if<Bytes>(&value)) {
    // A null pointer would bind NULL: an empty blob needs an address.
    return sqlite3_bind_blob64(statement, index, bytes->empty() ? static_cast<const void*>("") : bytes->data(), bytes->size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, index);
}

}  // namespace

void SqliteDeleter::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
void SqliteDeleter::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access, const std::string& vfs) {
  sqlite3* handle = nullptr;
  const int flags = (access == Access::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  std::unique_ptr<Connection> connection(new Connection(handle));
  if (code != SQLITE_OK) {
    return Error(ErrorCode::Unavailable, fmt::format("the database {} cannot be opened; check that its folder exists and may be written", path),
                 handle == nullptr ? "no memory" : sqlite3_errmsg(handle));
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  // FULL: a commit is on the disk when it answers. The cache is per connection, in KiB when negative.
  IPAM_TRY(connection->run("PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;"));
  if (access == Access::NewCopy) IPAM_TRY(connection->run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"));
  if (access == Access::ReadWrite) {
    IPAM_TRY(connection->run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;"));
  }
  return connection;
}

Result<void> Connection::run(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return error(sql.substr(0, 60));
  return {};
}

Result<Connection::Statements::node_type> Connection::take_statement(std::string_view sql) {
  std::string key(sql);
  if (auto found = statements_.extract(key)) return found;
  if (statements_.size() >= kMaxStatements) statements_.clear();
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return error(sql);
  }
  return statements_.extract(statements_.emplace(std::move(key), StatementHandle(statement)).first);
}

// The statement is out of the cache while it runs, so that a query made by `on_row`, be it of the same text, neither resets nor evicts it.
Result<void> Connection::query(std::string_view sql, std::span<const Value> parameters, const Reader::OnRow& on_row) {
  auto statement = IPAM_TRY(take_statement(sql));
  auto result = run_statement(statement.mapped().get(), sql, parameters, on_row);
  sqlite3_reset(statement.mapped().get());
  sqlite3_clear_bindings(statement.mapped().get());
  statements_.insert(std::move(statement));
  return result;
}

Result<void> Connection::run_statement(sqlite3_stmt* statement, std::string_view sql, std::span<const Value> parameters,
                                       const Reader::OnRow& on_row) {
  IPAM_ASSERT(sqlite3_bind_parameter_count(statement) == static_cast<int>(parameters.size()), std::string(sql));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (bind(statement, static_cast<int>(i) + 1, parameters[i]) != SQLITE_OK) return error(sql);
  }
  const StatementRow row(statement);
  while (true) {
    const int code = sqlite3_step(statement);
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return error(sql);
    if (on_row && !IPAM_TRY(on_row(row))) return {};
  }
}

// SQLite's own checkpoints go unheard when they fail, and that can lose data: one that a reader stops half-way counts its pages as copied before they
// are synced. When the sync of a later one fails, the kernel may have dropped those pages, and no retry writes them again; the WAL starts over and
// they are gone. So after a failure the WAL must stay as it is until the database is opened anew, which copies all of it from the start.
void Connection::checkpoint_after(int pages) {
  checkpoint_pages_ = pages;
  const auto hook = [](void* connection, sqlite3*, const char*, int pages_in_wal) {
    auto& self = *static_cast<Connection*>(connection);
    if (pages_in_wal >= self.checkpoint_pages_) self.checkpoint();
    return SQLITE_OK;  // whatever comes of it, the commit is done
  };
  sqlite3_wal_hook(handle_.get(), hook, this);
}

void Connection::checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if ((code & 0xFF) != SQLITE_IOERR) return;  // busy or full: nothing is lost, the next commit tries again
  checkpoint_failed_ = true;
  sqlite3_wal_hook(handle_.get(), nullptr, nullptr);
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  log::error("IPAM-3005 the disk failed under the database; no more is written until the server is restarted",
             {{"detail", error("checkpoint").detail}});
}

Result<void> Connection::copy_to(Connection& to, const std::function<Result<void>(int percent)>& told) {
  constexpr int kPages = 2'000;
  struct Finish {
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
  };
  std::unique_ptr<sqlite3_backup, Finish> backup(sqlite3_backup_init(to.handle_.get(), "main", handle_.get(), "main"));
  if (!backup) return to.error("backup");
  IPAM_TRY(told(0));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup.get(), kPages);
    const int pages = std::max(sqlite3_backup_pagecount(backup.get()), 1);
    if (code == SQLITE_OK) IPAM_TRY(told(static_cast<int>(std::int64_t{100} * (pages - sqlite3_backup_remaining(backup.get())) / pages)));
  }
  // The error is kept in the target when the copying is finished.
  code = sqlite3_backup_finish(backup.release());
  if (code != SQLITE_OK) return to.error("backup");
  return {};
}

void Connection::while_busy(std::function<Result<void>()> go_on) {
  constexpr int kInstructions = 1'000'000;
  while_busy_ = std::move(go_on);
  const auto hook = [](void* connection) {
    auto& self = *static_cast<Connection*>(connection);
    auto answer = self.while_busy_();
    if (answer.ok()) return 0;
    self.stopped_ = std::move(answer).error();
    return 1;
  };
  sqlite3_progress_handler(handle_.get(), kInstructions, hook, this);
}

int Connection::changes() const { return sqlite3_changes(handle_.get()); }

Error Connection::error(std::string_view doing) {
  if (stopped_) return *std::exchange(stopped_, std::nullopt);
  const int code = sqlite3_extended_errcode(handle_.get());
  const std::string detail = fmt::format("SQLite {} ({}) in: {}", code, sqlite3_errmsg(handle_.get()), doing);
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return {ErrorCode::AlreadyExists, "an object with the same key exists already", detail};
    case SQLITE_CONSTRAINT_FOREIGNKEY: return {ErrorCode::Conflict, "an object that this one refers to is gone, or others still refer to it", detail};
    default: break;
  }
  switch (code & 0xFF) {
    case SQLITE_FULL: return {ErrorCode::Unavailable, "the database's disk is full; nothing was changed. Free some space and try again", detail};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorCode::Unavailable, "the database is locked by another program; nothing was changed. Try again", detail};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL: return {ErrorCode::Unavailable, "the database cannot be read or written at the moment; the server's log says why", detail};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {ErrorCode::Unavailable, "the database file is damaged; restore it from a backup", detail};
    default: return {ErrorCode::Internal, "the database refused a statement", detail};
  }
}

}  // namespace ipam::store::sqlite
