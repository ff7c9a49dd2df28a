#include "client/http/client.h"

#include "wire/http1/parser.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::client::http {
namespace {

using wire::http1::Limits;
using wire::http1::ParserState;
using wire::http1::ResponseParser;

constexpr std::size_t kReadSize = 32 * 1024;
constexpr std::size_t kAnnounceAbove = 1024 * 1024;
constexpr int kMaxInterim = 8;
constexpr Limits kAnswerHeader{.header_bytes = 64 * 1024, .header_count = 200};

bool is_idempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" || method == "OPTIONS";
}

std::string server_name(const Url& url) { return io::host_and_port(url.host, url.port); }
std::string server_key(const Url& url) { return (url.https ? "https " : "http ") + server_name(url); }

bool is_announced(const Request& request) { return request.sent || request.body.size() > kAnnounceAbove; }
std::uint64_t size_of_body(const Request& request) { return request.sent ? request.sent->size : request.body.size(); }

std::string head_of(const Request& request, const std::string& user_agent) {
  wire::http1::Request message;
  message.method = request.method;
  message.target = request.url.target;
  message.headers = request.headers;
  message.headers.set("Host", request.url.authority());
  if (!message.headers.contains("User-Agent")) message.headers.add("User-Agent", user_agent);
  if (is_announced(request)) message.headers.set("Expect", "100-continue");
  std::string head;
  const bool has_length = size_of_body(request) > 0 || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  wire::http1::append_head(head, message, has_length ? std::optional<std::uint64_t>(size_of_body(request)) : std::nullopt);
  return head;
}

// Reads answers from one connection: interim ones are skipped, the final one is left in `parser`.
class AnswerReader {
 public:
  AnswerReader(io::Stream* stream, const Request& request, std::string name) : stream_(stream), name_(std::move(name)), limits_(kAnswerHeader) {
    limits_.body_bytes = request.response_limit;
    kind_ = request.method == "HEAD" ? ResponseParser::AnswerTo::Head : ResponseParser::AnswerTo::Other;
    next_message();
  }

  // Reads on until the next message, interim or final, is complete.
  io::Task<Result<void>> read_message(io::Deadline deadline) {
    while (parser_->state() != ParserState::Done) {
      if (left_.empty()) {
        auto count = co_await stream_->read_some(buffer_, deadline);
        if (!count.ok()) co_return std::move(count).error();
        if (*count == 0) co_return end();
        began_ = true;
        left_ = ByteView(buffer_).first(*count);
      }
      auto used = parser_->feed(left_);
      if (!used.ok()) co_return refused();
      left_ = left_.subspan(*used);
    }
    co_return Result<void>();
  }

  void next_message() { parser_.emplace(limits_, kind_); }

  Response& response() { return parser_->response(); }
  bool is_interim() { return response().status < 200; }
  bool began() const { return began_; }
  // Whether the connection is in order for another request: nothing came that was not asked for.
  bool reusable() const { return parser_->keep_alive() && left_.empty() && !unfinished_request_; }
  void forbid_reuse() { unfinished_request_ = true; }
  Error endless() const { return {ErrorCode::Malformed, name_ + ": answers again and again without coming to an end"}; }

 private:
  Result<void> end() {
    if (!began_) return Error(ErrorCode::Unavailable, name_ + ": closed the connection without an answer");
    if (parser_->started() && parser_->end().ok()) return {};
    return Error(ErrorCode::Unavailable, name_ + ": closed the connection in the middle of its answer");
  }
  Error refused() const {
    if (parser_->refusal_status() == 413) {
      return {ErrorCode::Malformed, fmt::format("{}: the answer is larger than {} bytes, the most that is taken here", name_, limits_.body_bytes)};
    }
    return {ErrorCode::Malformed, name_ + ": the answer is not HTTP/1.1 as it should be; is this the right port?"};
  }

  io::Stream* stream_;
  std::string name_;
  Limits limits_;
  ResponseParser::AnswerTo kind_ = ResponseParser::AnswerTo::Other;
  std::optional<ResponseParser> parser_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(kReadSize);
  ByteView left_;
  bool began_ = false;
  bool unfinished_request_ = false;
};

// The body, whole or in the pieces in which it is made.
io::Task<Result<void>> send_body(io::Stream* stream, const Request* request, io::Deadline deadline) {
  if (!request->sent) co_return co_await stream->write(as_bytes(request->body), deadline);
  std::uint64_t sent = 0;
  while (sent < request->sent->size) {
    IPAM_CO_TRY(const std::string piece, request->sent->next());
    if (piece.empty() || piece.size() > request->sent->size - sent) {
      co_return Error(ErrorCode::FailedPrecondition, "what is sent changed while it was read");
    }
    IPAM_CO_CHECK(co_await stream->write(as_bytes(piece), deadline));
    sent += piece.size();
  }
  co_return Result<void>();
}

