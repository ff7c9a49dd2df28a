// GET /api/v1/events over HTTP: replay, live tail, filters, what ends a stream.
#include "integration/api_server.h"
#include "io/connect.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using namespace std::chrono_literals;
using model::Group;
using testing::HasSubstr;
using testing::Not;

// A client that reads a stream as far as it wants.
class EventClient {
 public:
  EventClient(ApiServer& server, const std::string& bearer, const std::string& query = "", const std::string& fields = "") : server_(server) {
    stream_ = server_.house.run(io::connect_tcp(resolver_, "127.0.0.1", server.port(), io::Deadline::after(20s))).value();
    const std::string request = fmt::format("GET /api/v1/events{} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n{}\r\n", query, bearer, fields);
    EXPECT_TRUE(server_.house.run(stream_->write(as_bytes(request), io::Deadline::after(20s))).ok());
  }
  ~EventClient() { resolver_.stop(); }

  // Reads until the text is in what came, or the stream ends; answers all that came since the last call.
  std::string read_until(const std::string& text) { return server_.house.run(read_on(this, text)); }

 private:
  static io::Task<std::string> read_on(EventClient* self, std::string text) {
    std::string came;
    std::array<std::uint8_t, 16 * 1024> buffer{};
    while (text.empty() || came.find(text) == std::string::npos) {
      const auto count = co_await self->stream_->read_some(buffer, io::Deadline::after(20s));
      if (!count.ok() || *count == 0) break;
      came += as_text(ByteView(buffer).first(*count));
    }
    co_return came;
  }

  ApiServer& server_;
  io::Resolver resolver_{1};
  io::StreamPtr stream_;
};

TEST(EventStream, ReplaysTheJournalFromAnySequenceAndGoesOnLive) {
  ApiServer server;
  const std::string bearer = server.bearer(Group::IpamAdministrators);
  const auto start = server.house.ledger->sequence();
  server.house.add_subnet("10.1.0.0/24");
  server.house.add_subnet("10.2.0.0/24");
  EventClient client(server, bearer, fmt::format("?from={}", start + 2));
  const std::string first = client.read_until("10.2.0.0/24");
  EXPECT_THAT(first, HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(first, HasSubstr(fmt::format("id: {}\nevent: change\ndata: {{\"sequence\":{}", start + 2, start + 2)));
  EXPECT_THAT(first, Not(HasSubstr("10.1.0.0/24")));
  server.house.add_subnet("10.3.0.0/24");
  EXPECT_THAT(client.read_until("10.3.0.0/24"), HasSubstr(fmt::format("id: {}\n", start + 3)));
  EventClient resumed(server, bearer, "", fmt::format("Last-Event-ID: {}\r\n", start));
  EXPECT_THAT(resumed.read_until("10.3.0.0/24"), HasSubstr("10.1.0.0/24"));
}

TEST(EventStream, TellsAPlainUserWhatChangedButNotWhoDidIt) {
  ApiServer server;
  EventClient client(server, server.bearer(Group::IpamUsers), "?object_type=subnet&kind=created");
  client.read_until("\n\n");
  const std::string writer = server.bearer(Group::IpamAdministrators);
  server.ask("POST", "/api/v1/subnets", writer, R"({"prefix":"10.1.0.0/24"})", {{"X-Change-Reason", "a secret of the planners"}});
  const std::string told = client.read_until("10.1.0.0/24");
  EXPECT_THAT(told, HasSubstr(R"("object_type":"subnet")"));
  EXPECT_THAT(told, Not(HasSubstr("user-ipam_administrators")));
  EXPECT_THAT(told, Not(HasSubstr("a secret of the planners")));
  EXPECT_EQ(server.ask("GET", "/api/v1/events?actor=admin", server.bearer(Group::IpamUsers)).status, 403);
}

TEST(EventStream, TellsTheProgressOfOperations) {
  ApiServer server;
  const std::string bearer = server.bearer(Group::IpamAdministrators);
  EventClient client(server, bearer, "?type=operation");
  client.read_until("\n\n");
  server.ask("POST", "/api/v1/subnets:batch", bearer, R"({"operations":[{"operation":"create","body":{"prefix":"10.1.0.0/24"}}]})",
             {{"Prefer", "respond-async"}});
  EXPECT_THAT(client.read_until(R"("state":"succeeded")"), HasSubstr("event: operation\ndata: {"));
}

TEST(EventStream, TellsTheRunsOfTasks) {
  ApiServer server;
  const std::string bearer = server.bearer(Group::IpamAdministrators);
  EventClient client(server, bearer, "?type=task");
  client.read_until("\n\n");
  EXPECT_EQ(server.ask("POST", "/api/v1/tasks/audit:run", bearer).status, 202);
  const std::string told = client.read_until(R"("last_result":"succeeded")");
  EXPECT_THAT(told, HasSubstr("event: task\ndata: {\"name\":\"Audit\""));
  EXPECT_THAT(told, HasSubstr(R"("running":true,"runs":0,"last_result":"running")"));
  EXPECT_THAT(told, HasSubstr(R"("running":false,"runs":1,"last_result":"succeeded")"));
  EXPECT_THAT(told, Not(HasSubstr("event: change")));
}

TEST(EventStream, EndsWithTheSessionThatOpenedIt) {
  ApiServer server;
  const std::string bearer = server.bearer(Group::IpamAdministrators);
  EventClient client(server, bearer);
  client.read_until("\n\n");
  EXPECT_EQ(server.ask("DELETE", "/api/v1/sessions/current", bearer).status, 204);
  // What was waited for already is still told.
  server.house.add_subnet("10.1.0.0/24");
  client.read_until("10.1.0.0/24");
  server.house.add_subnet("10.2.0.0/24");
  EXPECT_THAT(client.read_until(""), Not(HasSubstr("10.2.0.0/24")));
}

TEST(EventStream, EndsAtOnceWhenTheServerStops) {
  ApiServer server;
  EventClient client(server, server.bearer(Group::IpamAdministrators));
  client.read_until("\n\n");
  const auto started = std::chrono::steady_clock::now();
  EXPECT_TRUE(server.stop());
  EXPECT_LT(std::chrono::steady_clock::now() - started, 4s);
  EXPECT_THAT(client.read_until(""), testing::EndsWith("0\r\n\r\n"));
}

TEST(EventStream, IsLimitedForEachUser) {
  ApiServer server;
  const std::string bearer = server.bearer(Group::IpamUsers);
  std::vector<std::unique_ptr<EventClient>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<EventClient>(server, bearer));
    clients.back()->read_until("\n\n");
  }
  EXPECT_EQ(server.ask("GET", "/api/v1/events", bearer).status, 429);
  EXPECT_EQ(server.ask("GET", "/api/v1/events?kind=moved", server.bearer(Group::IpamAdministrators)).status, 400);
}

}  // namespace
}  // namespace ipam::test
