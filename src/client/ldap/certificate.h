// The server's certificate as an operator needs to know it. Specification: RFC 5280, RFC 6125. Thread rule: pure functions.
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

#include <string>

namespace ipam::client::ldap {

// "AA:BB:…" of the SHA-256.
std::string fingerprint_of(ByteView certificate);
// Whether it is the pinned one. Errors: FailedPrecondition (it is another), InvalidArgument (what is pinned is no fingerprint).
Result<void> check_pinned(ByteView certificate, const std::string& fingerprint);
// Why a certificate (DER) is not trusted as that of `host`, as far as it tells by itself, and what would mend it.
std::string why_not_trusted(ByteView certificate, const std::string& host, Time now);

}  // namespace ipam::client::ldap
