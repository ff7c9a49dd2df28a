#include "client/http/url.h"

#include "base/strings.h"
#include "wire/http1/target.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::client::http {
namespace {

constexpr std::uint16_t default_port(bool https) { return https ? 443 : 80; }

bool is_host_char(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_'; }
bool is_ipv6_char(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.'; }

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  // A password may stand before '@': such a text is never quoted.
  const std::string quoted = text.find('@') == std::string_view::npos ? "'" + shorten(text, 100) + "'" : std::string("the text");
  const auto bad = [&](std::string_view why) { return Error(ErrorCode::InvalidArgument, fmt::format("{} is not a URL: {}", quoted, why)); };
  Url url;
  std::string_view rest = text;
  const auto scheme_end = rest.find("://");
  if (scheme_end == std::string_view::npos) return bad("it begins with https:// or http://");
  const std::string_view scheme = rest.substr(0, scheme_end);
  if (!equals_ignoring_case(scheme, "https") && !equals_ignoring_case(scheme, "http")) return bad("only https and http are known");
  url.https = equals_ignoring_case(scheme, "https");
  url.port = default_port(url.https);
  rest.remove_prefix(scheme_end + 3);
  const auto authority_end = rest.find_first_of("/?#");
  std::string_view authority = rest.substr(0, authority_end);
  rest = authority_end == std::string_view::npos ? std::string_view() : rest.substr(authority_end);
  if (authority.find('@') != std::string_view::npos) return bad("a user or password does not belong in it");

  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return bad("']' is missing");
    url.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
    if (url.host.find(':') == std::string::npos || !std::all_of(url.host.begin(), url.host.end(), is_ipv6_char))
      return bad("no IPv6 address in brackets");
    if (!port.empty() && port.front() != ':') return bad("only a port follows the address");
  } else {
    const auto colon = authority.find(':');
    url.host = authority.substr(0, colon);
    if (colon != std::string_view::npos) port = authority.substr(colon);
    if (url.host.empty() || !std::all_of(url.host.begin(), url.host.end(), is_host_char)) return bad("the host is not a name or an address");
  }
  if (!port.empty()) {
    const auto number = parse_integer<std::uint16_t>(port.substr(1), 1);
    if (!number) return bad("the port is a number from 1 to 65535");
    url.port = *number;
  }
  if (!rest.empty()) url.target = rest.front() == '/' ? std::string(rest) : "/" + std::string(rest);
  if (!wire::http1::parse_target("GET", url.target).ok()) return bad("the path or query has a character that must be percent-encoded, or a fragment");
  return url;
}

Url Url::with_target(std::string other) const {
  Url copy = *this;
  copy.target = std::move(other);
  return copy;
}

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == default_port(https) ? name : fmt::format("{}:{}", name, port);
}

std::string Url::to_string() const { return fmt::format("{}://{}{}", https ? "https" : "http", authority(), target); }

}  // namespace ipam::client::http
