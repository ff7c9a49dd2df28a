// How a session begins: the URL, connecting without blocking, and what each session is set to.
#include "base/log.h"
#include "client/sql/connection.h"
#include "client/sql/errors.h"

#include <fmt/format.h>
#include <libpq-fe.h>

namespace ipam::client::sql {
namespace {

using ConninfoHandle = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

Result<ConninfoHandle> parse_url(const std::string& url) {
  char* problem = nullptr;
  ConninfoHandle options(PQconninfoParse(url.c_str(), &problem), PQconninfoFree);
  if (problem != nullptr) PQfreemem(problem);  // it may quote a password
  if (!options) {
    return Error(
        ErrorCode::InvalidArgument,
        "the database's URL cannot be read; it is postgresql://USER@HOST:PORT/NAME, with special characters as %XX, and parameters behind '?'");
  }
  return options;
}

}  // namespace

Result<void> check_url(const std::string& url) {
  const auto options = IPAM_TRY(parse_url(url));
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view keyword = option->keyword;
    if ((keyword == "password" || keyword == "sslpassword") && option->val != nullptr && option->val[0] != 0) {
      return Error(
          ErrorCode::InvalidArgument,
          "the database's URL must not carry a password: others can read it there. Put it into a file of mode 0600 (database_password_file, or "
          "PGPASSFILE)");
    }
  }
  return {};
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectOptions& options, const io::Deadline& deadline) {
  IPAM_TRY(check_url(options.url));
  std::vector<const char*> keywords{"dbname",           "application_name", "client_encoding", "keepalives_idle", "keepalives_interval",
                                    "keepalives_count", "tcp_user_timeout"};
  std::vector<const char*> values{options.url.c_str(), options.application_name.c_str(), "UTF8", "5", "3", "3", "15000"};
  if (!options.password.empty()) {
    keywords.push_back("password");
    values.push_back(options.password.reveal().c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  std::unique_ptr<Connection> connection(new Connection(options, PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/1)));
  IPAM_TRY(connection->connect(deadline));
  IPAM_TRY(connection->set_up(deadline));
  return connection;
}

Result<void> Connection::connect(const io::Deadline& deadline) {
  if (!handle_) return Error(ErrorCode::Unavailable, "no memory for a connection to " + options_.name);
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (PQstatus(handle_.get()) != CONNECTION_BAD && next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED) {
    IPAM_TRY(wait(next == PGRES_POLLING_WRITING, deadline));
    next = PQconnectPoll(handle_.get());
  }
  if (PQstatus(handle_.get()) == CONNECTION_OK) return {};
  broken_ = true;
  const std::string detail = one_line(PQerrorMessage(handle_.get()));
  // While connecting libpq tells no SQLSTATE, only what the server said.
  const auto said = [&](std::string_view text) { return detail.find(text) != std::string::npos; };
  const bool refused = said("authentication failed") || said("no pg_hba.conf entry") || said("no password supplied") ||
                       (said("role \"") && said("does not exist")) || said("certificate verify failed");
  const bool missing = said("database \"") && said("does not exist");
  const bool standby = said("session is read-only") || said("server is in hot standby mode");
  const bool full = said("too many") || said("remaining connection slots");
  return error_of_state(missing ? "3D000" : refused ? "28000" : standby ? "25006" : full ? "53300" : "08001", options_.name, detail);
}

Result<void> Connection::set_up(const io::Deadline& deadline) {
  PQsetnonblocking(handle_.get(), 1);
  PQsetNoticeProcessor(
      handle_.get(),
      [](void*, const char* message) {
        log::debug("notice of the database", {{"message", one_line(message)}});
      },
      nullptr);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(options_.statement_timeout).count();
  // "off" would answer before a commit is durable. What an administrator set beyond "on" (remote_apply, …) stays.
  IPAM_TRY(run(fmt::format("SET statement_timeout = {}; SET client_min_messages = warning; "
                           "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
                           milliseconds),
               deadline));
  if (!options_.schema.empty()) {
    IPAM_TRY(query("SELECT set_config('search_path', quote_ident($1), false)", std::vector{Parameter::of(options_.schema)}, deadline));
  }
  // Otherwise as the database says: an administrator may have made it read-only.
  if (options_.read_only) IPAM_TRY(run("SET default_transaction_read_only = on", deadline));
  return {};
}

}  // namespace ipam::client::sql
