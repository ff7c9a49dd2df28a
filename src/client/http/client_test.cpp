#include "client/http/client.h"

#include "io/acceptor.h"
#include "io/blocking.h"
#include "io/certificate_suite.h"
#include "io/task_group.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::client::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Url, ReadsWhatItPrints) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://ipam.example", "https://ipam.example/"},
      {"HTTP://127.0.0.1:8000/a?b=c", "http://127.0.0.1:8000/a?b=c"},
      {"https://[2001:db8::1]:48885/x", "https://[2001:db8::1]:48885/x"},
      {"https://h:443?q=1", "https://h/?q=1"},
      {"http://h:80/", "http://h/"},
  };
  for (const auto& [text, printed] : cases) EXPECT_EQ(Url::parse(text).value().to_string(), printed);
}

TEST(Url, RefusesWhatIsNoUrlOfAServer) {
  for (const char* text :
       {"", "host", "ftp://h/", "https://", "https:///x", "https://user:pw@h/", "https://h:0/", "https://h:65536/", "https://h:x/", "https://[::1/",
        "https://[x]/", "https://[::1]x/", "https://h/ x", "https://h/#f", "https://h\r\n/", "https://h/\r\nX: y", "https://h/%zz", "https://a b/"}) {
    EXPECT_FALSE(Url::parse(text).ok()) << text;
  }
}

// What a server does on one connection: for each request, in turn, the text it answers. After the last answer it closes, or stays silent.
struct Script {
  std::vector<std::string> answers;
  enum class Then { Close, StaySilent, RepeatLast } then = Then::Close;
};

// A server on 127.0.0.1 that follows one script for each connection and remembers what it was sent.
class ScriptedServer {
 public:
  ScriptedServer(io::Executor executor, std::vector<Script> scripts, std::shared_ptr<const io::TlsServerContext> tls = nullptr)
      : acceptor_(io::Acceptor::listen(executor, "127.0.0.1", 0).value()),
        scripts_(std::move(scripts)),
        tls_(std::move(tls)),
        group_(executor, 1000) {
    io::spawn(executor, accept(this, io::Deadline::never().with(stop_.get_token())), "scripted server");
  }

  io::Task<Result<void>> stop() {
    stop_.request_stop();
    acceptor_->close();
    return group_.wait();
  }

  Url url(const std::string& target = "/") const {
    return Url::parse(fmt::format("{}://127.0.0.1:{}{}", tls_ ? "https" : "http", acceptor_->local().port, target)).value();
  }
  std::size_t connections = 0;
  std::vector<std::string> requests;

 private:
  static io::Task<void> accept(ScriptedServer* self, io::Deadline deadline) {
    const io::Executor executor = co_await io::current_executor();
    while (true) {
      auto stream = co_await self->acceptor_->accept(executor, deadline);
      if (!stream.ok()) co_return;
      const Script script = self->scripts_.at(std::min(self->connections++, self->scripts_.size() - 1));
      self->group_.start(serve(self, std::move(stream).value(), script, deadline));
    }
  }

  static io::Task<void> serve(ScriptedServer* self, io::StreamPtr stream, Script script, io::Deadline deadline) {
    if (self->tls_) {
      auto secured = co_await io::accept_tls(std::move(stream), self->tls_, deadline);
      if (!secured.ok()) co_return;
      stream = std::move(secured).value();
    }
    for (std::size_t i = 0; i < script.answers.size() || script.then == Script::Then::RepeatLast; ++i) {
      const std::string request = co_await read_request(stream.get(), deadline);
      if (request.empty()) co_return;
      self->requests.push_back(request);
      const std::string& answer = script.answers[std::min(i, script.answers.size() - 1)];
      const auto written = co_await stream->write(as_bytes(answer), deadline);
      if (!written.ok()) co_return;
    }
    while (script.then == Script::Then::StaySilent) {
      const std::string ignored = co_await read_request(stream.get(), deadline);
      if (ignored.empty()) break;
    }
    co_await stream->shutdown(deadline.at_most(5s));
  }

