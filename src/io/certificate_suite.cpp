#include "io/certificate_suite.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace ipam::io {
namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

void require(bool ok) {
  if (!ok) throw std::runtime_error("cannot make a test certificate");
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

BioPtr reading(const std::string& text) { return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free}; }

void add_extension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()),
                                                                                  &X509_EXTENSION_free);
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

bool is_numeric(const std::string& name) { return name.find_first_not_of("0123456789.") == std::string::npos || name.find(':') != std::string::npos; }

}  // namespace

TestCertificate make_test_certificate(const std::vector<std::string>& names, const TestCertificate* issuer) {
  const KeyPtr key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const X509Ptr certificate(X509_new(), &X509_free);
  require(key && certificate);
  unsigned char serial[8];
  require(RAND_bytes(serial, sizeof serial) == 1);
  std::uint64_t number = 0;
  for (const unsigned char byte : serial) number = number << 8 | byte;
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), number >> 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(names.front().c_str()), -1, -1, 0);
  std::string alternatives;
  for (const std::string& name : names) {
    alternatives += (alternatives.empty() ? "" : ",") + std::string(is_numeric(name) ? "IP:" : "DNS:") + name;
  }
  add_extension(certificate.get(), NID_subject_alt_name, alternatives);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  KeyPtr signing_key(nullptr, &EVP_PKEY_free);
  X509Ptr signer(nullptr, &X509_free);
  if (issuer != nullptr) {
    signing_key.reset(PEM_read_bio_PrivateKey(reading(issuer->key_pem.reveal()).get(), nullptr, nullptr, nullptr));
    signer.reset(PEM_read_bio_X509(reading(issuer->certificate_pem).get(), nullptr, nullptr, nullptr));
    require(signing_key && signer);
  }
  require(X509_set_issuer_name(certificate.get(), signer ? X509_get_subject_name(signer.get()) : subject) == 1);
  require(X509_sign(certificate.get(), signing_key ? signing_key.get() : key.get(), EVP_sha256()) > 0);

  const BioPtr certificate_text(BIO_new(BIO_s_mem()), &BIO_free);
  const BioPtr key_text(BIO_new(BIO_s_mem()), &BIO_free);
  require(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1);
  require(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return {text_of(certificate_text.get()), Secret(text_of(key_text.get()))};
}

const TestCertificate& loopback_certificate() {
  static const TestCertificate certificate = make_test_certificate({"localhost", "127.0.0.1"});
  return certificate;
}

}  // namespace ipam::io
