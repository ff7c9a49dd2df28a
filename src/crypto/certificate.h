// Server certificates: a self-signed one for the first start, and the fingerprint that a client compares. Specification: RFC 5280.
// Thread rule: pure functions; those that touch files block.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::crypto {

// A key and its certificate (with the rest of the chain after it, if there is one), in PEM.
struct ServerIdentity {
  Secret key_pem;
  std::string certificate_pem;
};

// What a server is called. The first DNS name (else the first address) becomes the subject's common name.
struct ServerNames {
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;  // IPv4 and IPv6 as text
};

// A new P-256 key with a certificate for `names`, valid for `validity` from `now` on (and an hour back, for clients whose clocks are slow).
// Errors: InvalidArgument (no name at all, a name that is none, a validity that is not positive).
Result<ServerIdentity> make_self_signed_certificate(const ServerNames& names, Time now, std::chrono::hours validity);

// The identity in `folder`: server.key (0600) and server.crt. Made when there is none; a key that has no certificate gets one. A key and a
// certificate that do not belong together, and a certificate without its key, are FailedPrecondition. Files that an administrator put there stay.
Result<ServerIdentity> load_or_create_server_identity(const std::filesystem::path& folder, const ServerNames& names, Time now,
                                                      std::chrono::hours validity);

// SHA-256 of the first certificate in the text, as "AA:BB:…" (95 characters). Errors: Malformed.
Result<std::string> certificate_fingerprint(std::string_view certificate_pem);
// When the first certificate in the text ends. Errors: Malformed.
Result<Time> certificate_expiry(std::string_view certificate_pem);

}  // namespace ipam::crypto
