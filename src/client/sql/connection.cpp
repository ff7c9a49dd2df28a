// What is done with a session: libpq's rules about what may follow what are in this one place. How one begins: connection_open.cpp.
#include "client/sql/connection.h"

#include "base/strings.h"
#include "client/sql/errors.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace ipam::client::sql {
namespace {

constexpr std::size_t kMaxPrepared = 500;
constexpr int kBinary = 1;
// How soon a cancelled wait is noticed.
constexpr Duration kSlice = std::chrono::milliseconds(100);

// The arguments of PQsendQueryPrepared and its like.
struct Arguments {
  explicit Arguments(std::span<const Parameter> parameters) {
    for (const Parameter& parameter : parameters) {
      types.push_back(parameter.type);
      values.push_back(parameter.bytes ? parameter.bytes->data() : nullptr);
      lengths.push_back(parameter.bytes ? static_cast<int>(parameter.bytes->size()) : 0);
      formats.push_back(kBinary);
    }
  }
  int count() const { return static_cast<int>(values.size()); }

  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
};

bool is_error(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_PIPELINE_ABORTED;
}

}  // namespace

void ConnectionDeleter::operator()(pg_conn* handle) const { PQfinish(handle); }

Connection::Connection(ConnectOptions options, pg_conn* handle) : options_(std::move(options)), handle_(handle) {}

Result<void> Connection::check_usable() const {
  if (broken_) return Error(ErrorCode::Unavailable, options_.name + " is not reachable; try again", "the connection was lost before");
  return {};
}

Error Connection::lost(std::string_view doing) {
  broken_ = true;
  return error_of_state("08006", options_.name, fmt::format("{} in: {}", one_line(PQerrorMessage(handle_.get())), shorten(doing, 100)));
}

Error Connection::too_slow() {
  broken_ = true;
  return {ErrorCode::DeadlineExceeded, options_.name + " did not answer in time; try again"};
}

Error Connection::error_of(const pg_result* result, std::string_view doing) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  // Another server may be the primary by now: this session will not find out.
  if (state != nullptr && std::string_view(state) == "25006") outdated_ = true;
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return error_of_state(state == nullptr ? "" : state, options_.name,
                        fmt::format("SQLSTATE {} ({}) in: {}", state == nullptr ? "unknown" : state,
                                    message == nullptr ? one_line(PQresultErrorMessage(result)) : std::string(message), shorten(doing, 200)));
}

Result<void> Connection::wait(bool for_writing, const io::Deadline& deadline) {
  pollfd descriptor{PQsocket(handle_.get()), static_cast<short>(for_writing ? POLLOUT | POLLIN : POLLIN), 0};
  while (true) {
    if (deadline.verdict()) return too_slow();
    Duration left = deadline.remaining();
    if (deadline.token().stop_possible()) left = std::min(left, kSlice);
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(std::min<Duration>(left, std::chrono::hours(1))).count();
    const int ready = poll(&descriptor, 1, static_cast<int>(milliseconds));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return lost("poll");
  }
}

Result<void> Connection::flush(const io::Deadline& deadline) {
  while (true) {
    const int left = PQflush(handle_.get());
    if (left == 0) return {};
    if (left < 0) return lost("sending");
    IPAM_TRY(wait(true, deadline));
    // The server may wait for us to read before it reads on.
    if (PQconsumeInput(handle_.get()) == 0) return lost("receiving");
  }
}

Result<ResultHandle> Connection::next_result(const io::Deadline& deadline) {
  while (PQisBusy(handle_.get()) != 0) {
    IPAM_TRY(wait(false, deadline));
    if (PQconsumeInput(handle_.get()) == 0) return lost("receiving");
  }
  ResultHandle result(PQgetResult(handle_.get()));
  if (result && PQstatus(handle_.get()) == CONNECTION_BAD) {
    broken_ = true;
    // The server's last words (it is being stopped) say more than that the connection is gone.
    const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    if (state == nullptr) return lost("receiving");
    return error_of(result.get(), "receiving");
  }
  return result;
}

