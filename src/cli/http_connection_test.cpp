// The real connector against a TLS server on 127.0.0.1 that answers one canned response a connection.
#include "cli/http_connection.h"

#include "base/guarded.h"
#include "cli/fake_api_suite.h"
#include "cli/session.h"
#include "io/acceptor.h"
#include "io/certificate_suite.h"
#include "io/io_pool.h"
#include "wire/http1/parser.h"

#include <gmock/gmock.h>

#include <array>
#include <atomic>

namespace ipam::cli {
namespace {

using ::testing::HasSubstr;
using wire::http1::Request;

std::shared_ptr<const io::TlsServerContext> server_context() {
  const auto& certificate = io::loopback_certificate();
  io::TlsServerOptions options;
  options.certificate_pem = certificate.certificate_pem;
  options.key_pem = certificate.key_pem;
  return io::TlsServerContext::create(options).value();
}

class CannedServer {
 public:
  explicit CannedServer(std::string body) : context_(server_context()), body_(std::move(body)) {
    acceptor_ = io::Acceptor::listen(pool_.executor_at(0), "127.0.0.1", 0).value();
    io::spawn(pool_.executor_at(0), accept_all(this), "canned server");
  }
  ~CannedServer() { pool_.stop(); }

  std::string url() const { return "https://127.0.0.1:" + std::to_string(acceptor_->local().port); }
  const std::string& fingerprint() const { return context_->fingerprint(); }
  int requests() const { return requests_; }
  Request last() const { return *last_.lock(); }

 private:
  static io::Task<void> accept_all(CannedServer* self) {
    while (true) {
      auto plain = co_await self->acceptor_->accept(co_await io::current_executor(), io::Deadline::never());
      if (!plain.ok()) co_return;
      auto stream = co_await io::accept_tls(std::move(plain).value(), self->context_, io::Deadline::after(std::chrono::seconds(10)));
      if (stream.ok()) co_await answer(self, std::move(stream).value());
    }
  }

  static io::Task<void> answer(CannedServer* self, io::StreamPtr stream) {
    const auto deadline = io::Deadline::after(std::chrono::seconds(10));
    wire::http1::Limits limits;
    wire::http1::RequestParser parser(limits);
    std::array<std::uint8_t, 4096> buffer{};
    while (parser.state() != wire::http1::ParserState::Done) {
      const auto count = co_await stream->read_some(buffer, deadline);
      if (!count.ok() || *count == 0) co_return;
      ByteView bytes(buffer.data(), *count);
      while (!bytes.empty()) {
        const auto used = parser.feed(bytes);
        if (!used.ok()) co_return;
        bytes = bytes.subspan(*used);
      }
    }
    ++self->requests_;
    *self->last_.lock() = parser.request();
    wire::http1::Response response;
    response.headers.add("Connection", "close");
    response.body = self->body_;
    const std::string text = wire::http1::serialize(response);
    const auto written = co_await stream->write(as_bytes(text), deadline);
    if (written.ok()) co_await stream->shutdown(deadline);
  }

  io::IoPool pool_{1};
  std::shared_ptr<const io::TlsServerContext> context_;
  std::string body_;
  std::unique_ptr<io::Acceptor> acceptor_;
  std::atomic<int> requests_ = 0;
  Guarded<Request> last_;
};

constexpr const char* kMe = R"({"id":"1","user_name":"admin","access_group":"ipam_administrators"})";

class OverHttps : public ::testing::Test {
 protected:
  OverHttps() { host.variables = {{"IPAM_TOKEN", "t0k"}, {"IPAM_SERVER", server.url()}, {"IPAM_CONFIG", "/nonexistent/profiles.toml"}}; }

  CannedServer server{kMe};
  HttpConnector connector{std::chrono::seconds(10)};
  FakeHost host;
};

TEST_F(OverHttps, SendsTheTokenToThePinnedServer) {
  host.variables["IPAM_FINGERPRINT"] = server.fingerprint();
  ASSERT_EQ(run({"whoami"}, host, connector), 0) << host.error;
  EXPECT_EQ(host.output, "admin (ipam_administrators) at " + server.url() + "\n");
  EXPECT_EQ(server.last().target, "/api/v1/me");
  EXPECT_EQ(server.last().headers.find("authorization"), "Bearer t0k");
}

TEST_F(OverHttps, TellsTheFingerprintOfAServerThatIsNotTrustedAndSendsNothing) {
  host.variables["IPAM_FINGERPRINT"] = std::string(64, '0');
  EXPECT_EQ(run({"whoami"}, host, connector), 8);
  EXPECT_THAT(host.error, HasSubstr("shown:   " + shown_fingerprint(server.fingerprint())));
  host.variables.erase("IPAM_FINGERPRINT");
  EXPECT_EQ(run({"whoami"}, host, connector), 8);
  EXPECT_THAT(host.error, HasSubstr("Its fingerprint is " + shown_fingerprint(server.fingerprint())));
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(OverHttps, SaysWhatToTryWhenNobodyListens) {
  const std::string url = CannedServer("").url();  // gone again
  host.variables["IPAM_SERVER"] = url;
  EXPECT_EQ(run({"whoami"}, host, connector), 11);
  EXPECT_THAT(host.error, HasSubstr("no answer from the IPAM server " + url));
}

TEST(HttpConnector, SpeaksHttpsOnly) {
  HttpConnector connector;
  EXPECT_EQ(connector.open({"http://127.0.0.1:1", "", "", Secret()}).error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace ipam::cli
