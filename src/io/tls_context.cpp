#include "io/tls_context.h"

#include "io/tls_stream.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <new>

namespace ipam::io {
namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using ContextPtr = std::unique_ptr<ssl_ctx_st, TlsContextDeleter>;

std::string last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? std::string("unknown error") : std::string(reason);
}

BioPtr memory(const std::string& text) {
  BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
  if (!bio) throw std::bad_alloc();
  return bio;
}

// Never asks a terminal for a passphrase: an encrypted key is refused instead.
int no_passphrase(char*, int, int, void*) { return 0; }

Bytes fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  return Bytes(digest.begin(), digest.begin() + size);
}

// Takes the place of OpenSSL's chain check, so that the fingerprint of a refused certificate can be told and a pinned one needs no chain.
int verify_peer(X509_STORE_CTX* chain, void*) {
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& verification = *static_cast<TlsStream::Verification*>(SSL_get_app_data(ssl));
  verification.seen = fingerprint_of(X509_STORE_CTX_get0_cert(chain));
  if (verification.pinned != nullptr) {
    verification.error = verification.seen == *verification.pinned ? X509_V_OK : X509_V_ERR_CERT_REJECTED;
    X509_STORE_CTX_set_error(chain, verification.error);
  } else {
    const int verified = X509_verify_cert(chain);
    verification.error = X509_STORE_CTX_get_error(chain);
    if (verified != 1 && verification.error == X509_V_OK) verification.error = X509_V_ERR_UNSPECIFIED;
  }
  return verification.error == X509_V_OK ? 1 : 0;
}

ContextPtr make_context(const SSL_METHOD* method) {
  ContextPtr context(SSL_CTX_new(method));
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL");
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  return context;
}

// Loads a certificate chain and its key; answers the certificate's fingerprint.
Result<Bytes> use_identity(ssl_ctx_st* context, const std::string& certificate_pem, const Secret& key_pem) {
  ERR_clear_error();
  const BioPtr certificates = memory(certificate_pem);
  const X509Ptr certificate(PEM_read_bio_X509(certificates.get(), nullptr, no_passphrase, nullptr), &X509_free);
  if (!certificate) return Error(ErrorCode::InvalidArgument, "the TLS certificate is not PEM text of a certificate", last_reason());
  if (SSL_CTX_use_certificate(context, certificate.get()) != 1) {
    return Error(ErrorCode::InvalidArgument, fmt::format("the TLS certificate cannot be used: {}", last_reason()));
  }
  while (X509* next = PEM_read_bio_X509(certificates.get(), nullptr, no_passphrase, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) != 1) {
      X509_free(next);
      return Error(ErrorCode::InvalidArgument, fmt::format("the chain of the TLS certificate cannot be used: {}", last_reason()));
    }
  }
  ERR_clear_error();  // the loop ends by "no start line"
  const BioPtr keys = memory(key_pem.reveal());
  const KeyPtr key(PEM_read_bio_PrivateKey(keys.get(), nullptr, no_passphrase, nullptr), &EVP_PKEY_free);
  if (!key) return Error(ErrorCode::InvalidArgument, "the TLS key is not PEM text of a private key without passphrase", last_reason());
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    ERR_clear_error();
    return Error(ErrorCode::InvalidArgument, "the TLS key does not belong to the TLS certificate");
  }
  return fingerprint_of(certificate.get());
}

}  // namespace

void TlsContextDeleter::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

Result<std::shared_ptr<const TlsServerContext>> TlsServerContext::create(const TlsServerOptions& options) {
  std::shared_ptr<TlsServerContext> made(new TlsServerContext);
  made->context_ = make_context(TLS_server_method());
  made->fingerprint_ = to_hex(IPAM_TRY(use_identity(made->native(), options.certificate_pem, options.key_pem)), ':');
  // Sessions are resumed by tickets alone: nothing is kept for a client that went away. One ticket a handshake; a browser asks for no more.
  SSL_CTX_set_session_cache_mode(made->native(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(made->native(), 1);
  return std::shared_ptr<const TlsServerContext>(std::move(made));
}

Result<std::shared_ptr<const TlsClientContext>> TlsClientContext::create(const TlsClientOptions& options) {
  std::shared_ptr<TlsClientContext> made(new TlsClientContext);
  made->context_ = make_context(TLS_client_method());
  made->server_name_ = options.server_name;
  SSL_CTX_set_verify(made->native(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(made->native(), verify_peer, nullptr);
  ERR_clear_error();
  if (!options.fingerprint.empty()) {
    auto pinned = from_hex(options.fingerprint);
    if (!pinned.ok() || pinned->size() != 32) {
      return Error(ErrorCode::InvalidArgument, "a certificate's SHA-256 fingerprint has 32 pairs of hexadecimal digits");
    }
    made->pinned_ = std::move(pinned).value();
  } else if (!options.ca_file.empty()) {
    if (SSL_CTX_load_verify_file(made->native(), options.ca_file.c_str()) != 1) {
      return Error(ErrorCode::InvalidArgument, fmt::format("cannot read CA certificates from {}: {}", options.ca_file, last_reason()));
    }
  } else {
    SSL_CTX_set_default_verify_paths(made->native());
  }
  if (!options.certificate_pem.empty()) (void)IPAM_TRY(use_identity(made->native(), options.certificate_pem, options.key_pem));
  return std::shared_ptr<const TlsClientContext>(std::move(made));
}

}  // namespace ipam::io
