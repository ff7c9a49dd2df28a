// Answers whose body is made while it is sent.
#include "http_server/server.h"
#include "io/blocking.h"
#include "io/completion.h"
#include "io/connect.h"
#include "wire/http1/parser.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <future>

namespace ipam::http_server {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using wire::http1::ParserState;
using wire::http1::ResponseParser;

constexpr Duration kSoon = 20s;

// What the bodies of the tests share with the test's thread.
struct Shared {
  io::Completion<void> gate;
  std::promise<void> waiting;
  std::atomic<int> pieces = 0;
  std::promise<void> gone;
};

// Three pieces; waits at the gate for ever after them, fails, or goes on without end, as the path says.
class Body final : public BodySource {
 public:
  Body(Shared& shared, std::string kind) : shared_(shared), kind_(std::move(kind)) {}
  ~Body() override { shared_.gone.set_value(); }

  io::Task<Result<std::string>> next(io::Deadline deadline) override {
    const int number = ++shared_.pieces;
    if (kind_ == "endless") co_return std::string(64 * 1024, 'e');
    if (number <= 3) co_return fmt::format("piece {}\n", number);
    if (kind_ == "whole") co_return std::string();
    if (kind_ == "broken") co_return Error(ErrorCode::Unavailable, "the database is gone");
    shared_.waiting.set_value();
    IPAM_CO_CHECK(co_await shared_.gate.wait(deadline));
    co_return std::string();
  }

 private:
  Shared& shared_;
  const std::string kind_;
};

class Stream : public testing::Test {
 protected:
  void start() {
    Router router;
    Handler handler = [this](RequestContext& context) { return answer(&shared_, context.parameter("kind")); };
    router.add({.method = "GET", .path = "/{kind}", .handler = handler});
    router.add({.method = "POST", .path = "/json", .handler = handler, .media_types = {"application/json"}});
    options_.address = "127.0.0.1";
    options_.transport = Transport::PlainHttp;
    server_ = Server::create(pool_, std::move(router), options_).value();
    server_->start();
    client_ = loop_.run(io::connect_tcp(resolver_, "127.0.0.1", server_->local().port, io::Deadline::after(kSoon))).value();
  }
  static io::Task<Result<Response>> answer(Shared* shared, std::string kind) {
    Response response;
    response.source = std::make_unique<Body>(*shared, std::move(kind));
    co_return response;
  }
  void send(const std::string& text) { ASSERT_TRUE(loop_.run(client_->write(as_bytes(text), io::Deadline::after(kSoon))).ok()); }
  void get(const std::string& path, const std::string& version = "1.1") { send(fmt::format("GET {} HTTP/{}\r\nHost: x\r\n\r\n", path, version)); }
  // What comes until the text ends so, or the connection ends.
  std::string read_until(const std::string& end) { return loop_.run(read_on(client_.get(), end)); }
  static io::Task<std::string> read_on(io::Stream* stream, std::string end) {
    std::string text;
    std::array<std::uint8_t, 4096> buffer{};
    while (end.empty() || !text.ends_with(end)) {
      const auto count = co_await stream->read_some(buffer, io::Deadline::after(kSoon));
      if (!count.ok() || *count == 0) break;
      text += as_text(ByteView(buffer).first(*count));
    }
    co_return text;
  }

  io::IoPool pool_{2};
  io::BlockingLoop loop_;
  io::Resolver resolver_{1};
  Shared shared_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  io::StreamPtr client_;
};

TEST_F(Stream, SendsEachPieceAsAChunkAndKeepsTheConnection) {
  start();
  get("/whole");
  const std::string text = read_until("0\r\n\r\n");
  EXPECT_THAT(text, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(text, HasSubstr("X-Request-Id: "));
  EXPECT_THAT(text, EndsWith("\r\n\r\n8\r\npiece 1\n\r\n8\r\npiece 2\n\r\n8\r\npiece 3\n\r\n0\r\n\r\n"));
  send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(read_until("\r\n\r\n"), HasSubstr("204 No Content"));
}

TEST_F(Stream, EndsWithTheConnectionForAClientOfHttp10) {
  start();
  get("/whole", "1.0");
  const std::string text = read_until("");
  EXPECT_THAT(text, EndsWith("\r\n\r\npiece 1\npiece 2\npiece 3\n"));
  EXPECT_THAT(text, HasSubstr("Connection: close"));
}

TEST_F(Stream, LeavesTheLastChunkOutWhenItBreaks) {
  start();
  get("/broken");
  EXPECT_THAT(read_until(""), EndsWith("piece 3\n\r\n"));
}

TEST_F(Stream, EndsProperlyAndAtOnceWhenTheServerStops) {
  start();
  get("/waiting");
  shared_.waiting.get_future().get();
  EXPECT_TRUE(server_->stop(kSoon).ok());
  EXPECT_THAT(read_until(""), EndsWith("piece 3\n\r\n0\r\n\r\n"));
  shared_.gone.get_future().get();
}

TEST_F(Stream, IsNeverAheadOfAClientThatDoesNotReadAndCutsItOff) {
  options_.transfer_timeout = 300ms;
  start();
  get("/endless");
  shared_.gone.get_future().get();
  // What the buffers of the kernel took, and no more.
  EXPECT_LT(shared_.pieces, 1'000);
}

TEST_F(Stream, RefusesABodyOfAnotherMediaTypeBeforeItIsRead) {
  start();
  send("POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n");
  EXPECT_THAT(read_until(""), HasSubstr("415 Unsupported Media Type"));
}

}  // namespace
}  // namespace ipam::http_server
