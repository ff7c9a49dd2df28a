#include "io/acceptor.h"
#include "io/blocking.h"
#include "io/certificate_suite.h"
#include "io/connect.h"
#include "io/io_pool.h"
#include "io/task_group.h"
#include "support/temporary_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace ipam::io {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string write_file(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  return path;
}

std::shared_ptr<const TlsServerContext> server_context(const TestCertificate& certificate = loopback_certificate()) {
  return TlsServerContext::create({certificate.certificate_pem, certificate.key_pem}).value();
}

std::shared_ptr<const TlsClientContext> pinning(const std::string& fingerprint) {
  TlsClientOptions options;
  options.fingerprint = fingerprint;
  return TlsClientContext::create(options).value();
}

Task<Result<std::string>> read_text(Stream* stream, std::size_t size, Deadline deadline) {
  std::string text(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const std::span<std::uint8_t> rest(reinterpret_cast<std::uint8_t*>(text.data()) + filled, size - filled);
    IPAM_CO_TRY(const std::size_t count, co_await stream->read_some(rest, deadline));
    if (count == 0) break;
    filled += count;
  }
  text.resize(filled);
  co_return text;
}

// A server on 127.0.0.1 and the loop that serves it and the client alike.
class Streams : public testing::Test {
 protected:
  Streams() : acceptor_(Acceptor::listen(loop_.executor(), "127.0.0.1", 0).value()) {}

  std::uint16_t port() const { return acceptor_->local().port; }
  Deadline soon() const { return Deadline::after(10s); }

  // Accepts one connection, as TLS when a context is given.
  static Task<Result<StreamPtr>> serve(Acceptor* acceptor, std::shared_ptr<const TlsServerContext> context, Deadline deadline) {
    IPAM_CO_TRY(StreamPtr plain, co_await acceptor->accept(co_await current_executor(), deadline));
    if (!context) co_return std::move(plain);
    co_return co_await accept_tls(std::move(plain), std::move(context), deadline);
  }
  static Task<void> serve_into(Acceptor* acceptor, std::shared_ptr<const TlsServerContext> context, Deadline deadline,
                               std::optional<Result<StreamPtr>>* out) {
    out->emplace(co_await serve(acceptor, std::move(context), deadline));
  }

  struct Pair {
    Result<StreamPtr> server;
    Result<StreamPtr> client;
  };
  Pair connect(std::shared_ptr<const TlsServerContext> served, std::shared_ptr<const TlsClientContext> trusted,
               const std::string& host = "127.0.0.1") {
    std::optional<Result<StreamPtr>> server;
    spawn(loop_.executor(), serve_into(acceptor_.get(), served, Deadline::after(2s), &server), "server");
    auto client =
        trusted ? loop_.run(connect_tls(resolver_, host, port(), trusted, soon())) : loop_.run(connect_tcp(resolver_, host, port(), soon()));
    while (!server) loop_.run(nothing());
    return {std::move(*server), std::move(client)};
  }
  static Task<void> nothing() { co_return; }

  BlockingLoop loop_;
  Resolver resolver_;
  std::unique_ptr<Acceptor> acceptor_;
};

TEST_F(Streams, CarryBytesBothWaysPlainAndOverTls) {
  for (const bool tls : {false, true}) {
    const auto served = tls ? server_context() : nullptr;
    auto pair = connect(served, tls ? pinning(served->fingerprint()) : nullptr);
    ASSERT_TRUE(pair.server.ok() && pair.client.ok());
    Stream& server = **pair.server;
    Stream& client = **pair.client;
    EXPECT_EQ(client.encrypted(), tls);
    EXPECT_EQ(client.peer().to_string(), fmt::format("127.0.0.1:{}", port()));
    EXPECT_EQ(server.peer(), client.local());
    const std::string big(3'000'000, 'x');
    TaskGroup group(loop_.executor(), 2);
    struct Local {
      static Task<void> send(Stream* stream, const std::string* text) {
        const auto written = co_await stream->write(as_bytes(*text), Deadline::after(10s));
        EXPECT_TRUE(written.ok());
      }
    };
    group.start(Local::send(&client, &big));
    EXPECT_EQ(loop_.run(read_text(&server, big.size(), soon())).value(), big);
    EXPECT_TRUE(loop_.run(group.wait()).ok());
    EXPECT_TRUE(loop_.run(server.write(as_bytes("answer"), soon())).ok());
    EXPECT_EQ(loop_.run(read_text(&client, 6, soon())).value(), "answer");
  }
}

