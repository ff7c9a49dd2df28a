#include "crypto/openssl_handles.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <limits>
#include <utility>

namespace ipam::crypto {
namespace {

Result<BioHandle> reader(std::string_view text) {
  if (text.size() > std::size_t{1} << 20) return Error(ErrorCode::Malformed, "a PEM text has at most 1 MiB");
  BioHandle bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (!bio) return openssl_error(ErrorCode::Internal, "cannot read a PEM text");
  return bio;
}

std::string_view content(BIO& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&bio, &data);
  return {data, size > 0 ? static_cast<std::size_t>(size) : 0};
}

// Without this OpenSSL asks for the passphrase of an encrypted key on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

Error openssl_error(ErrorCode code, std::string_view doing) {
  std::array<char, 256> reason{};
  if (const unsigned long number = ERR_get_error(); number != 0) ERR_error_string_n(number, reason.data(), reason.size());
  ERR_clear_error();
  return Error(code, std::string(doing), reason.data());
}

Result<CertificateHandle> parse_certificate(std::string_view pem) {
  const BioHandle bio = IPAM_TRY(reader(pem));
  CertificateHandle certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  if (!certificate) return openssl_error(ErrorCode::Malformed, "this is not a certificate in PEM");
  return certificate;
}

Result<KeyHandle> parse_key(const Secret& pem) {
  const BioHandle bio = IPAM_TRY(reader(pem.reveal()));
  KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) return openssl_error(ErrorCode::Malformed, "this is not an unencrypted private key in PEM");
  return key;
}

Result<Secret> print_key(EVP_PKEY& key) {
  const BioHandle bio(BIO_new(BIO_s_secmem()));
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return openssl_error(ErrorCode::Internal, "cannot write a private key");
  }
  return Secret(std::string(content(*bio)));
}

Result<std::string> print_certificate(X509& certificate) {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), &certificate) != 1) return openssl_error(ErrorCode::Internal, "cannot write a certificate");
  return std::string(content(*bio));
}

}  // namespace ipam::crypto
