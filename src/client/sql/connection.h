// Connection: one session with a PostgreSQL server.
//
//   auto connection = IPAM_TRY(Connection::open({.url = "postgresql://ipam@db.example/ipam", .password = password}, Deadline::after(5s)));
//   auto rows = IPAM_TRY(connection->query("SELECT name FROM host WHERE id = $1", {{std::int64_t{7}}}, Deadline::after(2s)));
//
// Errors by SQLSTATE (postgresql.org/docs/15/errcodes-appendix.html): AlreadyExists (23505), Conflict (23503), Stale (23514: a check of the schema,
// which guards a version), Unavailable (the server is gone, starts, stops, is full or a read-only standby; the message says which), DeadlineExceeded
// (its statement_timeout, or this call's deadline), FailedPrecondition (a table or column is not there, a right is missing, the password is wrong),
// InvalidArgument, Internal. After a lost connection or a missed deadline the connection is broken() and every call answers Unavailable. Whether a
// COMMIT that got no answer was done is then not known. Messages name the server by ConnectOptions::name and hold no secret. Thread rule: one thread
// at a time. Calls block: never on an I/O thread.
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "client/sql/value.h"
#include "io/deadline.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

struct pg_conn;

namespace ipam::client::sql {

struct ConnectOptions {
  std::string url;                    // "postgresql://user@host:port/name?sslmode=verify-full", or "host=… dbname=…" (libpq 34.1.1)
  Secret password = {};               // empty: what libpq finds (PGPASSFILE, ~/.pgpass, a certificate, peer)
  std::string name = "the database";  // in messages
  std::string application_name = "cadastre";
  Duration statement_timeout = std::chrono::seconds(5);  // the server ends a statement that takes longer; zero: never
  bool read_only = false;                                // every transaction of the session
  std::string schema = {};                               // whose tables are meant; empty: as the database says
};

// Whether the text is a connection URL that can be used here. Errors: InvalidArgument; one that carries a password is refused without showing it.
Result<void> check_url(const std::string& url);

struct Statement {
  std::string sql;
  std::vector<Parameter> parameters = {};
};

struct Notification {
  std::string channel;
  std::string payload;
};

struct ConnectionDeleter {
  void operator()(pg_conn* handle) const;
};

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const ConnectOptions& options, const io::Deadline& deadline);

  // Runs one or more statements without parameters, as one text.
  Result<void> run(const std::string& sql, const io::Deadline& deadline);
  // One statement, prepared at its first use. The answer is kept in memory: for bounded answers.
  Result<Rows> query(std::string_view sql, std::span<const Parameter> parameters, const io::Deadline& deadline);
  // The same in one round trip for several, in order; nothing after the first that fails is done. Answers the rows of each.
  Result<std::vector<Rows>> execute_together(std::span<const Statement> statements, const io::Deadline& deadline);
  // Calls `on_row` with each row (number 0 of a Rows) as it arrives, in bounded memory; it ends the answer with false or an error. No other call of
  // this connection meanwhile. The deadline is of the whole.
  using OnRow = std::function<Result<bool>(const Rows&)>;
  Result<void> stream(std::string_view sql, std::span<const Parameter> parameters, const OnRow& on_row, const io::Deadline& deadline);
  // "COPY … TO STDOUT": each line (or tuple, in binary) as it arrives, in bounded memory. Ended early by false or an error, it breaks the connection.
  Result<void> copy_out(const std::string& sql, const std::function<Result<bool>(std::string_view)>& on_data, const io::Deadline& deadline);
  // "COPY … FROM STDIN": `next_data` gives pieces of any size, nothing at the end. Answers the rows.
  Result<std::uint64_t> copy_in(const std::string& sql, const std::function<Result<std::optional<std::string>>()>& next_data,
                                const io::Deadline& deadline);

  // From now on notifications of this channel are kept for wait_for_notification().
  Result<void> listen(const std::string& channel, const io::Deadline& deadline);
  // The next notification; nothing when the deadline passes first or is cancelled.
  Result<std::optional<Notification>> wait_for_notification(const io::Deadline& deadline);

  bool broken() const { return broken_; }
  // Looks, without waiting, whether the server has closed the connection; false also when it turned out to be a read-only standby, because a new
  // connection may find the primary.
  bool alive();
  bool in_transaction() const;

 private:
  Connection(ConnectOptions options, pg_conn* handle);

  Result<void> connect(const io::Deadline& deadline);
  Result<void> set_up(const io::Deadline& deadline);
  Result<void> wait(bool for_writing, const io::Deadline& deadline);
  Result<void> flush(const io::Deadline& deadline);
  // The next result of what was sent; null at its end.
  Result<ResultHandle> next_result(const io::Deadline& deadline);
  // Reads to the end of what was sent; the first error, or the last result.
  Result<ResultHandle> finish_results(const io::Deadline& deadline);
  Result<void> check_usable() const;
  Result<std::string> prepare(std::string_view sql, std::span<const Parameter> parameters, const io::Deadline& deadline);
  bool send_prepared(const std::string& statement, std::span<const Parameter> parameters);
  Result<void> send_pipeline(std::span<const Statement> statements, std::vector<std::string>& fresh);
  Result<std::vector<Rows>> read_pipeline(std::size_t count, const std::vector<std::string>& fresh, const io::Deadline& deadline);
  // Ends a stream early: what is still to come is asked off and read away.
  void drain(const io::Deadline& deadline);
  // The connection failed or can no longer be trusted: says so and breaks it.
  Error lost(std::string_view doing);
  Error too_slow();
  Error error_of(const pg_result* result, std::string_view doing);

  const ConnectOptions options_;
  std::unique_ptr<pg_conn, ConnectionDeleter> handle_;
  std::unordered_map<std::string, std::string> prepared_;  // text → name
  std::uint64_t next_name_ = 0;
  bool broken_ = false;
  bool outdated_ = false;  // the server turned out to be a standby
};

}  // namespace ipam::client::sql
