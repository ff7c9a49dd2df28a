#include "cli/http_connection.h"

#include "client/http/streaming.h"

namespace ipam::cli {
namespace {

// A page of a thousand objects with long texts; more is not an answer of this API.
constexpr std::uint64_t kLargestAnswer = 64U << 20U;
constexpr std::uint64_t kSlowestRate = 16 * 1024;  // bytes a second: the server's own

Result<client::http::Url> https_url(const std::string& text) {
  auto url = IPAM_TRY(client::http::Url::parse(text));
  if (!url.https) return Error(ErrorCode::InvalidArgument, "'" + text + "': an IPAM server is spoken to over https only");
  return url;
}

class HttpConnection final : public Connection {
 public:
  HttpConnection(io::BlockingLoop& loop, io::Resolver& resolver, client::http::ClientOptions options, client::http::Url url, std::string base,
                 Secret token, Duration timeout)
      : loop_(loop),
        resolver_(resolver),
        tls_(options.tls),
        client_(resolver, std::move(options)),
        url_(std::move(url)),
        base_(std::move(base)),
        token_(std::move(token)),
        timeout_(timeout) {}

  Result<Reply> send(Call call) override {
    client::http::Request request = to_request(std::move(call), "application/json");
    // A file takes as long as it takes, but no longer than the slowest line that is borne with.
    const auto sending = std::chrono::seconds(request.sent ? request.sent->size / kSlowestRate : 0);
    auto response = IPAM_TRY(loop_.run(client_.send(std::move(request), io::Deadline::after(timeout_ + sending))));
    return Reply{response.status, std::move(response.body)};
  }

  Result<Reply> stream(Call call, const std::function<Result<bool>(std::string_view)>& take) override {
    client::http::Request request = to_request(std::move(call), "text/event-stream");
    client::http::StreamOptions options;
    options.tls = tls_;
    options.connect_timeout = timeout_;
    auto response = IPAM_TRY(loop_.run(client::http::stream(resolver_, options, std::move(request), take)));
    return Reply{response.status, std::move(response.body)};
  }

 private:
  client::http::Request to_request(Call call, const char* accept) const {
    client::http::Request request;
    request.method = std::move(call.method);
    request.url = url_.with_target(base_ + call.target);
    request.response_limit = kLargestAnswer;
    if (!token_.empty()) client::http::set_bearer_authorization(request.headers, token_);
    request.headers.set("Accept", accept);
    if (!call.body.empty()) request.headers.set("Content-Type", "application/json");
    for (auto& [name, value] : call.headers) request.headers.set(name, value);
    request.body = std::move(call.body);
    if (call.file) request.sent = client::http::SentBody{call.file->size, std::move(call.file->next)};
    return request;
  }

  io::BlockingLoop& loop_;
  io::Resolver& resolver_;
  std::shared_ptr<const io::TlsClientContext> tls_;  // shared with the client
  client::http::Client client_;
  client::http::Url url_;
  std::string base_;  // the path that a proxy may have put before /api
  Secret token_;
  Duration timeout_;
};

}  // namespace

Result<std::unique_ptr<Connection>> HttpConnector::open(const ServerAccess& access) {
  auto url = IPAM_TRY(https_url(access.url));
  io::TlsClientOptions trust;
  trust.fingerprint = access.fingerprint;
  trust.ca_file = access.ca_file;
  client::http::ClientOptions options;
  options.tls = IPAM_TRY(io::TlsClientContext::create(trust));
  options.user_agent = "ipam";
  std::string base = url.target == "/" ? std::string() : url.target;
  return std::unique_ptr<Connection>(
      std::make_unique<HttpConnection>(loop_, resolver_, std::move(options), std::move(url), std::move(base), access.token, request_timeout_));
}

Result<std::string> HttpConnector::fingerprint(const std::string& text) {
  const auto url = IPAM_TRY(https_url(text));
  return loop_.run(io::fetch_fingerprint(resolver_, url.host, url.port, io::Deadline::after(request_timeout_)));
}

}  // namespace ipam::cli
