// Url: where a request goes: "https://kea.example:8000/path?query" (RFC 3986, the part of it that HTTP clients need). Thread rule: a plain value.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ipam::client::http {

struct Url {
  bool https = true;
  std::string host;  // a name or a numeric address; IPv6 without brackets
  std::uint16_t port = 443;
  std::string target = "/";  // path and query, percent-encoded

  // Errors: InvalidArgument (no http or https, no host, user information, a fragment, bad port, characters that must be percent-encoded).
  static Result<Url> parse(std::string_view text);
  // The same server with another target.
  [[nodiscard]] Url with_target(std::string other) const;

  // "host", or "host:port" when the port is not the scheme's own: the Host field.
  std::string authority() const;
  std::string to_string() const;
  bool operator==(const Url&) const = default;
};

}  // namespace ipam::client::http
