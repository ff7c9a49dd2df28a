// Client: sends HTTP/1.1 requests and keeps connections for the next ones.
//
//   Client client(resolver, {.tls = TlsClientContext::create(options)});
//   Request request{.method = "POST", .url = url, .body = json};
//   auto response = co_await client.send(request, Deadline::after(10s));
//
// Any status is an answer, not an error; redirects are not followed. Errors name the server: those of io/connect.h, Unavailable (ended before the
// answer was complete), Malformed (not HTTP, or the answer is over the limit), DeadlineExceeded, Cancelled.
// A kept connection that turns out dead before a byte of the answer came is replaced once when the request is idempotent (RFC 9110 section 9.2.2);
// for other methods the error says that it is not known whether the request took effect. A body over a mebibyte is announced by "Expect:
// 100-continue", so that a refusal comes before the upload. Thread rule: one executor: all sends run on the same I/O thread, as many at a time as you
// like; the client outlives them and is destroyed on that thread, or after it.
#pragma once

#include "base/secret.h"
#include "client/http/url.h"
#include "io/connect.h"
#include "wire/http1/message.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ipam::client::http {

using wire::http1::Headers;
using wire::http1::Response;

// The body of a request that is too large for memory: announced by "Expect: 100-continue", then sent piece by piece. Such a request is never sent
// twice.
struct SentBody {
  std::uint64_t size = 0;
  std::function<Result<std::string>()> next;  // the next piece; not empty before `size` bytes have been given
};

struct Request {
  std::string method = "GET";
  Url url;
  Headers headers = {};  // Host, Content-Length and User-Agent are added
  std::string body = {};
  std::optional<SentBody> sent = {};                 // instead of `body`: one that is made while it is sent
  std::uint64_t response_limit = 16U * 1024 * 1024;  // bytes of the body
};

struct ClientOptions {
  std::shared_ptr<const io::TlsClientContext> tls = nullptr;  // needed for https only
  std::string user_agent = "cadastre";
  std::size_t kept_per_server = 8;
  Duration keep_for = std::chrono::seconds(30);  // of idleness
  Duration continue_wait = std::chrono::seconds(1);
};

class Client {
 public:
  Client(io::Resolver& resolver, ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  io::Task<Result<Response>> send(Request request, io::Deadline deadline);
  // Closes the connections that are kept.
  void close_idle();
  std::size_t idle_count() const;

 private:
  struct Kept {
    io::StreamPtr stream;
    io::Deadline::TimePoint until;
  };
  // One exchange over one connection: what came of it, and whether a byte of the answer did.
  struct Exchange {
    Result<Response> response;
    bool answer_began = false;
    bool keep = false;
  };

  io::StreamPtr take_kept(const std::string& server);
  void keep(const std::string& server, io::StreamPtr stream);
  io::Task<Result<io::StreamPtr>> connect(Url url, io::Deadline deadline);
  io::Task<Exchange> exchange(io::Stream* stream, const Request* request, std::string name, io::Deadline deadline) const;

  io::Resolver& resolver_;
  ClientOptions options_;
  std::map<std::string, std::vector<Kept>> kept_;
};

// "Authorization: Basic …" (RFC 7617) and "Authorization: Bearer …" (RFC 6750).
void set_basic_authorization(Headers& headers, const std::string& user, const Secret& password);
void set_bearer_authorization(Headers& headers, const Secret& token);

}  // namespace ipam::client::http
