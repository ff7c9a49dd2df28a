// The target of a request line (RFC 9112 section 3.2): origin form, absolute form (whose authority is dropped) and "*" for OPTIONS.
// Thread rule: a pure function.
#pragma once

#include "base/result.h"
#include "wire/http1/query.h"

#include <string>
#include <string_view>

namespace ipam::wire::http1 {

struct Target {
  std::string path;  // percent-encoded as it came, sure to decode
  Query query;
};

// Errors: Malformed (authority form, a character that must be encoded, a fragment, bad percent-encoding).
Result<Target> parse_target(std::string_view method, std::string_view text);

}  // namespace ipam::wire::http1
