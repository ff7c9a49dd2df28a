// What the tests of the server share: a few handlers, a client that sends bytes as it likes, and the server between them. Thread rule: the test's
// thread; the server has threads of its own.
#pragma once

#include "base/assert.h"
#include "http_server/server.h"
#include "io/blocking.h"
#include "io/certificate_suite.h"
#include "io/completion.h"
#include "io/connect.h"
#include "wire/http1/parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>

namespace ipam::http_server {

using wire::http1::ParserState;
using wire::http1::ResponseParser;

inline constexpr Duration kSoon = std::chrono::seconds(20);

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

inline std::string get(const std::string& path, const std::string& fields = "") {
  return fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n{}\r\n", path, fields);
}
inline std::string post(const std::string& path, const std::string& body, const std::string& fields = "") {
  return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{}\r\n{}", path, body.size(), fields, body);
}
inline std::string announce(const std::string& path, std::uint64_t size, const std::string& fields = "") {
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

}  // namespace ipam::http_server