Result<ResultHandle> Connection::finish_results(const io::Deadline& deadline) {
  ResultHandle last;
  std::optional<Error> failed;
  while (true) {
    auto result = IPAM_TRY(next_result(deadline));
    if (!result) break;
    const ExecStatusType status = PQresultStatus(result.get());
    if (is_error(result.get()) && !failed) failed = error_of(result.get(), "");
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) return result;
    last = std::move(result);
  }
  if (failed) return *std::move(failed);
  return last;
}

Result<void> Connection::run(const std::string& sql, const io::Deadline& deadline) {
  IPAM_TRY(check_usable());
  if (PQsendQuery(handle_.get(), sql.c_str()) == 0) return lost(sql);
  IPAM_TRY(flush(deadline));
  auto finished = finish_results(deadline);
  if (!finished.ok()) {
    finished.error().detail += shorten(sql, 200);
    return std::move(finished).error();
  }
  return {};
}

Result<std::string> Connection::prepare(std::string_view sql, std::span<const Parameter> parameters, const io::Deadline& deadline) {
  std::string text(sql);
  if (const auto found = prepared_.find(text); found != prepared_.end()) return found->second;
  if (prepared_.size() >= kMaxPrepared) {
    prepared_.clear();
    IPAM_TRY(run("DEALLOCATE ALL", deadline));
  }
  std::string name = fmt::format("s{}", ++next_name_);
  const Arguments arguments(parameters);
  if (PQsendPrepare(handle_.get(), name.c_str(), text.c_str(), arguments.count(), arguments.types.data()) == 0) return lost(sql);
  IPAM_TRY(flush(deadline));
  auto done = finish_results(deadline);
  if (!done.ok()) {
    done.error().detail += text;
    return std::move(done).error();
  }
  prepared_.emplace(std::move(text), name);
  return name;
}

bool Connection::send_prepared(const std::string& statement, std::span<const Parameter> parameters) {
  const Arguments arguments(parameters);
  return PQsendQueryPrepared(handle_.get(), statement.c_str(), arguments.count(), arguments.values.data(), arguments.lengths.data(),
                             arguments.formats.data(), kBinary) != 0;
}

Result<Rows> Connection::query(std::string_view sql, std::span<const Parameter> parameters, const io::Deadline& deadline) {
  IPAM_TRY(check_usable());
  const std::string name = IPAM_TRY(prepare(sql, parameters, deadline));
  if (!send_prepared(name, parameters)) return lost(sql);
  IPAM_TRY(flush(deadline));
  auto result = finish_results(deadline);
  if (!result.ok()) {
    result.error().detail += shorten(sql, 200);
    return std::move(result).error();
  }
  return Rows(std::move(result).value());
}

// ---- several statements in one round trip (libpq 34.5) ---------------------------------------------------------------------------------------

Result<std::vector<Rows>> Connection::execute_together(std::span<const Statement> statements, const io::Deadline& deadline) {
  IPAM_TRY(check_usable());
  if (prepared_.size() + statements.size() >= kMaxPrepared) {
    prepared_.clear();
    IPAM_TRY(run("DEALLOCATE ALL", deadline));
  }
  if (PQenterPipelineMode(handle_.get()) == 0) return lost("pipeline");
  std::vector<std::string> fresh(statements.size());
  IPAM_TRY(send_pipeline(statements, fresh));
  IPAM_TRY(flush(deadline));
  auto rows = read_pipeline(statements.size(), fresh, deadline);
  if (!broken_ && PQexitPipelineMode(handle_.get()) == 0) return lost("pipeline");
  return rows;
}

