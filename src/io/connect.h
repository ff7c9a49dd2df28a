// Connecting to servers. The stream lives on the executor of the coroutine that connects. The resolver must outlive the call.
//
// Errors name the server and say what to do: Unavailable (refused, unreachable, not TLS), NotFound (no such host), DeadlineExceeded, Cancelled, and
// FailedPrecondition when the certificate is not trusted: the message holds the fingerprint that was seen. Thread rule: on an I/O executor.
#pragma once

#include "io/resolver.h"
#include "io/stream.h"
#include "io/tls_context.h"

namespace ipam::io {

// Tries every address of the host in turn, each with its share of the time that is left.
Task<Result<StreamPtr>> connect_tcp(Resolver& resolver, std::string host, std::uint16_t port, Deadline deadline);
Task<Result<StreamPtr>> connect_tls(Resolver& resolver, std::string host, std::uint16_t port, std::shared_ptr<const TlsClientContext> context,
                                    Deadline deadline);

// The SHA-256 fingerprint (lower case hex with ':') of the certificate a server shows, trusted or not: for a program that asks a person whether to
// pin it.
Task<Result<std::string>> fetch_fingerprint(Resolver& resolver, std::string host, std::uint16_t port, Deadline deadline);

}  // namespace ipam::io
