#include "http_server/server.h"

#include "http_server/server_suite.h"
#include "io/task_group.h"

#include <gmock/gmock.h>

namespace ipam::http_server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST_F(HttpServer, AnswersWithTheFieldsThatEveryAnswerHas) {
  start();
  RawClient client = connect();
  const Response response = client.ask(get("/echo/1")).value();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "GET 1 ");
  EXPECT_EQ(response.headers.find("Strict-Transport-Security"), "max-age=31536000");
  EXPECT_EQ(response.headers.find("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.headers.find("Cache-Control"), "no-store");
  EXPECT_EQ(response.headers.find("X-Request-Id")->size(), 16U);
  EXPECT_TRUE(response.headers.contains("Date"));
  EXPECT_FALSE(response.headers.contains("Connection"));
  const Response second = client.ask(post("/echo/2", "body")).value();
  EXPECT_EQ(second.body, "POST 2 body");
  EXPECT_NE(second.headers.find("X-Request-Id"), response.headers.find("X-Request-Id"));
}

TEST_F(HttpServer, SpeaksPlainHttpOnlyWhenTold) {
  options_.tls = nullptr;
  EXPECT_EQ(Server::create(pool_, Router(), options_).error().code, ErrorCode::InvalidArgument);
  options_.transport = Transport::PlainHttp;
  start();
  const Response response = connect().ask(get("/echo/1")).value();
  EXPECT_EQ(response.body, "GET 1 ");
  EXPECT_FALSE(response.headers.contains("Strict-Transport-Security"));
}

TEST_F(HttpServer, AnswersHeadAndOptions) {
  start();
  RawClient client = connect();
  client.send("HEAD /big/100 HTTP/1.1\r\nHost: x\r\n\r\n");
  const Response head = client.receive(ResponseParser::AnswerTo::Head).value();
  EXPECT_EQ(head.headers.find("Content-Length"), "100");
  EXPECT_EQ(head.body, "");
  const Response options = client.ask("OPTIONS /echo/1 HTTP/1.1\r\nHost: x\r\n\r\n").value();
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.find("Allow"), "GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(client.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")->status, 204);
}

TEST_F(HttpServer, TellsAnUnknownPathFromAMethodThatIsMissing) {
  start();
  RawClient client = connect();
  const Response unknown = client.ask(get("/nothing")).value();
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.headers.find("Content-Type"), "application/problem+json");
  const Response wrong = client.ask("DELETE /echo/1 HTTP/1.1\r\nHost: x\r\n\r\n").value();
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.find("Allow"), "GET, HEAD, OPTIONS, POST");
}

TEST_F(HttpServer, SaysErrorsAsProblemsAndKeepsSecretsInTheLog) {
  start();
  RawClient client = connect();
  const Response missing = client.ask(get("/fail/not_found")).value();
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr(R"("code":"not_found","detail":"what went wrong")"));
  const Response overloaded = client.ask(get("/fail/overloaded")).value();
  EXPECT_EQ(overloaded.status, 429);
  EXPECT_TRUE(overloaded.headers.contains("Retry-After"));
  EXPECT_TRUE(client.ask(get("/fail/unavailable"))->headers.contains("Retry-After"));
  for (const char* code : {"throw", "internal", "bad_status", "bad_field"}) {
    const Response internal = client.ask(get(fmt::format("/fail/{}", code))).value();
    EXPECT_EQ(internal.status, 500) << code;
    EXPECT_THAT(internal.body, HasSubstr(*internal.headers.find("X-Request-Id")));
    EXPECT_THAT(internal.body, Not(HasSubstr("secret")));
  }
}

TEST_F(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
  start();
  RawClient client = connect();
  std::string all;
  for (int i = 0; i < 200; ++i) all += i % 3 == 0 ? post(fmt::format("/echo/{}", i), std::string(1000, 'p')) : get(fmt::format("/echo/{}", i));
  client.send(all);
  for (int i = 0; i < 200; ++i) EXPECT_THAT(client.receive()->body, HasSubstr(fmt::format(" {} ", i)));
}