  // The header, and the body when there is one of known length and no expectation.
  static io::Task<std::string> read_request(io::Stream* stream, io::Deadline deadline) {
    std::string text;
    std::uint8_t byte = 0;
    std::size_t wanted = std::string::npos;
    while (text.size() < wanted) {
      const auto count = co_await stream->read_some(std::span(&byte, 1), deadline);
      if (!count.ok() || *count == 0) co_return text;
      text += static_cast<char>(byte);
      if (wanted == std::string::npos && text.ends_with("\r\n\r\n")) {
        wanted = text.size();
        const auto at = text.find("Content-Length: ");
        if (at != std::string::npos && text.find("Expect:") == std::string::npos) wanted += std::stoul(text.substr(at + 16));
      }
    }
    co_return text;
  }

  std::unique_ptr<io::Acceptor> acceptor_;
  std::vector<Script> scripts_;
  std::shared_ptr<const io::TlsServerContext> tls_;
  std::stop_source stop_;
  io::TaskGroup group_;
};

std::string ok(const std::string& body) { return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body); }

class HttpClient : public testing::Test {
 protected:
  void TearDown() override {
    client_.reset();
    if (server_) {
      EXPECT_TRUE(loop_.run(server_->stop()).ok());
    }
    server_.reset();
  }

  void serve(std::vector<Script> scripts, std::shared_ptr<const io::TlsServerContext> tls = nullptr) {
    ClientOptions options;
    options.continue_wait = 20ms;
    if (tls) {
      io::TlsClientOptions trust;
      trust.fingerprint = tls->fingerprint();
      options.tls = io::TlsClientContext::create(trust).value();
    }
    server_.emplace(loop_.executor(), std::move(scripts), std::move(tls));
    client_.emplace(resolver_, options);
  }

  Request request(const std::string& method = "GET", const std::string& body = "") {
    Request made;
    made.method = method;
    made.url = server_->url("/x?y=1");
    made.body = body;
    return made;
  }
  Result<Response> send(const Request& made, Duration patience = 10s) { return loop_.run(client_->send(made, io::Deadline::after(patience))); }
  Result<Response> send(const std::string& method = "GET", const std::string& body = "") { return send(request(method, body)); }

  io::BlockingLoop loop_;
  io::Resolver resolver_;
  std::optional<ScriptedServer> server_;
  std::optional<Client> client_;
};

TEST_F(HttpClient, SendsARequestAsHttpWantsIt) {
  serve({{{ok("hello")}}});
  Request made = request("POST", "{}");
  made.headers.add("Content-Type", "application/json");
  set_basic_authorization(made.headers, "Aladdin", Secret("open sesame"));
  EXPECT_EQ(send(made).value().body, "hello");
  EXPECT_EQ(server_->requests.at(0),
            fmt::format("POST /x?y=1 HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"
                        "Host: {}\r\nUser-Agent: cadastre\r\nContent-Length: 2\r\n\r\n{{}}",
                        server_->url().authority()));
}

TEST_F(HttpClient, KeepsItsConnectionPlainAndOverTls) {
  const io::TestCertificate& certificate = io::loopback_certificate();
  for (const bool tls : {false, true}) {
    serve({{{ok("a")}, Script::Then::RepeatLast}},
          tls ? io::TlsServerContext::create({certificate.certificate_pem, certificate.key_pem}).value() : nullptr);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(send(i % 2 == 0 ? "GET" : "POST").value().body, "a");
    EXPECT_EQ(server_->connections, 1U);
    EXPECT_EQ(client_->idle_count(), 1U);
    client_->close_idle();
    EXPECT_EQ(client_->idle_count(), 0U);
    TearDown();
  }
}

TEST_F(HttpClient, SendsManyRequestsAtATime) {
  serve({{{ok("a")}, Script::Then::RepeatLast}});
  struct Local {
    static io::Task<void> get(Client* client, Request made, int* good) {
      const auto answer = co_await client->send(made, io::Deadline::after(10s));
      if (answer.ok() && answer->body == "a") ++*good;
    }
  };
  int good = 0;
  io::TaskGroup group(loop_.executor(), 20);
  for (int i = 0; i < 100; ++i) group.start(Local::get(&*client_, request(), &good));
  EXPECT_TRUE(loop_.run(group.wait()).ok());
  EXPECT_EQ(good, 100);
  EXPECT_EQ(client_->idle_count(), 8U);
}