// `fresh` gets, for each statement that is prepared on the way, its text.
Result<void> Connection::send_pipeline(std::span<const Statement> statements, std::vector<std::string>& fresh) {
  std::unordered_map<std::string_view, std::string> names;  // of this pipeline
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& statement = statements[i];
    const auto known = prepared_.find(statement.sql);
    std::string name = known != prepared_.end() ? known->second : names[statement.sql];
    if (name.empty()) {
      name = fmt::format("s{}", ++next_name_);
      names[statement.sql] = name;
      fresh[i] = name;
      const Arguments arguments(statement.parameters);
      if (PQsendPrepare(handle_.get(), name.c_str(), statement.sql.c_str(), arguments.count(), arguments.types.data()) == 0) return lost("pipeline");
    }
    if (!send_prepared(name, statement.parameters)) return lost("pipeline");
  }
  if (PQpipelineSync(handle_.get()) == 0) return lost("pipeline");
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (!fresh[i].empty()) prepared_.emplace(statements[i].sql, fresh[i]);
  }
  return {};
}

Result<std::vector<Rows>> Connection::read_pipeline(std::size_t count, const std::vector<std::string>& fresh, const io::Deadline& deadline) {
  std::vector<Rows> rows;
  rows.reserve(count);
  std::optional<Error> failed;
  const auto forget = [&](const std::string& name) { std::erase_if(prepared_, [&](const auto& entry) { return entry.second == name; }); };
  for (std::size_t i = 0; i < count; ++i) {
    for (const bool preparing : {true, false}) {
      if (preparing && fresh[i].empty()) continue;
      auto result = IPAM_TRY(next_result(deadline));
      if (!result) return lost("pipeline");
      if (is_error(result.get())) {
        if (preparing) forget(fresh[i]);
        if (!failed) failed = error_of(result.get(), fmt::format("statement {} of {}", i + 1, count));
      }
      IPAM_TRY(next_result(deadline));  // the null that ends each
      if (!preparing) rows.emplace_back(std::move(result));
    }
  }
  const auto synchronized = IPAM_TRY(next_result(deadline));
  if (!synchronized || PQresultStatus(synchronized.get()) != PGRES_PIPELINE_SYNC) return lost("pipeline");
  if (failed) return *std::move(failed);
  return rows;
}

// ---- long answers ----------------------------------------------------------------------------------------------------------------------------

Result<void> Connection::stream(std::string_view sql, std::span<const Parameter> parameters, const OnRow& on_row, const io::Deadline& deadline) {
  IPAM_TRY(check_usable());
  const std::string name = IPAM_TRY(prepare(sql, parameters, deadline));
  if (!send_prepared(name, parameters) || PQsetSingleRowMode(handle_.get()) == 0) return lost(sql);
  IPAM_TRY(flush(deadline));
  while (true) {
    auto result = IPAM_TRY(next_result(deadline));
    if (!result) return {};
    if (is_error(result.get())) {
      Error failed = error_of(result.get(), sql);
      IPAM_TRY(finish_results(deadline));
      return failed;
    }
    if (PQresultStatus(result.get()) != PGRES_SINGLE_TUPLE) continue;
    auto more = on_row(Rows(std::move(result)));
    if (more.ok() && *more) continue;
    drain(deadline);
    if (!more.ok()) return std::move(more).error();
    return {};
  }
}

void Connection::drain(const io::Deadline& deadline) {
  const std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> cancel(PQgetCancel(handle_.get()), PQfreeCancel);
  char problem[256] = {};
  if (!cancel || PQcancel(cancel.get(), problem, sizeof problem) == 0) {
    broken_ = true;
    return;
  }
  while (!broken_) {
    const auto result = next_result(deadline);
    if (!result.ok() || !*result) return;
  }
}

Result<void> Connection::copy_out(const std::string& sql, const std::function<Result<bool>(std::string_view)>& on_data,
                                  const io::Deadline& deadline) {
  IPAM_TRY(check_usable());
  if (PQsendQuery(handle_.get(), sql.c_str()) == 0) return lost(sql);
  IPAM_TRY(flush(deadline));
  const auto begun = IPAM_TRY(finish_results(deadline));
  if (!begun || PQresultStatus(begun.get()) != PGRES_COPY_OUT) return Error(ErrorCode::Internal, "not a statement that copies out", sql);
  while (true) {
    char* data = nullptr;
    const int length = PQgetCopyData(handle_.get(), &data, /*async=*/1);
    if (length > 0) {
      const std::unique_ptr<char, decltype(&PQfreemem)> owned(data, PQfreemem);
      auto more = on_data({data, static_cast<std::size_t>(length)});
      if (more.ok() && *more) continue;
      broken_ = true;
      if (!more.ok()) return std::move(more).error();
      return {};
    }
    if (length == -1) break;
    if (length == -2) return lost(sql);
    IPAM_TRY(wait(false, deadline));
    if (PQconsumeInput(handle_.get()) == 0) return lost(sql);
  }
  IPAM_TRY(finish_results(deadline));
  return {};
}

