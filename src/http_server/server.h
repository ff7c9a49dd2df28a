// Server: answers HTTP/1.1 over TLS by a Router.
//
// What every client can count on: requests of a connection are answered in their order, also when they are pipelined; every answer has X-Request-Id,
// Strict-Transport-Security, X-Content-Type-Options: nosniff, and Cache-Control: no-store unless the handler says otherwise; 429 and 503 have
// Retry-After. A request that is refused by its header (404, 405, 413, 431, …) is refused before its body is read, and the connection ends in a way
// that lets the client read why. What no client can do: hold a connection without speaking, make the server keep more than the limits say, or end a
// handler's exception anywhere but in a 500 with the request's id.
//
// Thread rule: start and stop are called by the thread that owns the server, which is none of the I/O pool. Handlers run on the I/O thread of
// their connection and must not block it. The pool and what handlers use outlive the server's stop().
#pragma once

#include "base/result.h"
#include "http_server/router.h"
#include "io/io_pool.h"
#include "io/tls_context.h"

#include <memory>
#include <string>

namespace ipam::http_server {

// What is known of an answer once it was written: for metrics and the access log.
struct FinishedRequest {
  std::string_view route;  // empty: none matched
  std::string_view method;
  std::string_view path;
  const io::Endpoint& peer;
  std::string_view request_id;
  std::string_view caller;  // as RequestContext::note says
  const Error* failure;     // null: it was answered
  int status;
  Duration duration;  // from the complete header to the last byte handed to the kernel; of a stream to its beginning
};

enum class Transport { Tls, PlainHttp };  // PlainHttp: for tests, and behind a proxy on the same machine

struct ServerOptions {
  std::string address = "::";
  std::uint16_t port = 0;
  int descriptor = -1;  // a listening socket from the service manager; replaces address and port
  Transport transport = Transport::Tls;
  std::shared_ptr<const io::TlsServerContext> tls = nullptr;

  std::size_t connections = 8192;
  std::size_t connections_per_peer = 512;
  std::size_t requests_per_connection = 100'000;
  std::size_t header_bytes = 16 * 1024;
  std::size_t header_count = 100;

  Duration handshake_timeout = std::chrono::seconds(10);
  Duration header_timeout = std::chrono::seconds(10);    // from the first byte of a request, and for the first request from the handshake
  Duration idle_timeout = std::chrono::seconds(75);      // between requests
  Duration transfer_timeout = std::chrono::seconds(30);  // for a body either way, and one second more for every `slowest_rate` bytes
  std::uint64_t slowest_rate = 16 * 1024;
  Duration linger = std::chrono::seconds(2);  // for the client to read the last answer before the connection is closed

  // Called once the header is read and before the body is: an error refuses the request. The place for authentication. May be empty.
  std::function<io::Task<Result<void>>(RequestContext&)> admit = {};
  // Answers a request whose path no route has, on the I/O thread and at once; nothing: 404. For files; it is not admitted. May be empty.
  std::function<std::optional<Response>(const Request&)> otherwise = {};
  // Called on the I/O thread after each answer. May be empty.
  std::function<void(const FinishedRequest&)> on_finished = {};
};

class Server {
 public:
  // Listens; nothing is accepted before start(). Errors: InvalidArgument (no TLS context, not an address), Unavailable (port in use).
  static Result<std::unique_ptr<Server>> create(io::IoPool& pool, Router router, ServerOptions options);
  // Stops without patience.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();
  // Stops accepting, closes idle connections, lets running requests end within `patience`, then cancels what they wait for. Errors: DeadlineExceeded
  // when a handler did not end even so; then stop the pool before what the handler uses is destroyed.
  Result<void> stop(Duration patience);

  // Another certificate for the connections that come from now on. Any thread.
  void set_tls(std::shared_ptr<const io::TlsServerContext> tls);

  const io::Endpoint& local() const;
  const Router& router() const;
  std::size_t connection_count() const;

 private:
  struct Core;
  explicit Server(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;  // shared with the coroutines
};

}  // namespace ipam::http_server