TEST_F(HttpClient, ReadsAnAnswerOfSeveralMegabytes) {
  const std::string big(5'000'000, 'j');
  serve({{{ok(big)}}});
  EXPECT_EQ(send("POST", "{}").value().body, big);
}

TEST_F(HttpClient, TakesAnyStatusAsAnAnswerAndFollowsNoRedirect) {
  serve({{{"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"}}});
  EXPECT_EQ(send().value().status, 302);
}

TEST_F(HttpClient, ReadsHeadInterimAnswersAndAnswersThatEndWithTheConnection) {
  serve({{{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + ok("b"),
           "HTTP/1.1 200 OK\r\n\r\nuntil the end"}}});
  EXPECT_EQ(send("HEAD").value().body, "");
  EXPECT_EQ(send().value().body, "b");
  EXPECT_EQ(send().value().body, "until the end");
  EXPECT_EQ(server_->connections, 1U);
  EXPECT_EQ(client_->idle_count(), 0U);
}

TEST_F(HttpClient, ReplacesAKeptConnectionThatTheServerClosed) {
  serve({{{ok("first")}}, {{ok("second")}, Script::Then::StaySilent}});
  EXPECT_EQ(send("POST").value().body, "first");
  // Whether the end of the first connection has arrived by now or not, an idempotent request is repeated.
  EXPECT_EQ(send("GET").value().body, "second");
  EXPECT_EQ(server_->connections, 2U);
}

