#include "driver/bind9/access.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ipam::driver::bind9 {
namespace {

struct HostAndPort {
  std::string host;
  std::uint16_t port = 0;
};

// "dns://host", "dns://host:5353", "rndc://[2001:db8::1]:953/".
Result<HostAndPort> parse_url(std::string_view url, std::string_view scheme, std::uint16_t default_port) {
  const auto bad = [&](std::string_view why) {
    return Error(ErrorCode::InvalidArgument, fmt::format("the URL of an access is written as {}HOST:PORT; {}", scheme, why));
  };
  if (!url.starts_with(scheme)) return bad("it begins otherwise");
  // The parts are those of an HTTP URL.
  const auto parsed = client::http::Url::parse("http://" + std::string(url.substr(scheme.size())));
  if (!parsed.ok()) return bad(parsed.error().message);
  if (parsed->target != "/") return bad("a path or query does not belong in it");
  const std::string_view rest = url.substr(scheme.size());
  const std::string_view after_host = rest.starts_with('[') ? rest.substr(rest.find(']') + 1) : rest;
  const bool has_port = after_host.find(':') != std::string_view::npos;
  return HostAndPort{parsed->host, has_port ? parsed->port : default_port};
}

std::optional<Error> refusal_of(int status) {
  if (status == 200) return std::nullopt;
  if (status == 404) {
    return Error(ErrorCode::Unsupported,
                 "the statistics channel has no JSON (HTTP 404): BIND 9.10 or later built with json-c is needed; is this the right URL?");
  }
  if (status == 401 || status == 403) {
    return Error(ErrorCode::PermissionDenied,
                 fmt::format("the statistics channel does not let us in (HTTP {}); add our address to \"allow\" of statistics-channels", status));
  }
  if (status >= 500) return Error(ErrorCode::Unavailable, fmt::format("the server cannot answer now (HTTP {})", status));
  return Error(ErrorCode::Malformed, fmt::format("HTTP {} is no answer of a statistics channel; is this the right URL?", status));
}

}  // namespace

Error located(Error error, std::string_view place) {
  if (!error.message.starts_with(place)) error.message = fmt::format("{}: {}", place, error.message);
  return error;
}

Result<client::dns::ClientOptions> dns_options(const AccessEndpoint& access, const Limits& limits) {
  auto place = IPAM_TRY(parse_url(access.url, "dns://", 53));
  client::dns::ClientOptions options;
  options.host = std::move(place.host);
  options.port = place.port;
  options.attempts = 3;
  options.attempt = std::min(options.attempt, limits.request_timeout);
  if (!access.secret.empty()) options.key = IPAM_TRY(wire::dns::TsigKey::create(access.user_name, access.algorithm, access.secret));
  return options;
}

Result<client::rndc::ClientOptions> rndc_options(const AccessEndpoint& access) {
  auto place = IPAM_TRY(parse_url(access.url, "rndc://", 953));
  client::rndc::ClientOptions options;
  options.host = std::move(place.host);
  options.port = place.port;
  options.key = IPAM_TRY(wire::rndc::Key::create(access.algorithm, access.secret));
  return options;
}

Result<std::unique_ptr<StatisticsChannel>> StatisticsChannel::create(const Endpoint& endpoint, const Limits& limits, io::Resolver& resolver) {
  if (endpoint.url.find('@') != std::string::npos) return Error(ErrorCode::InvalidArgument, "the server's URL must not hold a user name or password");
  auto url = IPAM_TRY(client::http::Url::parse(endpoint.url));
  client::http::ClientOptions options{.kept_per_server = 1, .keep_for = std::chrono::seconds(10)};
  if (url.https) {
    // BIND has no TLS on this channel by itself; a proxy before it may.
    io::TlsClientOptions tls;
    if (endpoint.tls_trust == model::TlsTrust::Fingerprint) {
      if (endpoint.tls_fingerprint.empty()) return Error(ErrorCode::InvalidArgument, "the TLS fingerprint to trust is missing");
      tls.fingerprint = endpoint.tls_fingerprint;
    }
    options.tls = IPAM_TRY(io::TlsClientContext::create(tls));
  }
  return std::unique_ptr<StatisticsChannel>(new StatisticsChannel(std::move(url), limits, resolver, std::move(options)));
}

StatisticsChannel::StatisticsChannel(client::http::Url url, const Limits& limits, io::Resolver& resolver, client::http::ClientOptions options)
    : url_(std::move(url)), limits_(limits), client_(resolver, std::move(options)) {}

io::Task<Result<std::string>> StatisticsChannel::get(std::string path, io::Deadline deadline) {
  client::http::Request request;
  request.url = url_.with_target(std::move(path));
  request.response_limit = limits_.response_bytes;
  const std::string place = url_.to_string();
  auto response = co_await client_.send(std::move(request), deadline.at_most(limits_.request_timeout));
  if (!response.ok()) {
    Error error = std::move(response).error();
    if (error.code == ErrorCode::NotFound) error.code = ErrorCode::Unavailable;
    if (error.code == ErrorCode::DeadlineExceeded && !deadline.verdict()) {
      error = Error(ErrorCode::Unavailable, fmt::format("no answer within {}", format_duration(limits_.request_timeout)));
    }
    co_return located(std::move(error), place);
  }
  if (auto refusal = refusal_of(response->status)) co_return located(std::move(*refusal), place);
  co_return std::move(response->body);
}

}  // namespace ipam::driver::bind9
