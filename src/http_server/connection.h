// ConnectionLoop: one client's connection from the handshake to its end: read a request, answer it, again. Internal to this room.
// Thread rule: one I/O thread.
#pragma once

#include "http_server/registry.h"
#include "http_server/server.h"
#include "io/stream.h"
#include "wire/http1/parser.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace ipam::http_server {

// What the connections of a server share. Immutable but for the counter and the TLS context.
struct Shared {
  Router router;
  ServerOptions options;
  std::string id_prefix;  // random for each start, so that ids of two runs do not meet in a log
  std::atomic<std::uint64_t> next_id = 0;
  Guarded<std::shared_ptr<const io::TlsServerContext>> tls;  // of handshakes from now on

  std::string make_request_id();
};

class ConnectionLoop {
 public:
  ConnectionLoop(std::shared_ptr<Shared> shared, std::unique_ptr<Registry::Place> place) : shared_(std::move(shared)), place_(std::move(place)) {}

  // Runs the connection to its end.
  static io::Task<void> run(std::shared_ptr<Shared> shared, std::unique_ptr<Registry::Place> place, io::StreamPtr plain);

 private:
  enum class Next { Continue, Close };

  // Why a request is refused before its header is known.
  struct Refused {
    int status;
    Error error;
  };

  io::Task<void> serve();
  io::Task<Next> serve_one();
  // False: the connection ended, or was idle for too long, before a request began.
  io::Task<bool> read_header(wire::http1::RequestParser* parser, std::optional<Refused>* refused);
  io::Task<Result<void>> read_body(wire::http1::RequestParser* parser, RequestContext* context);
  // What has come of the body to where the admission wants it.
  io::Task<Result<void>> pass_on(wire::http1::RequestParser* parser, RequestContext* context);
  // Everything that is decided between header and body: route, admission, limits.
  io::Task<std::optional<Response>> refuse_before_body(wire::http1::RequestParser* parser, RequestContext* context);
  io::Task<Response> answer(wire::http1::RequestParser* parser, RequestContext* context);
  io::Task<Result<void>> write(Response response, const RequestContext* context, bool keep);
  // The body that is made while it is sent, after its head. Answers whether the connection can carry another answer.
  io::Task<Result<void>> write_stream(BodySource* source, bool chunked);

  Response problem(const Error& error, RequestContext& context, int status = 0) const;
  void add_standard_fields(Response& response, const RequestContext& context, bool keep);
  const std::string& date();
  io::Deadline transfer_deadline(std::chrono::steady_clock::time_point start, std::uint64_t bytes) const;
  std::stop_token idle_token() { return place_->connection().idle.get_token(); }
  std::stop_token hard_token() const { return place_->connection().hard.get_token(); }

  std::shared_ptr<Shared> shared_;
  std::unique_ptr<Registry::Place> place_;
  io::StreamPtr stream_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(4096);
  ByteView left_;  // bytes in the buffer that belong to what comes next
  std::size_t requests_ = 0;
  std::time_t date_second_ = 0;
  std::string date_;
};

}  // namespace ipam::http_server
