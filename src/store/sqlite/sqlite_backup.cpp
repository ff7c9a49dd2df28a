#include "store/sqlite/sqlite_backup.h"

#include "base/file.h"
#include "base/log.h"
#include "store/sqlite/sqlite_store.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace ipam::store::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSuffixes[] = {"", "-wal", "-shm", "-journal"};

fs::path with(const fs::path& path, std::string_view suffix) { return fs::path(path.string() + std::string(suffix)); }

// A database that nobody uses, with all of its files.
void remove_database(const fs::path& path) {
  for (const char* suffix : kSuffixes) {
    std::error_code ignored;
    fs::remove(with(path, suffix), ignored);
  }
}

class ConnectionReader final : public Reader {
 public:
  explicit ConnectionReader(Connection& connection) : connection_(connection) {}
  Result<void> query(std::string_view sql, std::span<const Value> parameters, const OnRow& on_row) override {
    return connection_.query(sql, parameters, on_row);
  }

 private:
  Connection& connection_;
};

Error damaged(const fs::path& file, std::string_view what) {
  return {ErrorCode::FailedPrecondition, fmt::format("the backup {} is damaged: {}", file.filename().string(), what)};
}

// The one text that a pragma answers.
Result<std::string> ask(Connection& connection, std::string_view sql) {
  std::string answer;
  IPAM_TRY(connection.query(sql, {}, [&](const Row& row) -> Result<bool> {
    answer = row.text(0);
    return false;
  }));
  return answer;
}

// One file without a WAL, which can be read where nothing can be written.
Result<void> make_plain(const fs::path& file) {
  {
    const auto connection = IPAM_TRY(Connection::open(file, Access::ReadWrite, {}));
    if (IPAM_TRY(ask(*connection, "PRAGMA journal_mode = DELETE")) != "delete") {
      return Error(ErrorCode::Unavailable, fmt::format("{} is used by another program", file.string()));
    }
  }
  return flush_file(file);
}

fs::path restoring(const fs::path& database) { return with(database, ".restoring"); }
fs::path restored(const fs::path& database) { return with(database, ".restored"); }

// A name that is free, for a database that is put aside now.
fs::path kept_name(const fs::path& database) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const std::string stem = fmt::format("{}.replaced-{:%Y%m%dT%H%M%SZ}", database.string(), fmt::gmtime(now));
  fs::path name = stem;
  for (int i = 2; fs::exists(name); ++i) name = fmt::format("{}-{}", stem, i);
  return name;
}

// The last steps: the database is at its name when it answers, whichever of them had been made before.
Result<void> take_over(const fs::path& database, const fs::path& kept) {
  std::error_code ignored;
  // A WAL belongs to the database that goes: beside the new one, SQLite would take it for that one's.
  if (fs::exists(with(database, "-wal"))) IPAM_TRY(move_file(with(database, "-wal"), with(kept, "-wal")));
  fs::remove(with(database, "-shm"), ignored);
  return move_file(restored(database), database);
}

class RestoredFile final : public RestoredDatabase {
 public:
  RestoredFile(fs::path database, std::unique_ptr<SqliteStore> store)
      : database_(std::move(database)), kept_(fs::exists(database_) ? kept_name(database_) : fs::path()), store_(std::move(store)) {}
  ~RestoredFile() override {
    store_.reset();
    remove_database(restoring(database_));
  }

  Store& store() override { return *store_; }

  std::string kept_at() const override { return kept_.string(); }

  Result<void> put_in_place() override {
    store_.reset();
    IPAM_TRY(make_plain(restoring(database_)));
    IPAM_TRY(move_file(restoring(database_), restored(database_)));
    if (!kept_.empty()) IPAM_TRY(move_file(database_, kept_));
    return take_over(database_, kept_.empty() ? kept_name(database_) : kept_);
  }

 private:
  const fs::path database_;
  const fs::path kept_;
  std::unique_ptr<SqliteStore> store_;
};

Result<void> check_database(const fs::path& file, const OnJournalRecord& on_record, const BackupProgress& progress) {
  const auto connection = IPAM_TRY(Connection::open(file, Access::ReadOnly, {}));
  connection->while_busy([&] { return progress(0); });
  const std::string integrity = IPAM_TRY(ask(*connection, "PRAGMA integrity_check(1)"));
  if (integrity != "ok") return damaged(file, integrity);
  const std::string orphans = IPAM_TRY(ask(*connection, "PRAGMA foreign_key_check"));
  if (!orphans.empty()) return damaged(file, fmt::format("a row of table {} refers to one that is not there", orphans));
  ConnectionReader reader(*connection);
  const std::uint64_t records = std::max<std::uint64_t>(IPAM_TRY(count(reader, table<model::JournalRecord>(), {})), 1);
  std::uint64_t done = 0;
  return for_each<model::JournalRecord>(reader, {.sort = {{.column = "sequence"}}}, [&](const model::JournalRecord& record) -> Result<bool> {
    IPAM_TRY(on_record(record));
    if (++done % 1'000 == 0) IPAM_TRY(progress(static_cast<int>(100 * done / records)));
    return true;
  });
}

}  // namespace

Result<void> SqliteBackup::back_up(const fs::path& to, const OnSnapshot& on_snapshot, const BackupProgress& progress) {
  const auto source = IPAM_TRY(Connection::open(database_, Access::ReadOnly, {}));
  IPAM_TRY(source->run("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1"));
  ConnectionReader snapshot(*source);
  IPAM_TRY(on_snapshot(snapshot));
  {
    const auto target = IPAM_TRY(Connection::open(to, Access::NewCopy, {}));
    IPAM_TRY(source->copy_to(*target, progress));
  }
  return make_plain(to);
}

Result<void> SqliteBackup::check(const fs::path& file, const OnJournalRecord& on_record, const BackupProgress& progress) {
  if (!fs::exists(file)) return Error(ErrorCode::NotFound, fmt::format("there is no file {}", file.string()));
  auto checked = check_database(file, on_record, progress);
  // What SQLite cannot read of a file that nobody else uses.
  if (!checked.ok() && checked.error().code == ErrorCode::Unavailable) return damaged(file, checked.error().detail);
  return checked;
}

Result<std::unique_ptr<RestoredDatabase>> SqliteBackup::restore_beside(const fs::path& file, const BackupProgress& progress) {
  remove_database(restoring(database_));
  IPAM_TRY(copy_file(file, restoring(database_), [&](std::string_view, std::uint64_t done, std::uint64_t size) {
    return progress(static_cast<int>(100 * done / std::max<std::uint64_t>(size, 1)));
  }));
  auto store = IPAM_TRY(SqliteStore::open({.path = restoring(database_)}));
  return std::unique_ptr<RestoredDatabase>(new RestoredFile(database_, std::move(store)));
}

Result<void> SqliteBackup::finish_interrupted() {
  remove_database(restoring(database_));
  if (!fs::exists(restored(database_))) return {};
  if (fs::exists(database_)) {  // cut short before the first step
    remove_database(restored(database_));
    return {};
  }
  log::warning("IPAM-3012 a restore was cut short in its last step; it is completed now", {{"database", database_.string()}});
  fs::path kept;  // the newest
  const fs::path folder = database_.has_parent_path() ? database_.parent_path() : fs::path(".");
  const std::string begin = database_.filename().string() + ".replaced-";
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(begin) && !name.ends_with("-wal")) kept = std::max(kept, entry.path());
  }
  if (kept.empty()) kept = kept_name(database_);
  return take_over(database_, kept);
}

}  // namespace ipam::store::sqlite
