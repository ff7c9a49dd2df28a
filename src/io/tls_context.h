// TLS settings made ready for use: loading certificates costs milliseconds, so a context is made once and shared by many connections.
//
// TLS 1.2 (forward-secret AEAD suites only) and TLS 1.3. No renegotiation, no compression. Thread rule: immutable after create; any thread.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace ipam::io {

struct TlsContextDeleter {
  void operator()(ssl_ctx_st* context) const;
};

struct TlsServerOptions {
  std::string certificate_pem;  // the server's certificate, then the chain to its CA
  Secret key_pem;
};

// What a listening side needs. Clients may resume sessions by tickets, which this context seals with keys of its own.
class TlsServerContext {
 public:
  // Errors: InvalidArgument (not PEM, key and certificate do not match).
  static Result<std::shared_ptr<const TlsServerContext>> create(const TlsServerOptions& options);

  ssl_ctx_st* native() const { return context_.get(); }
  // SHA-256 of the certificate, lower case hex with ':'.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  TlsServerContext() = default;
  std::unique_ptr<ssl_ctx_st, TlsContextDeleter> context_;
  std::string fingerprint_;
};

// Whom a connecting side trusts. With a fingerprint exactly that certificate is accepted, whatever its name, issuer and dates. Otherwise the chain
// must lead to a CA of `ca_file`, or of the system when that is empty, and the name must match.
struct TlsClientOptions {
  std::string fingerprint;      // SHA-256 of the peer's certificate, hex with or without ':'
  std::string ca_file;          // PEM
  std::string server_name;      // for SNI and the name check; empty: the host that is connected to
  std::string certificate_pem;  // our own certificate for servers that ask for one; empty: none
  Secret key_pem;
};

class TlsClientContext {
 public:
  // Errors: InvalidArgument (bad fingerprint, unreadable CA file, own certificate without key).
  static Result<std::shared_ptr<const TlsClientContext>> create(const TlsClientOptions& options);

  ssl_ctx_st* native() const { return context_.get(); }
  const std::string& server_name() const { return server_name_; }
  const Bytes& pinned_fingerprint() const { return pinned_; }  // empty: trust by CA

 private:
  TlsClientContext() = default;
  std::unique_ptr<ssl_ctx_st, TlsContextDeleter> context_;
  std::string server_name_;
  Bytes pinned_;
};

}  // namespace ipam::io