// Sends a request and reads until its final answer is in the reader.
io::Task<Result<void>> transfer(io::Stream* stream, const std::string* head, const Request* request, AnswerReader* reader, io::Deadline deadline,
                                Duration continue_wait) {
  if (!is_announced(*request)) {
    const std::string message = *head + request->body;
    IPAM_CO_CHECK(co_await stream->write(as_bytes(message), deadline));
  } else {
    IPAM_CO_CHECK(co_await stream->write(as_bytes(*head), deadline));
    auto early = co_await reader->read_message(deadline.at_most(continue_wait));
    // A server that does not know the expectation says nothing: then the body goes without leave.
    const bool silent = !early.ok() && early.error().code == ErrorCode::DeadlineExceeded && !deadline.verdict();
    if (!early.ok() && !silent) co_return early;
    if (early.ok() && !reader->is_interim()) {
      reader->forbid_reuse();
      co_return early;
    }
    if (early.ok()) reader->next_message();
    IPAM_CO_CHECK(co_await send_body(stream, request, deadline));
  }
  for (int interim = 0; interim <= kMaxInterim; ++interim) {
    IPAM_CO_CHECK(co_await reader->read_message(deadline));
    if (!reader->is_interim()) co_return Result<void>();
    if (reader->response().status == 101) break;
    reader->next_message();
  }
  co_return reader->endless();
}

}  // namespace

Client::Client(io::Resolver& resolver, ClientOptions options) : resolver_(resolver), options_(std::move(options)) {}
Client::~Client() = default;

io::StreamPtr Client::take_kept(const std::string& server) {
  const auto found = kept_.find(server);
  if (found == kept_.end()) return nullptr;
  auto& streams = found->second;
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(streams, [&](const Kept& kept) { return kept.until <= now; });
  io::StreamPtr taken;
  while (!streams.empty() && !taken) {
    // The latest first: the others then grow old and go.
    io::StreamPtr candidate = std::move(streams.back().stream);
    streams.pop_back();
    if (candidate->is_quiet()) taken = std::move(candidate);
  }
  if (streams.empty()) kept_.erase(found);
  return taken;
}

void Client::keep(const std::string& server, io::StreamPtr stream) {
  auto& streams = kept_[server];
  if (streams.size() >= options_.kept_per_server) streams.erase(streams.begin());
  streams.push_back({std::move(stream), std::chrono::steady_clock::now() + options_.keep_for});
}

void Client::close_idle() { kept_.clear(); }

std::size_t Client::idle_count() const {
  std::size_t count = 0;
  for (const auto& [server, streams] : kept_) count += streams.size();
  return count;
}

io::Task<Result<io::StreamPtr>> Client::connect(Url url, io::Deadline deadline) {
  if (!url.https) co_return co_await io::connect_tcp(resolver_, url.host, url.port, deadline);
  IPAM_ASSERT(options_.tls != nullptr, "an https request needs TLS options");
  co_return co_await io::connect_tls(resolver_, url.host, url.port, options_.tls, deadline);
}

io::Task<Client::Exchange> Client::exchange(io::Stream* stream, const Request* request, std::string name, io::Deadline deadline) const {
  AnswerReader reader(stream, *request, name);
  const std::string head = head_of(*request, options_.user_agent);
  auto done = co_await transfer(stream, &head, request, &reader, deadline, options_.continue_wait);
  Exchange outcome{Error(), reader.began(), false};
  if (done.ok()) {
    outcome.keep = reader.reusable();
    outcome.response = std::move(reader.response());
  } else {
    outcome.response = std::move(done).error();
  }
  co_return outcome;
}

io::Task<Result<Response>> Client::send(Request request, io::Deadline deadline) {
  const std::string server = server_key(request.url);
  const std::string name = server_name(request.url);
  io::StreamPtr stream = take_kept(server);
  bool was_kept = stream != nullptr;
  while (true) {
    if (!stream) {
      auto connected = co_await connect(request.url, deadline);
      if (!connected.ok()) co_return std::move(connected).error();
      stream = std::move(connected).value();
    }
    Exchange outcome = co_await exchange(stream.get(), &request, name, deadline);
    if (outcome.response.ok()) {
      if (outcome.keep) keep(server, std::move(stream));
      co_return std::move(outcome.response);
    }
    const bool stale = was_kept && !outcome.answer_began && outcome.response.error().code == ErrorCode::Unavailable;
    if (stale && is_idempotent(request.method) && !request.sent) {
      was_kept = false;
      stream.reset();
      continue;
    }
    Error error = std::move(outcome.response).error();
    if (stale) error.message += "; it is not known whether the request took effect";
    co_return error;
  }
}

void set_basic_authorization(Headers& headers, const std::string& user, const Secret& password) {
  const std::string pair = user + ':' + password.reveal();
  headers.set("Authorization", "Basic " + to_base64(as_bytes(pair)));
}

void set_bearer_authorization(Headers& headers, const Secret& token) { headers.set("Authorization", "Bearer " + token.reveal()); }

}  // namespace ipam::client::http
