#include "api/session_cookie.h"

#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::api {
namespace {

// The prefix makes browsers hold to Secure, Path=/ and no Domain: another host of the same domain cannot plant a session.
constexpr std::string_view kName = "__Host-cadastre";
constexpr std::string_view kAttributes = "Path=/; Secure; HttpOnly; SameSite=Strict";

bool reads_only(std::string_view method) { return method == "GET" || method == "HEAD"; }

std::string_view value_of(std::string_view cookies) {
  for (const std::string_view pair : split(cookies, ';')) {
    const std::string_view each = trim(pair);
    const auto equals = each.find('=');
    if (equals != std::string_view::npos && each.substr(0, equals) == kName) return each.substr(equals + 1);
  }
  return {};
}

}  // namespace

Result<std::optional<Secret>> cookie_session(const wire::http1::Request& request) {
  const auto cookies = request.headers.find("Cookie");
  if (!cookies) return std::optional<Secret>();
  const std::string_view value = value_of(*cookies);
  if (value.empty()) return std::optional<Secret>();
  const auto site = request.headers.find("Sec-Fetch-Site");
  if (site && *site != "same-origin" && *site != "none") {
    return Error(ErrorCode::PermissionDenied, "a session of the console cannot be used from another site");
  }
  if (!reads_only(request.method) && !request.headers.contains(kConsoleField)) {
    return Error(ErrorCode::PermissionDenied, fmt::format("a change by the session of a browser needs the header {}", kConsoleField));
  }
  return std::optional<Secret>(Secret(std::string(value)));
}

std::string set_session_cookie(const Secret& bearer) { return fmt::format("{}={}; {}", kName, bearer.reveal(), kAttributes); }

std::string clear_session_cookie() { return fmt::format("{}=; {}; Max-Age=0", kName, kAttributes); }

}  // namespace ipam::api