Result<std::uint64_t> Connection::copy_in(const std::string& sql, const std::function<Result<std::optional<std::string>>()>& next_data,
                                          const io::Deadline& deadline) {
  IPAM_TRY(check_usable());
  if (PQsendQuery(handle_.get(), sql.c_str()) == 0) return lost(sql);
  IPAM_TRY(flush(deadline));
  const auto begun = IPAM_TRY(finish_results(deadline));
  if (!begun || PQresultStatus(begun.get()) != PGRES_COPY_IN) return Error(ErrorCode::Internal, "not a statement that copies in", sql);
  std::optional<Error> stopped;
  while (true) {
    auto data = next_data();
    if (!data.ok()) stopped = std::move(data).error();
    if (stopped || !*data) break;
    int sent = 0;
    while ((sent = PQputCopyData(handle_.get(), (*data)->data(), static_cast<int>((*data)->size()))) == 0) IPAM_TRY(flush(deadline));
    if (sent < 0) return lost(sql);
    IPAM_TRY(flush(deadline));
  }
  int ended = 0;
  while ((ended = PQputCopyEnd(handle_.get(), stopped ? "stopped" : nullptr)) == 0) IPAM_TRY(flush(deadline));
  if (ended < 0) return lost(sql);
  IPAM_TRY(flush(deadline));
  auto finished = finish_results(deadline);
  if (stopped) return *std::move(stopped);
  if (!finished.ok()) return std::move(finished).error();
  return Rows(std::move(finished).value()).affected();
}

// ---- notifications ---------------------------------------------------------------------------------------------------------------------------

Result<void> Connection::listen(const std::string& channel, const io::Deadline& deadline) {
  const std::unique_ptr<char, decltype(&PQfreemem)> name(PQescapeIdentifier(handle_.get(), channel.data(), channel.size()), PQfreemem);
  if (!name) return lost("LISTEN");
  return run(fmt::format("LISTEN {}", name.get()), deadline);
}

Result<std::optional<Notification>> Connection::wait_for_notification(const io::Deadline& deadline) {
  IPAM_TRY(check_usable());
  while (true) {
    if (PQconsumeInput(handle_.get()) == 0) return lost("LISTEN");
    const std::unique_ptr<PGnotify, decltype(&PQfreemem)> notify(PQnotifies(handle_.get()), PQfreemem);
    if (notify) return std::optional<Notification>(Notification{notify->relname, notify->extra});
    if (PQstatus(handle_.get()) == CONNECTION_BAD) return lost("LISTEN");
    auto waited = wait(false, deadline);
    if (waited.ok()) continue;
    if (!deadline.verdict()) return std::move(waited).error();
    broken_ = false;  // nothing was asked: a wait that ends leaves the connection as it was
    return std::optional<Notification>{};
  }
}

bool Connection::alive() {
  if (broken_ || outdated_) return false;
  pollfd descriptor{PQsocket(handle_.get()), POLLIN, 0};
  // A server's last words come before the end of the connection: both must be read to see that it is over.
  for (int pieces = 0; pieces < 16 && poll(&descriptor, 1, 0) > 0; ++pieces) {
    if (PQconsumeInput(handle_.get()) == 0 || PQstatus(handle_.get()) == CONNECTION_BAD) {
      broken_ = true;
      break;
    }
  }
  return !broken_;
}

bool Connection::in_transaction() const { return PQtransactionStatus(handle_.get()) != PQTRANS_IDLE; }

}  // namespace ipam::client::sql
