#include "http_server/server.h"

#include "base/assert.h"
#include "io/blocking.h"
#include "io/certificate_suite.h"
#include "io/completion.h"
#include "io/connect.h"
#include "io/task_group.h"
#include "wire/http1/parser.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <deque>
#include <future>

namespace ipam::http_server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using wire::http1::ParserState;
using wire::http1::ResponseParser;

constexpr Duration kSoon = 20s;

// The handlers of the tests and what they share with the tests' threads.
struct Api {
  io::Completion<void> gate;
  std::promise<void> gate_reached;

  static io::Task<Result<Response>> echo(RequestContext& context) {
    Response response;
    response.body = fmt::format("{} {} {}", context.request.method, context.parameter("id"), context.request.body);
    co_return response;
  }
  static io::Task<Result<Response>> fail(RequestContext& context) {
    const std::string& code = context.parameter("code");
    if (code == "throw") throw LogicError("secret of the exception");
    if (code == "bad_status") co_return Response{42, {}, ""};
    if (code == "bad_field") co_return Response{200, {{"A\nB", "x"}}, ""};
    co_return Error(error_code_row(code).code, "what went wrong", "secret detail");
  }
  static io::Task<Result<Response>> big(RequestContext& context) {
    Response response;
    response.body.assign(std::stoul(context.parameter("size")), 'b');
    co_return response;
  }
  // Answers once the test opens the gate.
  io::Task<Result<Response>> wait(RequestContext& context) {
    gate_reached.set_value();
    IPAM_CO_CHECK(co_await gate.wait(context.deadline));
    co_return Response{200, {}, "after the gate"};
  }

  Router router() {
    Router made;
    made.add({.method = "GET", .path = "/echo/{id}", .handler = echo});
    made.add({.method = "POST", .path = "/echo/{id}", .handler = echo, .body_limit = 64 * 1024});
    made.add({.method = "POST", .path = "/upload/{id}", .handler = echo, .body_limit = 4 * 1024 * 1024});
    made.add({.method = "GET", .path = "/fail/{code}", .handler = fail});
    made.add({.method = "GET", .path = "/big/{size}", .handler = big});
    made.add({.method = "GET", .path = "/wait", .handler = [this](RequestContext& context) { return wait(context); }});
    return made;
  }
};

// A client that sends bytes as it likes and reads answers one by one.
class RawClient {
 public:
  RawClient(io::BlockingLoop& loop, io::StreamPtr stream) : loop_(&loop), stream_(std::move(stream)) {}

  bool send(std::string_view text) { return loop_->run(stream_->write(as_bytes(text), io::Deadline::after(kSoon))).ok(); }
  Result<Response> receive(ResponseParser::AnswerTo request = ResponseParser::AnswerTo::Other) { return loop_->run(receive_on(this, request)); }
  Result<Response> ask(std::string_view text) {
    send(text);
    return receive();
  }
  // Whether the server ends the connection, with nothing more to read.
  bool ended() {
    if (!left_.empty()) return false;
    std::array<std::uint8_t, 1> byte;
    const auto count = loop_->run(stream_->read_some(byte, io::Deadline::after(kSoon)));
    return count.ok() ? *count == 0 : count.error().code == ErrorCode::Unavailable;
  }
  void close() { stream_->close(); }
  io::Stream& stream() { return *stream_; }

  static io::Task<Result<Response>> receive_on(RawClient* self, ResponseParser::AnswerTo request) {
    ResponseParser parser({.body_bytes = 100'000'000}, request);
    while (parser.state() != ParserState::Done) {
      if (self->left_.empty()) {
        self->buffer_.resize(16 * 1024);
        IPAM_CO_TRY(const std::size_t count, co_await self->stream_->read_some(self->buffer_, io::Deadline::after(kSoon)));
        if (count == 0) co_return Error(ErrorCode::Unavailable, "ended");
        self->left_ = ByteView(self->buffer_).first(count);
      }
      IPAM_CO_TRY(const std::size_t used, parser.feed(self->left_));
      self->left_ = self->left_.subspan(used);
    }
    co_return std::move(parser.response());
  }

 private:
  io::BlockingLoop* loop_;
  io::StreamPtr stream_;
  Bytes buffer_;
  ByteView left_;
};