TEST_F(HttpClient, DoesNotRepeatARequestThatMayHaveTakenEffect) {
  // The server reads the second request and closes without an answer.
  serve({{{ok("first"), ""}}, {{ok("never")}}});
  EXPECT_EQ(send("POST").value().body, "first");
  const auto lost = send("POST");
  EXPECT_EQ(lost.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(lost.error().message, HasSubstr("not known whether"));
  EXPECT_EQ(server_->connections, 1U);
}

TEST_F(HttpClient, DoesNotRepeatOnAFreshConnection) {
  serve({{{""}}, {{ok("never")}}});
  EXPECT_EQ(send().error().code, ErrorCode::Unavailable);
  EXPECT_EQ(server_->connections, 1U);
}

TEST_F(HttpClient, ReportsGarbageHalfAnAnswerAndNothing) {
  const std::string garbage[] = {"\x16\x03\x01\x02\n", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 banana\r\n\r\n",
                                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"};
  for (const std::string& text : garbage) {
    serve({{{text}}});
    const auto answer = send();
    EXPECT_EQ(answer.error().code, ErrorCode::Malformed) << text;
    EXPECT_THAT(answer.error().message, StartsWith("127.0.0.1:"));
    TearDown();
  }
  for (const char* half :
       {"HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nha"}) {
    serve({{{half}}});
    EXPECT_EQ(send().error().code, ErrorCode::Unavailable) << half;
    TearDown();
  }
  serve({{{}, Script::Then::StaySilent}});
  EXPECT_EQ(send(request(), 20ms).error().code, ErrorCode::DeadlineExceeded);
}

TEST_F(HttpClient, StopsReadingEndlessAnswers) {
  std::string headers = "HTTP/1.1 200 OK\r\n", chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", interim;
  for (int i = 0; i < 100'000; ++i) headers += "X: y\r\n";
  for (int i = 0; i < 100'000; ++i) chunks += "4\r\nabcd\r\n";
  for (int i = 0; i < 100; ++i) interim += "HTTP/1.1 102 Processing\r\n\r\n";
  const std::string body = "HTTP/1.1 200 OK\r\n\r\n" + std::string(500'000, 'x');
  for (const std::string& text : {headers, chunks, interim, body}) {
    serve({{{text}, Script::Then::StaySilent}});
    Request made = request();
    made.response_limit = 100'000;
    EXPECT_EQ(send(made).error().code, ErrorCode::Malformed);
    TearDown();
  }
}

TEST_F(HttpClient, AsksForLeaveBeforeABigBody) {
  const std::string big(2'000'000, 'b');
  serve({{{"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"}, Script::Then::StaySilent}});
  EXPECT_EQ(send("POST", big).value().status, 413);
  EXPECT_EQ(client_->idle_count(), 0U);
  EXPECT_THAT(server_->requests.at(0), HasSubstr("Expect: 100-continue\r\n"));
}

struct BigBodyServer {
  // Reads the header, gives leave or not, and reads the body.
  static io::Task<void> serve(io::Acceptor* acceptor, bool leave, std::size_t* got) {
    auto stream = co_await acceptor->accept(co_await io::current_executor(), io::Deadline::after(10s));
    std::vector<std::uint8_t> buffer(64 * 1024);
    const io::Deadline deadline = io::Deadline::after(10s);
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      const auto count = co_await (*stream)->read_some(buffer, deadline);
      head.append(as_text(ByteView(buffer).first(*count)));
    }
    EXPECT_TRUE(head.ends_with("\r\n\r\n"));
    const std::string answers[] = {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    if (leave) (void)co_await (*stream)->write(as_bytes(answers[0]), deadline);
    while (*got < 1'500'000) {
      const auto count = co_await (*stream)->read_some(buffer, deadline);
      *got += *count;
    }
    (void)co_await (*stream)->write(as_bytes(answers[1]), deadline);
    co_await (*stream)->shutdown(deadline);
  }
};

class HttpClientBigBody : public HttpClient {
 protected:
  static constexpr std::size_t kSize = 1'500'000;

  // What came of a request to a server that gives leave for its body, or is silent.
  Result<Response> send_to(bool leave, const std::function<Request()>& make) {
    serve({{{""}}});
    const auto acceptor = io::Acceptor::listen(loop_.executor(), "127.0.0.1", 0).value();
    got_ = 0;
    io::TaskGroup group(loop_.executor(), 1);
    group.start(BigBodyServer::serve(acceptor.get(), leave, &got_));
    Request made = make();
    made.url.port = acceptor->local().port;
    auto answer = send(made);
    client_->close_idle();
    EXPECT_TRUE(loop_.run(group.wait()).ok());
    TearDown();
    return answer;
  }

  std::size_t got_ = 0;
};

TEST_F(HttpClientBigBody, GoesAfterLeaveAndAfterSilence) {
  for (const bool leave : {true, false}) {
    EXPECT_EQ(send_to(leave, [&] { return request("POST", std::string(kSize, 'b')); })->status, 200);
    EXPECT_EQ(got_, kSize);
  }
}

TEST_F(HttpClientBigBody, IsMadeWhileItIsSent) {
  std::size_t pieces = 0;
  const auto answer = send_to(true, [&] {
    Request made = request("POST");
    made.sent = SentBody{kSize, [&]() -> Result<std::string> {
                           ++pieces;
                           return std::string(100'000, 'b');
                         }};
    return made;
  });
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(got_, kSize);
  EXPECT_EQ(pieces, 15U);
}

TEST_F(HttpClient, ABodyThatEndsEarlyIsAnError) {
  serve({{{"HTTP/1.1 100 Continue\r\n\r\n"}, Script::Then::StaySilent}});
  for (const std::string& piece : {std::string(), std::string(2'000, 'x')}) {
    Request made = request("POST");
    made.sent = SentBody{1'000, [&]() -> Result<std::string> { return piece; }};
    EXPECT_EQ(send(made).error().code, ErrorCode::FailedPrecondition);
  }
  Request failing = request("POST");
  failing.sent = SentBody{1'000, []() -> Result<std::string> { return Error(ErrorCode::NotFound, "the file is gone"); }};
  EXPECT_EQ(send(failing).error().message, "the file is gone");
}

}  // namespace
}  // namespace ipam::client::http
