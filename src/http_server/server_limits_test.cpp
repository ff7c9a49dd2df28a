// What the server refuses and when it ends a connection: sizes, times, counts, garbage.
#include "http_server/server_suite.h"

#include <gmock/gmock.h>

namespace ipam::http_server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

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

}  // namespace
}  // namespace ipam::http_server
