#include "client/http/streaming.h"

#include "io/acceptor.h"
#include "io/blocking.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::client::http {
namespace {

using namespace std::chrono_literals;

// A server that answers one connection with these pieces and then closes it or stays silent.
enum class Then { Close, StaySilent };

io::Task<void> answer_once(io::Acceptor* acceptor, std::vector<std::string> pieces, Then then, io::Deadline deadline) {
  const io::Executor executor = co_await io::current_executor();
  auto accepted = co_await acceptor->accept(executor, deadline);
  if (!accepted.ok()) co_return;
  std::array<std::uint8_t, 4096> request{};
  (void)co_await (*accepted)->read_some(request, deadline);
  for (const std::string& piece : pieces) (void)co_await (*accepted)->write(as_bytes(piece), deadline);
  // Until the client goes.
  if (then == Then::StaySilent) (void)co_await (*accepted)->read_some(request, deadline);
}

class Streaming : public testing::Test {
 protected:
  Result<Response> run(std::vector<std::string> pieces, Then then = Then::Close, std::size_t limit = 100) {
    acceptor_ = io::Acceptor::listen(loop_.executor(), "127.0.0.1", 0).value();
    io::spawn(loop_.executor(), answer_once(acceptor_.get(), std::move(pieces), then, io::Deadline::after(20s)), "a server");
    Request request;
    request.url = Url::parse(fmt::format("http://127.0.0.1:{}/events", acceptor_->local().port)).value();
    request.response_limit = 100;
    StreamOptions options;
    options.silence = 200ms;
    TakePiece take = [this, limit](std::string_view piece) -> Result<bool> {
      taken_ += piece;
      return taken_.size() < limit;
    };
    return loop_.run(stream(resolver_, options, std::move(request), std::move(take)));
  }

  io::BlockingLoop loop_;
  io::Resolver resolver_{1};
  std::unique_ptr<io::Acceptor> acceptor_;
  std::string taken_;
};

constexpr const char* kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST_F(Streaming, GivesThePiecesAsTheyComeAndKeepsNone) {
  const auto response = run({kHead, "3\r\none\r\n", "3\r\ntw", "o\r\n", "0\r\n\r\n"});
  ASSERT_TRUE(response.ok()) << response.error().describe();
  EXPECT_EQ(taken_, "onetwo");
  EXPECT_EQ(response->body, "");
}

TEST_F(Streaming, EndsWhenItsReaderHasEnough) {
  EXPECT_TRUE(run({kHead, "3\r\none\r\n"}, Then::StaySilent, 3).ok());
  EXPECT_EQ(taken_, "one");
}

TEST_F(Streaming, SaysThatItWasCutOffOrFellSilent) {
  EXPECT_EQ(run({kHead, "3\r\none\r\n"}).error().code, ErrorCode::Unavailable);
  EXPECT_EQ(run({kHead, "3\r\none\r\n"}, Then::StaySilent).error().code, ErrorCode::DeadlineExceeded);
  EXPECT_EQ(run({kHead, "nonsense\r\n"}).error().code, ErrorCode::Malformed);
}

TEST_F(Streaming, HandsOverARefusalWhole) {
  const auto response = run({"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 7\r\n\r\nlimited"});
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 429);
  EXPECT_EQ(response->body, "limited");
  EXPECT_EQ(taken_, "");
  EXPECT_EQ(run({"HTTP/1.1 500 X\r\nContent-Length: 200\r\n\r\n" + std::string(200, 'x')}).error().code, ErrorCode::Malformed);
}

}  // namespace
}  // namespace ipam::client::http
