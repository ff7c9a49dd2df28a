// How a browser keeps its session: in a cookie that scripts cannot read (RFC 6265bis). Everything else sends the token as a bearer.
//
// A cookie comes by itself, whoever makes the browser ask. So it counts on a request that may change something only beside the field
// X-Ipam-Console, which no other site can make a browser send without asking first, and when the browser does not say that another site asks.
// Thread rule: pure functions.
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "wire/http1/message.h"

#include <optional>

namespace ipam::api {

inline constexpr std::string_view kConsoleField = "X-Ipam-Console";

// The session that the request's cookie names; nothing without one. Errors: PermissionDenied: the cookie came without the console's consent.
Result<std::optional<Secret>> cookie_session(const wire::http1::Request& request);

// Set-Cookie: until the browser is closed, at most as long as the session lasts; and the one that takes it away.
std::string set_session_cookie(const Secret& bearer);
std::string clear_session_cookie();

}  // namespace ipam::api