TEST_F(HttpServer, ServesHundredsOfKeptConnectionsAtATime) {
  start();
  struct Local {
    static io::Task<void> ask(io::Resolver* resolver, std::shared_ptr<const io::TlsClientContext> trust, io::BlockingLoop* loop, std::uint16_t to,
                              int* good) {
      auto stream = co_await io::connect_tls(*resolver, "127.0.0.1", to, trust, io::Deadline::after(kSoon));
      if (!stream.ok()) co_return;
      RawClient client(*loop, std::move(stream).value());
      const std::string text = get("/echo/7");
      for (int i = 0; i < 10; ++i) {
        const auto written = co_await client.stream().write(as_bytes(text), io::Deadline::after(kSoon));
        const auto answer = co_await RawClient::receive_on(&client, ResponseParser::AnswerTo::Other);
        if (written.ok() && answer.ok() && answer->body == "GET 7 ") ++*good;
      }
    }
  };
  int good = 0;
  io::TaskGroup group(loop_.executor(), 200);
  for (int i = 0; i < 200; ++i) group.start(Local::ask(&resolver_, trust_, &loop_, port(), &good));
  EXPECT_TRUE(loop_.run(group.wait()).ok());
  EXPECT_EQ(good, 2000);
}

TEST_F(HttpServer, CarriesBigBodiesBothWays) {
  start();
  RawClient client = connect();
  EXPECT_EQ(client.ask(get("/big/5000000"))->body.size(), 5'000'000U);
  const std::string body(3'000'000, 'u');
  // A second request in the same write, so that it arrives in the buffer of the first one's body.
  EXPECT_EQ(client.ask(post("/upload/1", body) + get("/echo/2"))->body, "POST 1 " + body);
  EXPECT_EQ(client.receive()->body, "GET 2 ");
}

TEST_F(HttpServer, KeepsAnHttp10ConnectionOnlyWhenAsked) {
  start();
  RawClient plain = connect();
  EXPECT_EQ(plain.ask("GET /echo/1 HTTP/1.0\r\n\r\n")->headers.find("Connection"), "close");
  EXPECT_TRUE(plain.ended());
  RawClient keeping = connect();
  EXPECT_EQ(keeping.ask("GET /echo/1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->headers.find("Connection"), "keep-alive");
  EXPECT_EQ(keeping.ask(get("/echo/2"))->status, 200);
}

TEST_F(HttpServer, ReportsEveryAnswerOnce) {
  Guarded<std::vector<std::string>> seen;
  options_.on_finished = [&](const FinishedRequest& finished) {
    seen.lock()->push_back(fmt::format("{} {} {} {}", finished.route, finished.method, finished.path, finished.status));
  };
  start();
  RawClient client = connect();
  EXPECT_TRUE(client.ask(get("/echo/1")).ok());
  EXPECT_TRUE(client.ask(get("/nothing")).ok());
  EXPECT_TRUE(client.ask("bad\r\n\r\n").ok());
  EXPECT_TRUE(client.ended());
  client.close();
  EXPECT_TRUE(server_->stop(10s).ok());
  EXPECT_EQ(*seen.lock(), (std::vector<std::string>{"/echo/{id} GET /echo/1 200", " GET /nothing 404", "   400"}));
}

TEST_F(HttpServer, StopsByEndingIdleConnectionsAndFinishingWhatRuns) {
  start();
  const std::uint16_t old_port = port();
  RawClient idle = connect();
  EXPECT_EQ(idle.ask(get("/echo/1"))->status, 200);
  RawClient running = connect();
  running.send(get("/wait"));
  api_.gate_reached.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { return server_->stop(10s); });
  EXPECT_TRUE(idle.ended());  // also says that the server is stopping by now
  api_.gate.complete(Result<void>());
  const Response last = running.receive().value();
  EXPECT_EQ(last.body, "after the gate");
  EXPECT_EQ(last.headers.find("Connection"), "close");
  running.close();
  idle.close();
  EXPECT_TRUE(stopped.get().ok());
  EXPECT_FALSE(loop_.run(io::connect_tcp(resolver_, "127.0.0.1", old_port, io::Deadline::after(kSoon))).ok());
}

TEST_F(HttpServer, CancelsWhatStillRunsWhenItsPatienceEnds) {
  start();
  RawClient running = connect();
  running.send(get("/wait"));
  api_.gate_reached.get_future().wait();
  EXPECT_TRUE(server_->stop(10ms).ok());
  EXPECT_EQ(server_->connection_count(), 0U);
}

}  // namespace
}  // namespace ipam::http_server
