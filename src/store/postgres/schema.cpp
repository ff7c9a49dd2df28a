#include "store/postgres/schema.h"

#include "base/log.h"
#include "store/postgres/migrations.h"

#include <fmt/format.h>

namespace ipam::store::postgres {
namespace {

using client::sql::Connection;

// A migration of a large table takes its time.
io::Deadline migration_deadline() { return io::Deadline::after(std::chrono::minutes(30)); }

// 0 when there is no schema yet.
Result<std::int64_t> schema_version(Connection& connection, const io::Deadline& deadline) {
  const auto there = IPAM_TRY(connection.query("SELECT to_regclass('schema_version') IS NOT NULL", {}, deadline));
  if (there.size() != 1 || there.integer(0, 0) == 0) return std::int64_t{0};
  const auto version = IPAM_TRY(connection.query("SELECT version FROM schema_version", {}, deadline));
  return version.size() == 1 ? version.integer(0, 0) : 0;
}

Error newer(std::int64_t version) {
  return {ErrorCode::FailedPrecondition,
          fmt::format("the database was written by a newer version (schema {}, this program knows {}); use that version", version, newest_schema())};
}

// One step, in one transaction that waits for other nodes that want to make the same.
Result<void> step(Connection& connection, std::int64_t to) {
  const io::Deadline deadline = migration_deadline();
  // Two keys of our own: "cada", "stre".
  IPAM_TRY(
      connection.run("BEGIN; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(1667326049, 1937011301); "
                     "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)",
                     deadline));
  const std::int64_t version = IPAM_TRY(schema_version(connection, deadline));
  if (version >= to) return connection.run("ROLLBACK", deadline);
  const Migration& migration = kMigrations[version];
  IPAM_TRY(connection.run(std::string(migration.sql), deadline));
  IPAM_TRY(connection.run(fmt::format("DELETE FROM schema_version; INSERT INTO schema_version VALUES ({}); COMMIT", version + 1), deadline));
  log::info("database schema changed", {{"migration", migration.name}});
  return {};
}

}  // namespace

std::int64_t newest_schema() { return static_cast<std::int64_t>(std::size(kMigrations)); }

Result<void> check_schema(Connection& connection, const io::Deadline& deadline) {
  const std::int64_t version = IPAM_TRY(schema_version(connection, deadline));
  if (version > newest_schema()) return newer(version);
  if (version < newest_schema()) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("the database has an older schema ({}, this program needs {}); restart this server so that it brings it up to date",
                             version, newest_schema()));
  }
  return {};
}

Result<void> migrate(Connection& connection, std::int64_t version) {
  while (true) {
    const std::int64_t now = IPAM_TRY(schema_version(connection, migration_deadline()));
    if (now == version) return {};
    if (now > version) return newer(now);
    IPAM_TRY(step(connection, now + 1));
  }
}

}  // namespace ipam::store::postgres
