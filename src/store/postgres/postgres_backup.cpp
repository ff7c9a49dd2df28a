#include "store/postgres/postgres_backup.h"

#include "base/file.h"
#include "io/child_process.h"
#include "store/postgres/journal_dump.h"
#include "store/postgres/postgres_reader.h"
#include "store/postgres/schema.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace ipam::store::postgres {
namespace {

using client::sql::Connection;
using client::sql::ConnectOptions;
using client::sql::Rows;

constexpr const char* kPrograms = "/usr/lib/postgresql/*/bin";
constexpr const char* kPackage = "postgresql-client";
constexpr const char* kRestoring = "ipam_restoring";
constexpr const char* kAside = "ipam_aside";

// A name in SQL (postgresql.org/docs/15/sql-syntax-lexical.html, 4.1.1).
std::string identifier(std::string_view name) {
  std::string text = "\"";
  for (const char letter : name) text += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return text + '"';
}

ConnectOptions connect_options(const PostgresOptions& options, bool read_only) {
  ConnectOptions made;
  made.url = options.url;
  made.password = options.password;
  made.application_name = "ipamd " + options.node;
  made.statement_timeout = Duration::zero();
  made.read_only = read_only;
  return made;
}

io::ChildOptions tool(const PostgresOptions& options, std::string program, std::vector<std::string> arguments) {
  io::ChildOptions child{std::move(program), std::move(arguments), {{"PGAPPNAME", "ipamd " + options.node}}};
  if (!options.password.empty()) child.environment.emplace_back("PGPASSWORD", options.password.reveal());
  return child;
}

Result<Rows> ask(Connection& connection, const PostgresOptions& options, std::string_view sql) {
  return connection.query(sql, {}, io::Deadline::after(options.write_timeout));
}

// The servers that use the database beside this one, with a comma between them.
Result<void> check_alone(Connection& connection, const PostgresOptions& options) {
  const Rows others = IPAM_TRY(ask(connection, options,
                                   "SELECT DISTINCT split_part(application_name, ' ', 2) FROM pg_stat_activity WHERE datname = current_database() "
                                   "AND application_name LIKE 'ipamd %' AND split_part(application_name, ' ', 2) <> "
                                   "split_part(current_setting('application_name'), ' ', 2)"));
  std::string names;
  for (std::size_t i = 0; i < others.size(); ++i) names += (names.empty() ? "" : ", ") + std::string(others.text(i, 0));
  if (names.empty()) return {};
  return Error(ErrorCode::FailedPrecondition, fmt::format("other servers use this database: {}; stop them, and restore then", names));
}

std::string kept_name() {
  const auto now = std::chrono::system_clock::now();
  const auto part = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() % 1'000'000;
  return fmt::format("replaced_{:%Y%m%d_%H%M%S}_{:06}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), part);
}

class RestoredSchema final : public RestoredDatabase {
 public:
  RestoredSchema(PostgresOptions options, std::string schema, std::unique_ptr<PostgresStore> store)
      : options_(std::move(options)), schema_(std::move(schema)), kept_(kept_name()), store_(std::move(store)) {}
  ~RestoredSchema() override {
    store_.reset();
    // One that cannot be dropped now is dropped by the next restore.
    auto connection = Connection::open(connect_options(options_, false), io::Deadline::after(options_.patience));
    if (connection.ok())
      (void)(*connection)->run(fmt::format("DROP SCHEMA IF EXISTS {} CASCADE", kRestoring), io::Deadline::after(options_.write_timeout));
  }

  Store& store() override { return *store_; }
  std::string kept_at() const override { return fmt::format("schema {} of the database (DROP SCHEMA {} CASCADE removes it)", kept_, kept_); }

  Result<void> put_in_place() override {
    store_.reset();
    const auto connection = IPAM_TRY(Connection::open(connect_options(options_, false), io::Deadline::after(options_.patience)));
    IPAM_TRY(check_alone(*connection, options_));
    return connection->run(
        fmt::format("BEGIN; ALTER SCHEMA {0} RENAME TO {1}; ALTER SCHEMA {2} RENAME TO {0}; COMMIT", identifier(schema_), kept_, kRestoring),
        io::Deadline::after(options_.write_timeout));
  }

 private:
  const PostgresOptions options_;
  const std::string schema_;  // of the database in use
  const std::string kept_;    // its name afterwards
  std::unique_ptr<PostgresStore> store_;
};

}  // namespace

Result<void> PostgresBackup::back_up(const std::filesystem::path& to, const OnSnapshot& on_snapshot, const BackupProgress& progress) {
  const std::string program = IPAM_TRY(io::find_program("pg_dump", kPrograms, kPackage));
  // A session of its own, which may be idle in its transaction for as long as the dump takes.
  const auto prepare = [](Connection& connection, const io::Deadline& deadline) { return check_schema(connection, deadline); };
  client::sql::Pool pool(connect_options(options_, true), 1, prepare);
  const auto snapshot = IPAM_TRY(PostgresReader::begin(pool, options_.patience, options_.write_timeout));
  std::string name, schema;
  IPAM_TRY(snapshot->query("SELECT pg_export_snapshot(), current_schema()::text LIMIT 1", {}, [&](const Row& row) -> Result<bool> {
    name = row.text(0);
    schema = row.text(1);
    return false;
  }));
  IPAM_TRY(on_snapshot(*snapshot));
  const auto go_on = [&] { return progress(0); };
  const auto dump =
      IPAM_TRY(io::ChildProcess::start(tool(options_, program,
                                            {"--format=custom", "--no-owner", "--no-privileges", "--no-password", "--schema=" + identifier(schema),
                                             "--snapshot=" + name, "--file=" + to.string(), "--dbname=" + options_.url})));
  IPAM_TRY(dump->finish(go_on));
  return flush_file(to);
}

Result<void> PostgresBackup::check(const std::filesystem::path& file, const OnJournalRecord& on_record, const BackupProgress& progress) {
  if (!std::filesystem::exists(file)) return Error(ErrorCode::NotFound, fmt::format("there is no file {}", file.string()));
  const auto damaged = [&](const Error& error) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("the backup {} is damaged: {}", file.filename().string(), error.message), error.detail);
  };
  const std::string program = IPAM_TRY(io::find_program("pg_restore", kPrograms, kPackage));
  const auto go_on = [&] { return progress(0); };
  const auto restore = IPAM_TRY(io::ChildProcess::start({program, {"--file=-", file.string()}}));
  JournalDump dump(on_record);
  while (const auto piece = IPAM_TRY(restore->read(go_on))) {
    if (auto taken = dump.take(*piece); !taken.ok()) return taken.error().code == ErrorCode::Malformed ? damaged(taken.error()) : taken;
  }
  if (const auto ended = restore->finish(go_on); !ended.ok()) return damaged(ended.error());
  if (const auto whole = dump.finish(); !whole.ok()) return damaged(whole.error());
  return {};
}

