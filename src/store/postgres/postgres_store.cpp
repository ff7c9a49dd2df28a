#include "store/postgres/postgres_store.h"

#include "base/log.h"
#include "store/postgres/postgres_reader.h"
#include "store/postgres/schema.h"
#include "store/postgres/write_statements.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::store::postgres {
namespace {

using client::sql::Connection;
using client::sql::ConnectOptions;
using client::sql::Parameter;
using client::sql::Rows;
using client::sql::Statement;

ConnectOptions connect_options(const PostgresOptions& options, Duration statement_timeout, bool read_only) {
  ConnectOptions made;
  made.url = options.url;
  made.password = options.password;
  made.schema = options.schema;
  made.application_name = "ipamd " + options.node;
  made.statement_timeout = statement_timeout;
  made.read_only = read_only;
  return made;
}

Result<void> prepare_reader(Connection& connection, const io::Deadline& deadline) {
  IPAM_TRY(check_schema(connection, deadline));
  // Cursors are read to their end.
  return connection.run("SET cursor_tuple_fraction = 1.0; SET idle_in_transaction_session_timeout = '60s'", deadline);
}

// A node that stops in the middle of a turn must not hold up the others.
Result<void> prepare_writer(Connection& connection, const io::Deadline& deadline) {
  IPAM_TRY(check_schema(connection, deadline));
  return connection.run("SET idle_in_transaction_session_timeout = '10s'", deadline);
}

Error conflict(const WriteStatement& statement, std::uint64_t changed) {
  return {ErrorCode::Conflict, "the object was changed or removed by someone else; read it again and repeat the change",
          fmt::format("{}: of {} rows with the expected revision {} are there", statement.table->name, statement.rows, changed)};
}

}  // namespace

PostgresStore::PostgresStore(PostgresOptions options)
    : options_(std::move(options)),
      readers_(connect_options(options_, options_.read_timeout, true), options_.max_readers, prepare_reader),
      writers_(connect_options(options_, options_.write_timeout, false), options_.max_writers, prepare_writer) {}

Result<std::unique_ptr<PostgresStore>> PostgresStore::open(const PostgresOptions& options) {
  const auto connection = IPAM_TRY(Connection::open(connect_options(options, options.write_timeout, false), io::Deadline::after(options.patience)));
  IPAM_TRY(migrate(*connection));
  const io::Deadline deadline = io::Deadline::after(options.patience);  // the migrations had their own
  const Rows safety = IPAM_TRY(connection->query("SELECT current_setting('fsync') = 'off', pg_is_in_recovery()", {}, deadline));
  if (safety.integer(0, 0) != 0) log::warning("IPAM-3010 the database runs with fsync=off: a power cut loses what was acknowledged");
  if (safety.integer(0, 1) != 0)
    log::warning("IPAM-3011 the database is a read-only standby: nothing can be changed until this server reaches the primary");
  return std::unique_ptr<PostgresStore>(new PostgresStore(options));
}

Result<std::unique_ptr<Reader>> PostgresStore::open_reader() { return PostgresReader::begin(readers_, options_.patience, options_.read_timeout); }

Result<std::uint64_t> PostgresStore::size_on_disk() {
  auto connection = IPAM_TRY(readers_.take(patience()));
  const Rows rows = IPAM_TRY(connection->query("SELECT pg_database_size(current_database())", {}, patience()));
  return static_cast<std::uint64_t>(rows.integer(0, 0));
}

Result<void> PostgresStore::commit(const WriteSet& writes) {
  auto connection = IPAM_TRY(writers_.take(patience()));
  return write(*connection, writes, nullptr, false);
}

Result<void> PostgresStore::write(Connection& connection, const WriteSet& writes, const FeedEntry* entry, bool in_turn) {
  const auto undo = [&] {
    if (connection.broken() || !connection.in_transaction()) return;
    if (const auto undone = connection.run("ROLLBACK", patience()); !undone.ok()) log::debug("rollback", {{"answer", undone.error().describe()}});
  };
  const std::vector<WriteStatement> merged = write_statements(writes, Merging::ByTable);
  auto done = apply(connection, merged, entry, in_turn);
  if (!done.ok()) undo();
  // Of the rows of one statement one may have met a unique key that another was about to free: in their own order they may fit.
  const bool any_order = std::any_of(merged.begin(), merged.end(), [](const WriteStatement& each) { return each.any_order; });
  if (!done.ok() && done.error().code == ErrorCode::AlreadyExists && any_order && !connection.broken() && !in_turn) {
    done = apply(connection, write_statements(writes, Merging::RowByRow), entry, false);
    if (!done.ok()) undo();
  }
  return done;
}

Result<void> PostgresStore::apply(Connection& connection, const std::vector<WriteStatement>& planned, const FeedEntry* entry, bool begun) {
  std::vector<Statement> statements;
  if (!begun) statements.push_back({"BEGIN"});
  if (entry != nullptr) {
    // Locks the head, so that the order of entries is the order of commits; -1 is refused by the table's check, and with it all that follows.
    const Value next = static_cast<std::int64_t>(entry->position);
    statements.push_back(
        {"UPDATE feed_head SET position = CASE WHEN position = $1 - 1 THEN $1 ELSE -1 END WHERE name = 'ledger'", {Parameter::of(next)}});
    statements.push_back(
        {"INSERT INTO change_feed (position, at, node, sequence, content) "
         "VALUES ($1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, $2, $3, $4)",
         {Parameter::of(next), Parameter::of(options_.node), Parameter::of(static_cast<std::int64_t>(entry->sequence)),
          Parameter::of(entry->content)}});
    statements.push_back({"SELECT pg_notify('cadastre_feed', $1)", {Parameter::of(std::to_string(entry->position))}});
  }
  const std::size_t first = statements.size();
  bool count = false;
  for (const WriteStatement& each : planned) {
    statements.push_back(each.statement);
    count = count || each.must_change_all;
  }
  // Where rows have to be counted first, the commit is a second round trip.
  if (!count) statements.push_back({"COMMIT"});
  const std::vector<Rows> answers = IPAM_TRY(connection.execute_together(statements, write_deadline()));
  for (std::size_t i = 0; i < planned.size(); ++i) {
    const std::uint64_t changed = answers[first + i].affected();
    if (planned[i].must_change_all && changed != planned[i].rows) return conflict(planned[i], changed);
  }
  if (!count) return {};
  IPAM_TRY(connection.query("COMMIT", {}, write_deadline()));
  return {};
}

}  // namespace ipam::store::postgres