TEST_F(Streams, EndOrderlyWithUnreadInputSoThatThePeerReadsTheLastBytes) {
  for (const bool tls : {false, true}) {
    const auto served = tls ? server_context() : nullptr;
    auto pair = connect(served, tls ? pinning(served->fingerprint()) : nullptr);
    ASSERT_TRUE(pair.server.ok() && pair.client.ok());
    EXPECT_TRUE(loop_.run((*pair.client)->write(as_bytes(std::string(100'000, 'u')), soon())).ok());
    EXPECT_TRUE(loop_.run((*pair.server)->write(as_bytes("last words"), soon())).ok());
    TaskGroup group(loop_.executor(), 1);
    group.start((*pair.server)->shutdown(soon()));
    EXPECT_EQ(loop_.run(read_text(pair.client->get(), 1000, soon())).value(), "last words");
    loop_.run((*pair.client)->shutdown(soon()));
    EXPECT_TRUE(loop_.run(group.wait()).ok());
  }
}

TEST_F(Streams, ReportATlsPeerThatVanishesWithoutCloseNotify) {
  const auto served = server_context();
  auto pair = connect(served, pinning(served->fingerprint()));
  ASSERT_TRUE(pair.server.ok() && pair.client.ok());
  (*pair.server)->close();
  const auto got = loop_.run(read_text(pair.client->get(), 1, soon()));
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::Unavailable);
}

TEST_F(Streams, EndAReadAtItsDeadlineAndByItsToken) {
  for (const bool tls : {false, true}) {
    const auto served = tls ? server_context() : nullptr;
    auto pair = connect(served, tls ? pinning(served->fingerprint()) : nullptr);
    ASSERT_TRUE(pair.server.ok() && pair.client.ok());
    const auto late = loop_.run(read_text(pair.server->get(), 1, Deadline::after(5ms)));
    EXPECT_EQ(late.error().code, ErrorCode::DeadlineExceeded);
    EXPECT_THAT(late.error().message, HasSubstr((*pair.server)->peer().to_string()));
    std::stop_source source;
    std::thread stopper([&] { source.request_stop(); });
    const auto cancelled = loop_.run(read_text(pair.client->get(), 1, Deadline::after(1h).with(source.get_token())));
    stopper.join();
    EXPECT_EQ(cancelled.error().code, ErrorCode::Cancelled);
  }
}

TEST_F(Streams, EndAWriteThatThePeerDoesNotRead) {
  auto pair = connect(nullptr, nullptr);
  const std::string endless(64'000'000, 'x');
  const auto written = loop_.run((*pair.server)->write(as_bytes(endless), Deadline::after(20ms)));
  EXPECT_EQ(written.error().code, ErrorCode::DeadlineExceeded);
}

TEST_F(Streams, WriteToAClosedPeerIsAnErrorNotASignal) {
  const auto served = server_context();
  auto pair = connect(served, pinning(served->fingerprint()));
  (*pair.client)->close();
  Result<void> written;
  for (int i = 0; i < 100 && written.ok(); ++i) written = loop_.run((*pair.server)->write(as_bytes(std::string(100'000, 'x')), soon()));
  EXPECT_EQ(written.error().code, ErrorCode::Unavailable);
}

TEST_F(Streams, TrustACertificateByItsCaAndName) {
  test::TemporaryFolder folder;
  const TestCertificate ca = make_test_certificate({"Test CA"});
  const TestCertificate good = make_test_certificate({"localhost", "127.0.0.1"}, &ca);
  const TestCertificate other_name = make_test_certificate({"elsewhere.example"}, &ca);
  TlsClientOptions options;
  options.ca_file = write_file(folder.file("ca.pem"), ca.certificate_pem);
  const auto trusted = TlsClientContext::create(options).value();
  EXPECT_TRUE(connect(server_context(good), trusted).client.ok());
  EXPECT_TRUE(connect(server_context(good), trusted, "localhost").client.ok());

  const auto wrong_name = connect(server_context(other_name), trusted);
  ASSERT_FALSE(wrong_name.client.ok());
  EXPECT_EQ(wrong_name.client.error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(wrong_name.client.error().message, HasSubstr("IP address mismatch"));
  EXPECT_FALSE(wrong_name.server.ok());

  const auto self_signed = connect(server_context(), trusted);
  ASSERT_FALSE(self_signed.client.ok());
  EXPECT_THAT(self_signed.client.error().message, HasSubstr(server_context()->fingerprint()));

  options.server_name = "elsewhere.example";
  EXPECT_TRUE(connect(server_context(other_name), TlsClientContext::create(options).value()).client.ok());
}

TEST_F(Streams, TrustExactlyThePinnedCertificate) {
  const auto served = server_context(make_test_certificate({"no.such.name"}));
  EXPECT_TRUE(connect(served, pinning(served->fingerprint())).client.ok());
  const auto refused = connect(server_context(), pinning(served->fingerprint()));
  ASSERT_FALSE(refused.client.ok());
  EXPECT_EQ(refused.client.error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(refused.client.error().message, HasSubstr(server_context()->fingerprint()));
}

TEST_F(Streams, TellTheFingerprintOfAnUntrustedServer) {
  std::optional<Result<StreamPtr>> server;
  spawn(loop_.executor(), serve_into(acceptor_.get(), server_context(), soon(), &server), "server");
  EXPECT_EQ(loop_.run(fetch_fingerprint(resolver_, "127.0.0.1", port(), soon())).value(), server_context()->fingerprint());
  while (!server) loop_.run(nothing());
}

TEST_F(Streams, AnswerAnErrorWhenEitherSideDoesNotSpeakTls) {
  struct Local {
    static Task<void> talk(StreamPtr stream, std::string text) {
      const auto written = co_await stream->write(as_bytes(text), Deadline::after(1s));
      EXPECT_TRUE(written.ok());
      co_await stream->shutdown(Deadline::after(1s));
    }
    static Task<void> accept_and_talk(Acceptor* acceptor) {
      auto stream = co_await acceptor->accept(co_await current_executor(), Deadline::after(1s));
      co_await talk(std::move(stream).value(), "220 mail server\r\n");
    }
  };
  spawn(loop_.executor(), Local::accept_and_talk(acceptor_.get()), "server");
  const auto client = loop_.run(connect_tls(resolver_, "127.0.0.1", port(), pinning(server_context()->fingerprint()), soon()));
  EXPECT_EQ(client.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(client.error().message, HasSubstr("TLS failed"));

  std::optional<Result<StreamPtr>> server;
  spawn(loop_.executor(), serve_into(acceptor_.get(), server_context(), soon(), &server), "server");
  auto plain = loop_.run(connect_tcp(resolver_, "127.0.0.1", port(), soon()));
  loop_.run(Local::talk(std::move(plain).value(), "GET / HTTP/1.1\r\n\r\n"));
  while (!server) loop_.run(nothing());
  EXPECT_EQ(server->error().code, ErrorCode::Unavailable);
}

TEST_F(Streams, CloseASilentTlsClientAtTheDeadline) {
  std::optional<Result<StreamPtr>> server;
  spawn(loop_.executor(), serve_into(acceptor_.get(), server_context(), Deadline::after(500ms), &server), "server");  // for the accept too
  auto plain = loop_.run(connect_tcp(resolver_, "127.0.0.1", port(), soon()));
  EXPECT_EQ(loop_.run(read_text(plain->get(), 1, soon())).value(), "");
  EXPECT_EQ(server->error().code, ErrorCode::DeadlineExceeded);
}

TEST_F(Streams, NameTheServerThatRefusesAndTheHostThatDoesNotExist) {
  const std::uint16_t closed = port();
  acceptor_->close();
  const auto refused = loop_.run(connect_tcp(resolver_, "127.0.0.1", closed, soon()));
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr(fmt::format("127.0.0.1:{}: the connection was refused", closed)));
  // An impossible name (a label of 64 octets) is refused by the resolver itself, without asking a name server.
  const auto unknown = loop_.run(connect_tcp(resolver_, std::string(64, 'a') + ".example", 1, soon()));
  EXPECT_FALSE(unknown.ok());
}

TEST_F(Streams, ServeOnAnotherThreadThanTheOneThatAccepts) {
  struct Local {
    static Task<void> echo(StreamPtr stream) {
      const auto text = co_await read_text(stream.get(), 4, Deadline::after(5s));
      const auto written = co_await stream->write(as_bytes(text.value()), Deadline::after(5s));
      EXPECT_TRUE(written.ok());
      co_await stream->shutdown(Deadline::after(5s));
    }
    static Task<void> accept(Acceptor* acceptor, IoPool* pool, int count) {
      for (int i = 0; i < count; ++i) {
        const Executor target = pool->executor();
        auto stream = co_await acceptor->accept(target, Deadline::after(5s));
        spawn(target, echo(std::move(stream).value()), "echo");
      }
    }
    static Task<void> call(Resolver* resolver, std::uint16_t to) {
      auto stream = co_await connect_tcp(*resolver, "127.0.0.1", to, Deadline::after(5s));
      const auto written = co_await (*stream)->write(as_bytes("ping"), Deadline::after(5s));
      EXPECT_TRUE(written.ok());
      const auto text = co_await read_text(stream->get(), 5, Deadline::after(5s));
      EXPECT_EQ(text.value(), "ping");
    }
  };
  IoPool pool(2);
  spawn(loop_.executor(), Local::accept(acceptor_.get(), &pool, 50), "accept");
  TaskGroup group(loop_.executor(), 50);
  for (int i = 0; i < 50; ++i) group.start(Local::call(&resolver_, port()));
  EXPECT_TRUE(loop_.run(group.wait()).ok());
}

TEST_F(Streams, ResumeATlsSessionByTicket) {
  // A bare OpenSSL client on a thread of its own: our client keeps no sessions.
  const auto served = server_context();
  bool resumed = false;
  std::atomic<bool> done = false;
  std::thread client([&, to = port()] {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    SSL_SESSION* session = nullptr;
    for (int round = 0; round < 2; ++round) {
      const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(to);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
      SSL* ssl = SSL_new(context.get());
      SSL_set_fd(ssl, descriptor);
      if (session != nullptr) SSL_set_session(ssl, session);
      char byte = 0;
      if (SSL_connect(ssl) == 1 && SSL_read(ssl, &byte, 1) == 1) {
        resumed = SSL_session_reused(ssl) == 1;
        SSL_SESSION_free(session);
        session = SSL_get1_session(ssl);
        SSL_shutdown(ssl);
      }
      SSL_free(ssl);
      ::close(descriptor);
    }
    SSL_SESSION_free(session);
    done = true;
  });
  for (int round = 0; round < 2; ++round) {
    auto stream = loop_.run(serve(acceptor_.get(), served, soon()));
    ASSERT_TRUE(stream.ok());
    EXPECT_TRUE(loop_.run((*stream)->write(as_bytes("x"), soon())).ok());
    loop_.run((*stream)->shutdown(soon()));
  }
  client.join();
  EXPECT_TRUE(done);
  EXPECT_TRUE(resumed);
}

TEST(TlsContext, RefusesKeysAndCertificatesThatCannotWork) {
  const TestCertificate one = make_test_certificate({"one"}), two = make_test_certificate({"two"});
  EXPECT_THAT(TlsServerContext::create({one.certificate_pem, two.key_pem}).error().message, HasSubstr("does not belong"));
  EXPECT_FALSE(TlsServerContext::create({"nonsense", one.key_pem}).ok());
  EXPECT_FALSE(TlsServerContext::create({one.certificate_pem, Secret("nonsense")}).ok());
  TlsClientOptions options;
  options.fingerprint = "ab:cd";
  EXPECT_FALSE(TlsClientContext::create(options).ok());
  options = {};
  options.ca_file = "/no/such/file";
  EXPECT_THAT(TlsClientContext::create(options).error().message, HasSubstr("/no/such/file"));
}

TEST(Acceptor, RefusesWhatItCannotListenOn) {
  BlockingLoop loop;
  EXPECT_EQ(Acceptor::listen(loop.executor(), "not an address", 0).error().code, ErrorCode::InvalidArgument);
  const auto first = Acceptor::listen(loop.executor(), "127.0.0.1", 0).value();
  EXPECT_EQ(Acceptor::listen(loop.executor(), "127.0.0.1", first->local().port).error().code, ErrorCode::Unavailable);
  EXPECT_EQ(Acceptor::adopt(loop.executor(), 0).error().code, ErrorCode::InvalidArgument);
}

TEST(Acceptor, AdoptsAListeningSocketOfTheServiceManager) {
  BlockingLoop loop;
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_FALSE(Acceptor::adopt(loop.executor(), descriptor).ok());
  ASSERT_EQ(::listen(descriptor, 1), 0);
  const auto acceptor = Acceptor::adopt(loop.executor(), descriptor).value();
  Resolver resolver;
  EXPECT_TRUE(loop.run(connect_tcp(resolver, "127.0.0.1", acceptor->local().port, Deadline::after(5s))).ok());
}

}  // namespace
}  // namespace ipam::io
