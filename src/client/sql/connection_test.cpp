#include "client/sql/connection.h"

#include "client/sql/pool.h"
#include "support/postgres_cluster.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace ipam::client::sql {
namespace {

using test::shared_postgres_cluster;

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(30)); }

std::unique_ptr<Connection> connect(Duration statement_timeout = std::chrono::seconds(20)) {
  return Connection::open({.url = shared_postgres_cluster().url(), .statement_timeout = statement_timeout}, soon()).value();
}

ErrorCode code_of(const Result<void>& result) { return result.ok() ? ErrorCode::Internal : result.error().code; }

// A listener on 127.0.0.1 that accepts and says what it is told to, once.
class OddServer {
 public:
  explicit OddServer(std::string says) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(listen(socket_, 4), 0);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this, says] {
      const int peer = accept(socket_, nullptr, nullptr);
      if (!says.empty()) (void)!write(peer, says.data(), says.size());
      char byte = 0;
      while (read(peer, &byte, 1) > 0) continue;  // until the client gives up
      close(peer);
    });
  }
  ~OddServer() {
    thread_.join();
    close(socket_);
  }
  std::string url() const { return "postgresql://ipam@127.0.0.1:" + std::to_string(port_) + "/x?sslmode=disable"; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

TEST(SqlConnection, ValuesComeBackAsTheyWereSent) {
  const auto connection = connect();
  const std::vector<Parameter> parameters{Parameter::of(std::numeric_limits<std::int64_t>::min()), Parameter::of(std::string("Zürich '\"\\ 🌐")),
                                          Parameter::of(Bytes{0, 1, 255}), Parameter::of(Value{})};
  const auto rows = connection->query("SELECT $1, $2, $3, $4::bigint, 7::integer, true", parameters, soon());
  ASSERT_TRUE(rows.ok()) << rows.error().describe();
  EXPECT_EQ(rows->integer(0, 0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(rows->text(0, 1), "Zürich '\"\\ 🌐");
  EXPECT_EQ(as_text(rows->blob(0, 2)), std::string("\0\1\xFF", 3));
  EXPECT_TRUE(rows->is_null(0, 3));
  EXPECT_EQ(rows->integer(0, 4), 7);
  EXPECT_EQ(rows->integer(0, 5), 1);
}

TEST(SqlConnection, ArraysOfAnyKindBecomeRows) {
  ArrayParameter numbers(Type::Integer), texts(Type::Text), blobs(Type::Blob);
  for (std::int64_t i = 0; i < 3; ++i) {
    numbers.add(i == 1 ? Value{} : Value{i});
    texts.add(std::string(static_cast<std::size_t>(i), 'x'));
    blobs.add(Bytes(static_cast<std::size_t>(i), 9));
  }
  const std::vector<Parameter> parameters{numbers.finish(), texts.finish(), blobs.finish()};
  const auto rows = connect()->query("SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[])", parameters, soon());
  ASSERT_TRUE(rows.ok()) << rows.error().describe();
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_TRUE(rows->is_null(1, 0));
  EXPECT_EQ(rows->integer(2, 0), 2);
  EXPECT_EQ(rows->text(2, 1), "xx");
  EXPECT_EQ(rows->blob(0, 2).size(), 0U);
  const std::vector<Parameter> none{ArrayParameter(Type::Text).finish()};
  EXPECT_EQ(connect()->query("SELECT * FROM unnest($1::text[])", none, soon())->size(), 0U);
}

TEST(SqlConnection, TextThatIsNoUtf8IsShownAndNotRefused) {
  EXPECT_EQ(as_valid_utf8("gr\xFC\xC3\xBC\xE2\x82"), "gr\xEF\xBF\xBD\xC3\xBC\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(as_valid_utf8(std::string_view("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(as_valid_utf8("\xED\xA0\x80\xF5"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  const std::vector<Parameter> parameters{Parameter::of(std::string("bad\xFF\0", 5))};
  EXPECT_EQ(connect()->query("SELECT $1", parameters, soon())->text(0, 0), "bad\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(SqlConnection, ErrorsAreToldBySqlstate) {
  const auto connection = connect();
  ASSERT_TRUE(
      connection->run("CREATE TEMP TABLE t (id bigint PRIMARY KEY, other bigint REFERENCES t, small bigint CHECK (small >= 0))", soon()).ok());
  ASSERT_TRUE(connection->run("INSERT INTO t VALUES (1, NULL, 0)", soon()).ok());
  EXPECT_EQ(code_of(connection->run("INSERT INTO t VALUES (1, NULL, 0)", soon())), ErrorCode::AlreadyExists);
  EXPECT_EQ(code_of(connection->run("INSERT INTO t VALUES (2, 7, 0)", soon())), ErrorCode::Conflict);
  EXPECT_EQ(code_of(connection->run("INSERT INTO t VALUES (3, NULL, -1)", soon())), ErrorCode::Stale);
  EXPECT_EQ(code_of(connection->run("SELECT * FROM missing", soon())), ErrorCode::FailedPrecondition);
  EXPECT_EQ(code_of(connection->run("SELECT 'x'::bigint", soon())), ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of(connection->run("SELEC", soon())), ErrorCode::Internal);
  EXPECT_EQ(code_of(connection->run("BEGIN READ ONLY; CREATE TABLE x (i int)", soon())), ErrorCode::Unavailable);
  EXPECT_TRUE(connection->run("ROLLBACK", soon()).ok());
  EXPECT_FALSE(connection->broken());
}

TEST(SqlConnection, OfStatementsTogetherNothingAfterAFailureIsDone) {
  const auto connection = connect();
  ASSERT_TRUE(connection->run("CREATE TEMP TABLE t (id bigint PRIMARY KEY)", soon()).ok());
  const Statement insert{"INSERT INTO t VALUES ($1)", {Parameter::of(std::int64_t{1})}};
  const std::vector<Statement> failing{{"BEGIN"}, insert, insert, {"SELECT 12345"}, {"COMMIT"}};
  EXPECT_EQ(connection->execute_together(failing, soon()).error().code, ErrorCode::AlreadyExists);
  EXPECT_TRUE(connection->in_transaction());
  ASSERT_TRUE(connection->run("ROLLBACK", soon()).ok());
  // What was not prepared because of the failure is prepared now.
  const std::vector<Statement> good{{"BEGIN"}, insert, {"SELECT 12345"}, {"COMMIT"}};
  const auto rows = connection->execute_together(good, soon());
  ASSERT_TRUE(rows.ok()) << rows.error().describe();
  EXPECT_EQ((*rows)[1].affected(), 1U);
  EXPECT_EQ((*rows)[2].integer(0, 0), 12345);
  EXPECT_FALSE(connection->in_transaction());
}

TEST(SqlConnection, ManyLargeStatementsTogetherDoNotBlockEachOther) {
  const auto connection = connect();
  // More than socket buffers hold, in both directions.
  const std::vector<Statement> echo(40, {"SELECT $1", {Parameter::of(std::string(1'000'000, 'x'))}});
  const auto rows = connection->execute_together(echo, soon());
  ASSERT_TRUE(rows.ok()) << rows.error().describe();
  for (const Rows& each : *rows) EXPECT_EQ(each.text(0, 0).size(), 1'000'000U);
}

TEST(SqlConnection, MoreStatementsThanAreKeptPreparedWork) {
  const auto connection = connect();
  for (int i = 0; i < 1'200; ++i) ASSERT_EQ(connection->query("SELECT " + std::to_string(i), {}, soon())->integer(0, 0), i);
}

TEST(SqlConnection, AStreamEndsWhenItsReceiverSaysSo) {
  const auto connection = connect();
  std::int64_t seen = 0;
  const auto all = connection->stream(
      "SELECT generate_series(1, 100000)", {}, [&](const Rows& row) -> Result<bool> { return row.integer(0, 0) == ++seen; }, soon());
  EXPECT_TRUE(all.ok());
  EXPECT_EQ(seen, 100'000);
  seen = 0;
  EXPECT_TRUE(connection
                  ->stream(
                      "SELECT generate_series(1, 100000000)", {}, [&](const Rows&) -> Result<bool> { return ++seen < 10; }, soon())
                  .ok());
  EXPECT_EQ(seen, 10);
  const auto failed = connection->stream(
      "SELECT generate_series(1, 10)", {}, [](const Rows&) -> Result<bool> { return Error(ErrorCode::Cancelled, "enough"); }, soon());
  EXPECT_EQ(code_of(failed), ErrorCode::Cancelled);
  EXPECT_EQ(connection->query("SELECT 1", {}, soon())->integer(0, 0), 1);
}

TEST(SqlConnection, CopiesGoBothWays) {
  const auto connection = connect();
  ASSERT_TRUE(connection->run("CREATE TEMP TABLE t (a text, b bigint)", soon()).ok());
  int piece = 0;
  const auto in = connection->copy_in(
      "COPY t FROM STDIN",
      [&]() -> Result<std::optional<std::string>> {
        if (++piece > 1'000) return std::optional<std::string>{};
        return std::optional<std::string>("host" + std::to_string(piece) + "\t" + std::to_string(piece) + "\n");
      },
      soon());
  ASSERT_TRUE(in.ok()) << in.error().describe();
  EXPECT_EQ(*in, 1'000U);
  std::vector<std::string> lines;
  const auto out = connection->copy_out(
      "COPY (SELECT * FROM t ORDER BY b) TO STDOUT", [&](std::string_view line) -> Result<bool> { return lines.emplace_back(line), true; }, soon());
  ASSERT_TRUE(out.ok());
  ASSERT_EQ(lines.size(), 1'000U);
  EXPECT_EQ(lines[999], "host1000\t1000\n");
  const auto stopped = connection->copy_in(
      "COPY t FROM STDIN", []() -> Result<std::optional<std::string>> { return Error(ErrorCode::Cancelled, "enough"); }, soon());
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(connection->query("SELECT COUNT(*) FROM t", {}, soon())->integer(0, 0), 1'000);
}

TEST(SqlConnection, NotificationsArriveAndAWaitEndsInTime) {
  const auto listener = connect(), speaker = connect();
  ASSERT_TRUE(listener->listen("news \"of\" us", soon()).ok());
  EXPECT_FALSE(listener->wait_for_notification(io::Deadline::after(std::chrono::milliseconds(20)))->has_value());
  ASSERT_TRUE(speaker->run("SELECT pg_notify('news \"of\" us', 'first')", soon()).ok());
  const auto heard = listener->wait_for_notification(soon());
  ASSERT_TRUE(heard.ok() && heard->has_value());
  EXPECT_EQ((*heard)->payload, "first");
}

TEST(SqlConnection, ASlowStatementIsEndedByTheServer) {
  const auto connection = connect(std::chrono::milliseconds(50));
  EXPECT_EQ(code_of(connection->run("SELECT pg_sleep(100)", soon())), ErrorCode::DeadlineExceeded);
  EXPECT_FALSE(connection->broken());
}

TEST(SqlConnection, ASilentServerCostsTheDeadlineAndTheConnection) {
  const OddServer silent("");
  const auto opened = Connection::open({.url = silent.url()}, io::Deadline::after(std::chrono::milliseconds(100)));
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::DeadlineExceeded);
  const auto connection = connect();
  EXPECT_EQ(code_of(connection->run("SELECT pg_sleep(100)", io::Deadline::after(std::chrono::milliseconds(50)))), ErrorCode::DeadlineExceeded);
  EXPECT_TRUE(connection->broken());
  EXPECT_EQ(code_of(connection->run("SELECT 1", soon())), ErrorCode::Unavailable);
}

TEST(SqlConnection, WhatIsNoPostgresIsUnavailable) {
  const OddServer web("HTTP/1.1 400 Bad Request\r\n\r\n");
  const auto opened = Connection::open({.url = web.url()}, soon());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::Unavailable);
}

TEST(SqlConnection, AUrlWithAPasswordIsRefusedWithoutShowingIt) {
  const std::string url = "postgresql://ipam:hunter2@127.0.0.1/x";
  for (const auto& refused : {check_url(url), check_url("host=h password=hunter2"), check_url("postgresql://ipam@h/x?password=hunter2"),
                              check_url("postgresql://[hunter2")}) {
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(refused.error().describe().find("hunter2"), std::string::npos);
  }
}

TEST(SqlConnection, WhoIsRefusedIsToldSo) {
  auto& cluster = shared_postgres_cluster();
  const auto no_database = Connection::open({.url = cluster.url("missing")}, soon());
  EXPECT_EQ(no_database.error().code, ErrorCode::FailedPrecondition);
  EXPECT_NE(no_database.error().message.find("create it first"), std::string::npos);
  const auto no_user = Connection::open({.url = cluster.tcp_url("postgres", "stranger")}, soon());
  EXPECT_EQ(no_user.error().code, ErrorCode::FailedPrecondition);
  connect()->run("CREATE ROLE reader LOGIN PASSWORD 'right'", soon()).value();
  cluster.write_access_rules("local all all trust\nhost all ipam 127.0.0.1/32 trust\nhost all reader 127.0.0.1/32 scram-sha-256\n");
  cluster.reload();
  const auto with = [&](const std::string& password) {
    return Connection::open({.url = cluster.tcp_url("postgres", "reader"), .password = Secret(password)}, soon());
  };
  // The server reads its rules a moment after it is told to.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  auto wrong = with("wrong");
  while (wrong.ok() && std::chrono::steady_clock::now() < until) wrong = with("wrong");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::FailedPrecondition);
  EXPECT_EQ(wrong.error().describe().find("wrong"), std::string::npos);
  EXPECT_TRUE(with("right").ok());
}

TEST(SqlPool, ConnectsAnewAfterTheServerWasAway) {
  auto& cluster = shared_postgres_cluster();
  Pool pool({.url = cluster.url()}, 2);
  ASSERT_TRUE(pool.take(soon()).value()->run("SELECT 1", soon()).ok());
  {
    auto in_use = pool.take(soon()).value();
    cluster.stop_immediately();
    EXPECT_EQ(code_of(in_use->run("SELECT 1", soon())), ErrorCode::Unavailable);
  }
  const auto away = pool.take(soon());
  EXPECT_EQ(away.error().code, ErrorCode::Unavailable);
  cluster.start();
  EXPECT_TRUE(pool.take(soon()).value()->run("SELECT 1", soon()).ok());
}

TEST(SqlPool, GivesOutNoMoreThanItsLimitAndNoOpenTransaction) {
  Pool pool({.url = shared_postgres_cluster().url()}, 1);
  {
    auto first = pool.take(soon()).value();
    EXPECT_EQ(pool.take(io::Deadline::after(std::chrono::milliseconds(30))).error().code, ErrorCode::Overloaded);
    ASSERT_TRUE(first->run("BEGIN", soon()).ok());
  }
  auto second = pool.take(soon()).value();
  EXPECT_FALSE(second->in_transaction());
}

}  // namespace
}  // namespace ipam::client::sql
