#include "driver/kea/kea_channel.h"

#include "client/http/client.h"
#include "driver/kea/json_fields.h"
#include "ip/loopback.h"

#include <fmt/format.h>

#include <utility>

namespace ipam::driver::kea {
namespace {

// The agent closes a connection that is idle for 30 s; one that is about to be closed must not carry a question.
constexpr Duration kKeepFor = std::chrono::seconds(10);

bool is_of_this_machine(const std::string& host) {
  const auto address = ip::Address::parse(host);
  if (!address.ok()) return host == "localhost";
  return ip::is_loopback(address->unmapped());
}

Result<std::shared_ptr<const io::TlsClientContext>> tls_of(const Endpoint& endpoint) {
  io::TlsClientOptions options;
  if (endpoint.tls_trust == model::TlsTrust::Fingerprint) {
    // Without a pin the context would fall back to the system's authorities, which is not what was asked for.
    if (endpoint.tls_fingerprint.empty()) return Error(ErrorCode::InvalidArgument, "the TLS fingerprint to trust is missing");
    options.fingerprint = endpoint.tls_fingerprint;
  }
  return io::TlsClientContext::create(options);
}

std::optional<Error> refusal_of(int status) {
  if (status == 200) return std::nullopt;
  if (status == 401) {
    return Error(ErrorCode::Unauthenticated,
                 "the server refuses the credential (HTTP 401); correct the user name or the password, or add them to the agent's \"clients\"");
  }
  if (status == 403) return Error(ErrorCode::PermissionDenied, "the server forbids this to the user (HTTP 403); allow it in its access control");
  if (status >= 500) return Error(ErrorCode::Unavailable, fmt::format("the server cannot answer now (HTTP {})", status));
  return Error(ErrorCode::Malformed, fmt::format("HTTP {} is no answer of a Kea control agent; is this the right URL?", status));
}

}  // namespace

struct Channel::Connection {
  client::http::Url url;
  client::http::Client client;
};

Result<std::unique_ptr<Channel>> Channel::create(const Endpoint& endpoint, const Limits& limits, io::Resolver& resolver) {
  // A password in a URL is refused without being repeated in a message.
  if (endpoint.url.find('@') != std::string::npos) return Error(ErrorCode::InvalidArgument, "the server's URL must not hold a user name or password");
  auto url = IPAM_TRY(client::http::Url::parse(endpoint.url));
  client::http::ClientOptions options{.kept_per_server = 1, .keep_for = kKeepFor};
  if (url.https) options.tls = IPAM_TRY(tls_of(endpoint));
  auto connection = std::unique_ptr<Connection>(new Connection{std::move(url), {resolver, std::move(options)}});
  return std::unique_ptr<Channel>(new Channel(endpoint, limits, std::move(connection)));
}

Channel::Channel(const Endpoint& endpoint, const Limits& limits, std::unique_ptr<Connection> connection)
    : endpoint_(endpoint), limits_(limits), connection_(std::move(connection)) {}
Channel::~Channel() = default;

bool Channel::credential_is_exposed() const { return !connection_->url.https && !is_of_this_machine(connection_->url.host); }

io::Task<Result<std::string>> Channel::ask(std::string question, io::Deadline deadline) {
  co_return co_await ask(std::move(question), deadline, limits_.request_timeout);
}

io::Task<Result<std::string>> Channel::ask(std::string question, io::Deadline deadline, Duration patience) {
  client::http::Request request{.method = "POST", .url = connection_->url, .body = std::move(question), .response_limit = limits_.response_bytes};
  request.headers.add("Content-Type", "application/json");
  if (!endpoint_.user_name.empty()) client::http::set_basic_authorization(request.headers, endpoint_.user_name, endpoint_.password);
  auto response = co_await connection_->client.send(std::move(request), deadline.at_most(patience));
  if (!response.ok()) co_return failure(std::move(response).error(), deadline, patience);
  if (auto refusal = refusal_of(response->status)) co_return located(std::move(*refusal), endpoint_.url);
  co_return std::move(response->body);
}

// In the caller's terms: a request's own time is how the server fails, the caller's deadline is not.
Error Channel::failure(Error error, io::Deadline deadline, Duration patience) const {
  if (error.code == ErrorCode::NotFound) error.code = ErrorCode::Unavailable;
  if (error.code == ErrorCode::DeadlineExceeded && !deadline.verdict()) {
    error = Error(ErrorCode::Unavailable, fmt::format("no answer within {}", format_duration(patience)));
  }
  return located(std::move(error), endpoint_.url);
}

}  // namespace ipam::driver::kea
