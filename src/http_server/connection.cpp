#include "http_server/connection.h"

#include "base/log.h"
#include "base/strings.h"
#include "http_server/problem.h"
#include "io/acceptor.h"
#include "io/exception_text.h"

#include <fmt/format.h>

#include <ctime>

namespace ipam::http_server {
namespace {

using wire::http1::Limits;
using wire::http1::ParserState;
using wire::http1::RequestParser;
using SteadyClock = std::chrono::steady_clock;

// Up to here header and body go out in one write; above it, copying the body would cost more than the second write.
constexpr std::size_t kOneWrite = 64 * 1024;
constexpr std::size_t kBodyReadSize = 32 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

Response no_content(const std::vector<std::string>& allowed) {
  Response response;
  response.status = 204;
  if (!allowed.empty()) response.headers.add("Allow", join(allowed, ", "));
  return response;
}

// What a handler must not get wrong: the rest of the answer is written around it.
bool is_well_formed(const Response& response) {
  if (response.status < 200 || response.status > 599) return false;
  for (const auto& field : response.headers) {
    if (!wire::http1::is_token(field.name)) return false;
  }
  return !response.headers.contains("Content-Length") && !response.headers.contains("Transfer-Encoding");
}

bool has_no_content_length(int status) { return status == 204 || status < 200; }

}  // namespace

std::string Shared::make_request_id() { return fmt::format("{}{:08x}", id_prefix, next_id.fetch_add(1, std::memory_order_relaxed)); }

io::Task<void> ConnectionLoop::run(std::shared_ptr<Shared> shared, std::unique_ptr<Registry::Place> place, io::StreamPtr plain) {
  ConnectionLoop loop(shared, std::move(place));
  if (shared->options.transport == Transport::Tls) {
    const io::Deadline deadline = io::Deadline::after(shared->options.handshake_timeout).with(loop.idle_token());
    const std::shared_ptr<const io::TlsServerContext> tls = *shared->tls.lock();
    auto secured = co_await io::accept_tls(std::move(plain), tls, deadline);
    if (!secured.ok()) {
      log::debug("a TLS handshake failed", {{"error", secured.error().describe()}});
      co_return;
    }
    loop.stream_ = std::move(secured).value();
  } else {
    loop.stream_ = std::move(plain);
  }
  co_await loop.serve();
  co_await loop.stream_->shutdown(io::Deadline::after(shared->options.linger).with(loop.hard_token()));
}

io::Task<void> ConnectionLoop::serve() {
  while (true) {
    const Next next = co_await serve_one();
    if (next == Next::Close) co_return;
  }
}

io::Task<ConnectionLoop::Next> ConnectionLoop::serve_one() {
  const ServerOptions& options = shared_->options;
  RequestParser parser({.header_bytes = options.header_bytes, .header_count = options.header_count, .body_bytes = 0});
  RequestContext context;
  context.peer = stream_->peer();
  std::optional<Refused> refused;
  const bool began = co_await read_header(&parser, &refused);
  if (!began) co_return Next::Close;

  const auto start = SteadyClock::now();
  context.request_id = shared_->make_request_id();
  std::optional<Response> response;
  if (refused) response = problem(refused->error, context, refused->status);
  if (!response) response = co_await refuse_before_body(&parser, &context);
  if (!response) {
    const auto body = co_await read_body(&parser, &context);
    // A client that is too slow, or sent nonsense, is told; one that is gone is not.
    const bool is_gone = !body.ok() && (body.error().code == ErrorCode::Unavailable || body.error().code == ErrorCode::Cancelled);
    if (is_gone && !context.sink_refused) co_return Next::Close;
    if (context.sink_refused) response = problem(*context.sink_refused, context);
    if (!response && !body.ok())
      response = problem(body.error(), context, body.error().code == ErrorCode::DeadlineExceeded ? 408 : parser.refusal_status());
  }
  if (!response) response = co_await answer(&parser, &context);

  ++requests_;
  const bool complete = parser.state() == ParserState::Done;
  const bool ends_with_connection = response->source && context.request.http10;
  const bool keep = complete && parser.keep_alive() && requests_ < options.requests_per_connection && !place_->stopping() && !ends_with_connection;
  const int status = response->status;
  // A stream lasts as long as its reader wants it: what is measured of it is how soon it begins.
  const auto streams_from = response->source ? std::optional(SteadyClock::now()) : std::nullopt;
  const auto written = co_await write(std::move(*response), &context, keep);
  if (options.on_finished) {
    const auto duration = std::chrono::duration_cast<Duration>(streams_from.value_or(SteadyClock::now()) - start);
    const std::string_view route = context.route != nullptr ? std::string_view(context.route->name) : std::string_view();
    const Error* const failure = context.failure ? &*context.failure : nullptr;
    options.on_finished(
        {route, context.request.method, context.request.path, context.peer, context.request_id, context.note->name, failure, status, duration});
  }
  // A stream may have lasted until the server stops.
  if (!keep || !written.ok() || place_->stopping()) co_return Next::Close;
  co_return Next::Continue;
}

io::Task<bool> ConnectionLoop::read_header(RequestParser* parser, std::optional<Refused>* refused) {
  const ServerOptions& options = shared_->options;
  io::Deadline deadline = io::Deadline::after(requests_ == 0 ? options.header_timeout : options.idle_timeout).with(idle_token());
  if (!left_.empty()) deadline = io::Deadline::after(options.header_timeout).with(hard_token());
  while (parser->state() == ParserState::Header) {
    if (left_.empty()) {
      const auto count = co_await stream_->read_some(buffer_, deadline);
      if (!count.ok() && parser->started() && count.error().code == ErrorCode::DeadlineExceeded) {
        *refused = Refused{408, Error(ErrorCode::DeadlineExceeded, "the header of the request did not come in time")};
        co_return true;
      }
      if (!count.ok() || *count == 0) co_return false;
      left_ = ByteView(buffer_).first(*count);
      if (!parser->started()) deadline = io::Deadline::after(options.header_timeout).with(hard_token());
    }
    const auto used = parser->feed(left_);
    if (!used.ok()) {
      *refused = Refused{parser->refusal_status(), used.error()};
      co_return true;
    }
    left_ = left_.subspan(*used);
  }
  co_return true;
}

io::Task<std::optional<Response>> ConnectionLoop::refuse_before_body(RequestParser* parser, RequestContext* context) {
  context->request = std::move(parser->request());
  const Request& request = context->request;
  Router::Match match = shared_->router.match(request.method, request.path);
  const bool asks_options = request.method == "OPTIONS" && (request.path == "*" || !match.allowed.empty());
  if (match.route == nullptr && asks_options) co_return no_content(match.allowed);
  if (match.route == nullptr && !match.allowed.empty()) {
    const std::string allowed = join(match.allowed, ", ");
    const Error error(ErrorCode::Unsupported, fmt::format("{} has no {}; it has {}", shorten(request.path, 100), request.method, allowed));
    Response refused = problem(error, *context, 405);
    refused.headers.add("Allow", allowed);
    co_return refused;
  }
  if (match.route == nullptr && shared_->options.otherwise) {
    if (auto response = shared_->options.otherwise(request)) co_return std::move(*response);
  }
  if (match.route == nullptr) {
    const Error error(ErrorCode::NotFound, fmt::format("there is nothing at {}", shorten(request.path, 100)));
    co_return problem(error, *context);
  }
  context->route = match.route;
  context->parameters = std::move(match.parameters);
  context->deadline = io::Deadline::after(match.route->deadline).with(hard_token());
  if (request.headers.contains("Expect") && !parser->expects_continue() && !request.http10 && parser->state() == ParserState::Body) {
    const Error error(ErrorCode::Unsupported, "the only expectation that is known is 100-continue");
    co_return problem(error, *context, 417);
  }
  if (parser->state() == ParserState::Body && !match.route->media_types.empty()) {
    const auto type = request.headers.find("Content-Type");
    const std::string media = type ? to_lower(trim(type->substr(0, type->find(';')))) : match.route->media_types.front();
    if (std::find(match.route->media_types.begin(), match.route->media_types.end(), media) == match.route->media_types.end()) {
      const Error error(ErrorCode::InvalidArgument,
                        fmt::format("the body must be {}, not {}", join(match.route->media_types, " or "), shorten(media, 60)));
      co_return problem(error, *context, 415);
    }
  }
  const auto limited = parser->set_body_limit(match.route->body_limit);
  if (!limited.ok()) co_return problem(limited.error(), *context, parser->refusal_status());
  if (shared_->options.admit) {
    Result<void> admitted;
    std::exception_ptr thrown;
    try {
      admitted = co_await shared_->options.admit(*context);
    } catch (...) {
      thrown = std::current_exception();
    }
    if (thrown) admitted = Error(ErrorCode::Internal, "internal error", io::exception_text(thrown));
    if (!admitted.ok()) co_return problem(admitted.error(), *context);
  }
  co_return std::nullopt;
}

io::Task<Result<void>> ConnectionLoop::pass_on(RequestParser* parser, RequestContext* context) {
  if (!context->sink || parser->request().body.empty()) co_return Result<void>();
  std::string piece = std::exchange(parser->request().body, {});
  const io::Deadline deadline = transfer_deadline(SteadyClock::now(), piece.size());
  Result<void> taken;
  std::exception_ptr thrown;
  try {
    taken = co_await context->sink->take(std::move(piece), deadline);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) taken = Error(ErrorCode::Internal, "internal error", io::exception_text(thrown));
  if (!taken.ok()) context->sink_refused = taken.error();
  co_return taken;
}

io::Task<Result<void>> ConnectionLoop::read_body(RequestParser* parser, RequestContext* context) {
  if (parser->state() == ParserState::Done) co_return Result<void>();
  const auto start = SteadyClock::now();
  if (parser->expects_continue() && left_.empty()) {
    const io::Deadline deadline = transfer_deadline(start, 0);
    IPAM_CO_CHECK(co_await stream_->write(as_bytes(kContinue), deadline));
  }
  std::vector<std::uint8_t> big;
  std::uint64_t received = 0;
  while (parser->state() != ParserState::Done) {
    if (left_.empty()) {
      // The small buffer belongs to headers; a body that does not come with them is read in larger pieces, which are gone when it is complete.
      if (big.empty()) big.resize(kBodyReadSize);
      const io::Deadline deadline = transfer_deadline(start, received);
      IPAM_CO_TRY(const std::size_t count, co_await stream_->read_some(big, deadline));
      if (count == 0) co_return Error(ErrorCode::Unavailable, "the client ended the connection in the middle of its request");
      left_ = ByteView(big).first(count);
      received += count;
    }
    IPAM_CO_TRY(const std::size_t used, parser->feed(left_));
    left_ = left_.subspan(used);
    IPAM_CO_CHECK(co_await pass_on(parser, context));
  }
  if (!big.empty() && !left_.empty()) {
    // What follows this request in the large buffer is the next one.
    buffer_.resize(std::max(buffer_.size(), left_.size()));
    std::copy(left_.begin(), left_.end(), buffer_.begin());
    left_ = ByteView(buffer_).first(left_.size());
  }
  co_return Result<void>();
}

io::Task<Response> ConnectionLoop::answer(RequestParser* parser, RequestContext* context) {
  context->request.body = std::move(parser->request().body);
  // The handler may move the request out; how it is answered and what is told of it still depends on these.
  const std::string method = context->request.method;
  const std::string path = context->request.path;
  Result<Response> result = Response();
  std::exception_ptr thrown;
  try {
    result = co_await context->route->handler(*context);
  } catch (...) {
    thrown = std::current_exception();
  }
  context->request.method = method;
  context->request.path = path;
  if (thrown) result = Error(ErrorCode::Internal, "internal error", io::exception_text(thrown));
  if (result.ok() && !is_well_formed(*result)) result = Error(ErrorCode::Internal, "internal error", "the handler's answer is not well-formed");
  if (!result.ok()) co_return problem(result.error(), *context);
  co_return std::move(result).value();
}

Response ConnectionLoop::problem(const Error& error, RequestContext& context, int status) const {
  context.failure = error;
  Response response = problem_response(error, context.request_id, status);
  // A 409 that time alone resolves has it too.
  const bool may_wait = response.status == 429 || response.status == 409;
  if (may_wait && context.note->retry_after_seconds > 0) response.headers.add("Retry-After", std::to_string(context.note->retry_after_seconds));
  const bool ours = response.status >= 500;
  log::write(ours ? log::Level::Error : log::Level::Debug, "a request failed",
             {{"request", context.request_id},
              {"peer", context.peer.to_string()},
              {"method", context.request.method},
              {"path", context.request.path},
              {"status", response.status},
              {"error", error.describe()}});
  return response;
}

void ConnectionLoop::add_standard_fields(Response& response, const RequestContext& context, bool keep) {
  Headers& headers = response.headers;
  headers.add("Date", date());
  headers.add("X-Request-Id", context.request_id);
  headers.add("X-Content-Type-Options", "nosniff");
  if (stream_->encrypted()) headers.add("Strict-Transport-Security", "max-age=31536000");
  if (!headers.contains("Cache-Control")) headers.add("Cache-Control", "no-store");
  const bool busy = response.status == 429 || response.status == 503;
  if (busy && !headers.contains("Retry-After")) headers.add("Retry-After", response.status == 429 ? "1" : "5");
  if (!keep) {
    headers.add("Connection", "close");
  } else if (context.request.http10) {
    headers.add("Connection", "keep-alive");
  }
}

io::Task<Result<void>> ConnectionLoop::write(Response response, const RequestContext* context, bool keep) {
  add_standard_fields(response, *context, keep);
  if (has_no_content_length(response.status)) response.body.clear();
  if (response.source) {
    const bool chunked = !context->request.http10;
    if (chunked) response.headers.add("Transfer-Encoding", "chunked");
    std::string stream_head;
    wire::http1::append_head(stream_head, response, std::nullopt);
    const io::Deadline now = transfer_deadline(SteadyClock::now(), 0);
    IPAM_CO_CHECK(co_await stream_->write(as_bytes(stream_head), now));
    if (context->request.method == "HEAD") co_return Result<void>();
    co_return co_await write_stream(response.source.get(), chunked);
  }
  std::string head;
  head.reserve(512 + (response.body.size() <= kOneWrite ? response.body.size() : 0));
  const auto length = has_no_content_length(response.status) ? std::nullopt : std::optional<std::uint64_t>(response.body.size());
  wire::http1::append_head(head, response, length);
  // The answers to HEAD, and 304, say the length of what they leave out.
  if (context->request.method == "HEAD" || response.status == 304) response.body.clear();
  const auto start = SteadyClock::now();
  const io::Deadline deadline = transfer_deadline(start, 0);
  if (response.body.size() <= kOneWrite) {
    head += response.body;
    co_return co_await stream_->write(as_bytes(head), deadline);
  }
  IPAM_CO_CHECK(co_await stream_->write(as_bytes(head), deadline));
  // In pieces, because a client earns time by what it has read, not by what there is to read.
  ByteView rest = as_bytes(response.body);
  while (!rest.empty()) {
    const ByteView piece = rest.first(std::min(rest.size(), kOneWrite));
    const io::Deadline earned = transfer_deadline(start, response.body.size() - rest.size());
    IPAM_CO_CHECK(co_await stream_->write(piece, earned));
    rest = rest.subspan(piece.size());
  }
  co_return Result<void>();
}

io::Task<Result<void>> ConnectionLoop::write_stream(BodySource* source, bool chunked) {
  const io::Deadline until_stop = io::Deadline::never().with(idle_token());
  while (true) {
    Result<std::string> piece = std::string();
    std::exception_ptr thrown;
    try {
      piece = co_await source->next(until_stop);
    } catch (...) {
      thrown = std::current_exception();
    }
    if (thrown) piece = Error(ErrorCode::Internal, "internal error", io::exception_text(thrown));
    if (!piece.ok() && piece.error().code != ErrorCode::Cancelled) {
      log::warning("IPAM-5007 a stream ended early", {{"error", piece.error().describe()}});
      co_return std::move(piece).error();
    }
    const bool last = !piece.ok() || piece->empty();
    std::string text = last ? std::string() : std::move(piece).value();
    if (chunked) text = last ? std::string("0\r\n\r\n") : fmt::format("{:x}\r\n{}\r\n", text.size(), text);
    const io::Deadline deadline = transfer_deadline(SteadyClock::now(), text.size());
    IPAM_CO_CHECK(co_await stream_->write(as_bytes(text), deadline));
    if (last) co_return Result<void>();
  }
}

const std::string& ConnectionLoop::date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second_) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[40];
    const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    date_.assign(text, size);
    date_second_ = now;
  }
  return date_;
}

io::Deadline ConnectionLoop::transfer_deadline(SteadyClock::time_point start, std::uint64_t bytes) const {
  const auto earned = std::chrono::seconds(bytes / std::max<std::uint64_t>(1, shared_->options.slowest_rate));
  return io::Deadline::at(start + shared_->options.transfer_timeout + earned).with(hard_token());
}

}  // namespace ipam::http_server