std::string get(const std::string& path, const std::string& fields = "") { return fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n{}\r\n", path, fields); }
std::string post(const std::string& path, const std::string& body, const std::string& fields = "") {
  return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{}\r\n{}", path, body.size(), fields, body);
}
std::string announce(const std::string& path, std::uint64_t size, const std::string& fields = "") {
  return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{}\r\n", path, size, fields);
}

class HttpServer : public testing::Test {
 protected:
  HttpServer() {
    const io::TestCertificate& certificate = io::loopback_certificate();
    options_.address = "127.0.0.1";
    options_.tls = io::TlsServerContext::create({certificate.certificate_pem, certificate.key_pem}).value();
    io::TlsClientOptions trust;
    trust.fingerprint = options_.tls->fingerprint();
    trust_ = io::TlsClientContext::create(trust).value();
  }

  void start() {
    server_ = Server::create(pool_, api_.router(), options_).value();
    server_->start();
  }
  std::uint16_t port() const { return server_->local().port; }
  io::StreamPtr connect_plain() { return loop_.run(io::connect_tcp(resolver_, "127.0.0.1", port(), io::Deadline::after(kSoon))).value(); }
  Result<io::StreamPtr> try_connect() { return loop_.run(io::connect_tls(resolver_, "127.0.0.1", port(), trust_, io::Deadline::after(kSoon))); }
  RawClient connect() {
    if (options_.transport == Transport::PlainHttp) return {loop_, connect_plain()};
    return {loop_, try_connect().value()};
  }

  io::IoPool pool_{2};
  io::BlockingLoop loop_;
  io::Resolver resolver_{1};
  Api api_;
  ServerOptions options_;
  std::shared_ptr<const io::TlsClientContext> trust_;
  std::unique_ptr<Server> server_;
};

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

TEST_F(HttpServer, RefusesAnAnnouncedGigabyteBeforeReadingIt) {
  start();
  RawClient client = connect();
  const Response refused = client.ask(announce("/echo/1", 1U << 30)).value();
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.headers.find("Connection"), "close");
  EXPECT_TRUE(client.ended());

  // The client that sends on without looking still reads the answer.
  RawClient stubborn = connect();
  stubborn.send(announce("/echo/1", 1U << 30));
  stubborn.send(std::string(500'000, 'x'));
  EXPECT_EQ(stubborn.receive()->status, 413);
}

TEST_F(HttpServer, RefusesAChunkedBodyWithoutEnd) {
  start();
  RawClient client = connect();
  client.send("POST /echo/1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string chunks;
  for (int i = 0; i < 100; ++i) chunks += "400\r\n" + std::string(1024, 'c') + "\r\n";
  client.send(chunks);
  EXPECT_EQ(client.receive()->status, 413);
  EXPECT_TRUE(client.ended());
}

TEST_F(HttpServer, RefusesAMegabyteOfHeader) {
  start();
  RawClient client = connect();
  client.send("GET / HTTP/1.1\r\nHost: x\r\nX: ");
  client.send(std::string(1'000'000, 'h'));
  EXPECT_EQ(client.receive()->status, 431);
  RawClient other = connect();
  std::string fields;
  for (int i = 0; i < 101; ++i) fields += "A: b\r\n";
  EXPECT_EQ(other.ask(get("/echo/1", fields))->status, 431);
}

TEST_F(HttpServer, GivesLeaveToContinueOnlyWhenTheBodyIsWelcome) {
  start();
  RawClient client = connect();
  EXPECT_EQ(client.ask(announce("/echo/1", 4, "Expect: 100-continue\r\n"))->status, 100);
  EXPECT_EQ(client.ask("body")->body, "POST 1 body");
  EXPECT_EQ(client.ask(announce("/echo/1", 1'000'000, "Expect: 100-continue\r\n"))->status, 413);
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(connect().ask(announce("/nothing", 4, "Expect: 100-continue\r\n"))->status, 404);
  EXPECT_EQ(connect().ask(announce("/echo/1", 4, "Expect: a-miracle\r\n"))->status, 417);
}

TEST_F(HttpServer, AsksForAdmissionBeforeItReadsTheBody) {
  struct Local {
    static io::Task<Result<void>> admit(RequestContext& context) {
      if (!context.request.headers.contains("Authorization")) co_return Error(ErrorCode::Unauthenticated, "who are you?");
      if (context.request.headers.find("Authorization") == "throw") throw LogicError("secret");
      co_return Result<void>();
    }
  };
  options_.admit = Local::admit;
  start();
  RawClient client = connect();
  EXPECT_EQ(client.ask(announce("/upload/1", 4'000'000, "Expect: 100-continue\r\n"))->status, 401);
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(connect().ask(get("/echo/1", "Authorization: me\r\n"))->status, 200);
  EXPECT_EQ(connect().ask(get("/echo/1", "Authorization: throw\r\n"))->status, 500);
}

TEST_F(HttpServer, RefusesGarbageAndEndsTheConnection) {
  start();
  for (const char* text : {"garbage\r\n\r\n", "GET /echo/1 HTTP/1.1\n", "GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", "GET /echo/1 HTTP/1.1\r\n\r\n",
                           "POST /echo/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    RawClient client = connect();
    const auto refused = client.ask(text);
    ASSERT_TRUE(refused.ok()) << text;
    EXPECT_EQ(refused->status, 400) << text;
    EXPECT_TRUE(refused->headers.contains("X-Request-Id"));
    EXPECT_TRUE(client.ended());
  }
  RawClient not_tls(loop_, connect_plain());
  not_tls.send(get("/echo/1"));
  EXPECT_FALSE(not_tls.receive().ok());
  RawClient noise(loop_, connect_plain());
  noise.send(std::string("\x16\x03\x01\xff\xff", 5) + std::string(70'000, '\x01'));
  EXPECT_FALSE(noise.receive().ok());
  EXPECT_EQ(connect().ask(get("/echo/1"))->status, 200);
}

TEST_F(HttpServer, EndsConnectionsThatAreSilentOrSlowAtAnyStage) {
  options_.handshake_timeout = 50ms;
  options_.header_timeout = 50ms;
  options_.idle_timeout = 50ms;
  options_.transfer_timeout = 50ms;
  options_.slowest_rate = 1'000'000'000;  // or what fits the kernel's buffers would earn minutes
  options_.linger = 50ms;
  std::promise<void> big_ended;
  options_.on_finished = [&](const FinishedRequest& finished) {
    if (finished.route == "/big/{size}") big_ended.set_value();
  };
  start();
  RawClient before_handshake(loop_, connect_plain());
  EXPECT_TRUE(before_handshake.ended());
  RawClient after_handshake = connect();
  EXPECT_TRUE(after_handshake.ended());
  RawClient half_header = connect();
  EXPECT_EQ(half_header.ask("GET /echo/1 HTTP/1.1\r\nHos")->status, 408);
  EXPECT_TRUE(half_header.ended());
  RawClient half_body = connect();
  EXPECT_EQ(half_body.ask(announce("/echo/1", 10) + "half")->status, 408);
  EXPECT_TRUE(half_body.ended());
  RawClient idle = connect();
  EXPECT_EQ(idle.ask(get("/echo/1"))->status, 200);
  EXPECT_TRUE(idle.ended());
  RawClient does_not_read = connect();
  does_not_read.send(get("/big/50000000"));
  big_ended.get_future().wait();
}

TEST_F(HttpServer, LivesOnWhenClientsLeaveEarly) {
  start();
  connect().send("GET /echo/1 HT");
  connect().send(announce("/upload/1", 1000) + "half");
  connect().send(get("/big/50000000"));
  {
    RawClient waiting = connect();
    waiting.send(get("/wait"));
    api_.gate_reached.get_future().wait();
    waiting.close();
  }
  api_.gate.complete(Result<void>());
  connect_plain()->close();
  EXPECT_EQ(connect().ask(get("/echo/1"))->status, 200);
  EXPECT_TRUE(server_->stop(10s).ok());
}

TEST_F(HttpServer, EndsAConnectionAfterItsShareOfRequests) {
  options_.requests_per_connection = 3;
  start();
  RawClient client = connect();
  EXPECT_FALSE(client.ask(get("/echo/1"))->headers.contains("Connection"));
  EXPECT_FALSE(client.ask(get("/echo/1"))->headers.contains("Connection"));
  EXPECT_EQ(client.ask(get("/echo/1"))->headers.find("Connection"), "close");
  EXPECT_TRUE(client.ended());
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

TEST_F(HttpServer, LimitsConnectionsInTotalAndForEachPeer) {
  for (const bool per_peer : {false, true}) {
    options_.connections = per_peer ? 100 : 2;
    options_.connections_per_peer = per_peer ? 2 : 100;
    start();
    RawClient first = connect();
    RawClient second = connect();
    EXPECT_EQ(first.ask(get("/echo/1"))->status, 200);
    EXPECT_EQ(second.ask(get("/echo/1"))->status, 200);
    EXPECT_EQ(server_->connection_count(), 2U);
    EXPECT_FALSE(try_connect().ok());
    EXPECT_EQ(first.ask(get("/echo/1"))->status, 200);
    // A connection that ended makes room: its place is free once its client has read the end.
    first.send(get("/echo/1", "Connection: close\r\n"));
    EXPECT_EQ(first.receive()->status, 200);
    EXPECT_TRUE(first.ended());
    first.close();
    Result<io::StreamPtr> third = try_connect();
    while (!third.ok()) third = try_connect();
    server_.reset();
  }
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