Result<void> PostgresBackup::check_restorable() {
  IPAM_TRY(io::find_program("psql", kPrograms, kPackage));
  const auto connection = IPAM_TRY(Connection::open(connect_options(options_, false), io::Deadline::after(options_.patience)));
  return check_alone(*connection, options_);
}

Result<std::unique_ptr<RestoredDatabase>> PostgresBackup::restore_beside(const std::filesystem::path& file, const BackupProgress& progress) {
  const std::string pg_restore = IPAM_TRY(io::find_program("pg_restore", kPrograms, kPackage));
  const std::string psql = IPAM_TRY(io::find_program("psql", kPrograms, kPackage));
  const auto connection = IPAM_TRY(Connection::open(connect_options(options_, false), io::Deadline::after(options_.patience)));
  IPAM_TRY(check_alone(*connection, options_));
  const Rows current = IPAM_TRY(ask(*connection, options_, "SELECT current_schema()::text"));
  const std::string schema(current.text(0, 0));

  // The archive names its schema; for as long as it is restored, the one in use steps aside. Nobody else sees that: it is one transaction.
  const auto go_on = [&] { return progress(0); };
  const auto script =
      IPAM_TRY(io::ChildProcess::start({pg_restore, {"--no-owner", "--no-privileges", "--schema=" + schema, "--file=-", file.string()}}));
  const auto target = IPAM_TRY(io::ChildProcess::start(
      tool(options_, psql,
           {"--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--dbname=" + options_.url, "--file=-"})));
  IPAM_TRY(target->write(fmt::format("BEGIN;\nDROP SCHEMA IF EXISTS {1} CASCADE;\nALTER SCHEMA {0} RENAME TO {2};\nCREATE SCHEMA {0};\n",
                                     identifier(schema), kRestoring, kAside),
                         go_on));
  while (const auto piece = IPAM_TRY(script->read(go_on))) IPAM_TRY(target->write(*piece, go_on));
  IPAM_TRY(script->finish(go_on));
  IPAM_TRY(target->write(
      fmt::format("\nALTER SCHEMA {0} RENAME TO {1};\nALTER SCHEMA {2} RENAME TO {0};\nCOMMIT;\n", identifier(schema), kRestoring, kAside), go_on));
  IPAM_TRY(target->finish(go_on));

  PostgresOptions beside = options_;
  beside.schema = kRestoring;
  auto store = IPAM_TRY(PostgresStore::open(beside));
  return std::unique_ptr<RestoredDatabase>(new RestoredSchema(options_, schema, std::move(store)));
}

}  // namespace ipam::store::postgres
