// Bodies that go to a sink while they come.
#include "http_server/server_suite.h"

#include <gmock/gmock.h>

namespace ipam::http_server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Seen {
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<std::size_t> pieces = 0, largest = 0;
  std::atomic<bool> gone = false;
};

// Takes everything up to `limit` bytes.
class CountingSink final : public BodySink {
 public:
  CountingSink(Seen& seen, std::uint64_t limit) : seen_(seen), limit_(limit) {}
  ~CountingSink() override { seen_.gone = true; }

  io::Task<Result<void>> take(std::string piece, io::Deadline /*deadline*/) override {
    seen_.bytes += piece.size();
    ++seen_.pieces;
    seen_.largest = std::max(seen_.largest.load(), piece.size());
    if (piece.find("throw") != std::string::npos) throw LogicError("secret of the exception");
    if (seen_.bytes > limit_) co_return Error(ErrorCode::Exhausted, "there is no room for more");
    co_return Result<void>();
  }

 private:
  Seen& seen_;
  const std::uint64_t limit_;
};

class HttpUpload : public HttpServer {
 protected:
  HttpUpload() {
    options_.admit = [this](RequestContext& context) { return admit(this, &context); };
  }
  static io::Task<Result<void>> admit(HttpUpload* self, RequestContext* context) {
    if (context->request.path.starts_with("/upload")) context->sink = std::make_shared<CountingSink>(self->seen_, self->limit_);
    co_return Result<void>();
  }

  Seen seen_;
  std::uint64_t limit_ = 1U << 30U;
};

TEST_F(HttpUpload, TheBodyGoesToTheSinkPieceByPiece) {
  start();
  RawClient client = connect();
  const std::string body(3'000'000, 'x');
  const Response answer = client.ask(post("/upload/7", body)).value();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "POST 7 ");
  EXPECT_EQ(seen_.bytes, body.size());
  EXPECT_GT(seen_.pieces, 10U);
  EXPECT_LE(seen_.largest, 64U * 1024);
  // The connection goes on.
  EXPECT_EQ(client.ask(post("/echo/1", "small"))->body, "POST 1 small");
}

TEST_F(HttpUpload, ChunksAreTakenOutOfTheirFraming) {
  start();
  RawClient client = connect();
  client.send("POST /upload/1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i) client.send("3e8\r\n" + std::string(1'000, 'c') + "\r\n");
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 200);
  EXPECT_EQ(seen_.bytes, 100'000U);
}

TEST_F(HttpUpload, WhatTheSinkRefusesIsAnswered) {
  limit_ = 100'000;
  start();
  RawClient client = connect();
  client.send(announce("/upload/1", 2'000'000));
  client.send(std::string(500'000, 'x'));
  const Response refused = client.receive().value();
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("there is no room for more"));
  EXPECT_TRUE(client.ended());
}

TEST_F(HttpUpload, TheLimitOfTheRouteHoldsForTheSinkToo) {
  start();
  RawClient client = connect();
  EXPECT_EQ(client.ask(announce("/upload/1", 5U * 1024 * 1024))->status, 413);
  EXPECT_EQ(seen_.bytes, 0U);
}

TEST_F(HttpUpload, AnExceptionOfTheSinkIsAnInternalError) {
  start();
  RawClient client = connect();
  const Response failed = client.ask(post("/upload/1", "throw")).value();
  EXPECT_EQ(failed.status, 500);
  EXPECT_THAT(failed.body, testing::Not(HasSubstr("secret")));
}

TEST_F(HttpUpload, AClientThatLeavesTakesItsSinkWithIt) {
  start();
  {
    RawClient client = connect();
    client.send(announce("/upload/1", 2'000'000));
    client.send(std::string(500'000, 'x'));
    client.close();
  }
  // Stopping waits for the connection's end.
  ASSERT_TRUE(server_->stop(5s).ok());
  EXPECT_TRUE(seen_.gone);
}

}  // namespace
}  // namespace ipam::http_server
