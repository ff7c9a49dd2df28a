// OpenSSL's handles as owners, and its PEM text forms. Only for the sources of this room. Thread rule: a handle belongs to one thread at a time.
#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

namespace ipam::crypto {

template <auto function>
struct Deleter {
  template <class T>
  void operator()(T* handle) const {
    function(handle);
  }
};

using BioHandle = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using BignumHandle = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, Deleter<X509_free>>;
using ExtensionHandle = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using NameHandle = std::unique_ptr<GENERAL_NAME, Deleter<GENERAL_NAME_free>>;
using NamesHandle = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;
using OctetsHandle = std::unique_ptr<ASN1_OCTET_STRING, Deleter<ASN1_OCTET_STRING_free>>;
using StringHandle = std::unique_ptr<ASN1_IA5STRING, Deleter<ASN1_IA5STRING_free>>;

// `doing` with OpenSSL's own reason as the detail; empties its error queue, which would otherwise be blamed on a later call of this thread.
Error openssl_error(ErrorCode code, std::string_view doing);

// Errors: Malformed.
Result<CertificateHandle> parse_certificate(std::string_view pem);
Result<KeyHandle> parse_key(const Secret& pem);
Result<Secret> print_key(EVP_PKEY& key);
Result<std::string> print_certificate(X509& certificate);

}  // namespace ipam::crypto
