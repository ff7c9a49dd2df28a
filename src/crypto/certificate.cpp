#include "crypto/certificate.h"

#include "crypto/hash.h"
#include "crypto/openssl_handles.h"
#include "crypto/random.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/strings.h"

#include <fmt/format.h>
#include <openssl/ec.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace ipam::crypto {
namespace {

constexpr std::size_t kMaxPemBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxCommonNameBytes = 64;  // RFC 5280 appendix A.1, ub-common-name

// The host names of RFC 1123 section 2.1, and "*." in front of one.
bool is_dns_name(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  if (name.empty() || name.size() > 253) return false;
  const auto labels = split(name, '.');
  return std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; };
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' && std::all_of(label.begin(), label.end(), allowed);
  });
}

bool push(GENERAL_NAMES& names, int type, void* value) {
  NameHandle name(GENERAL_NAME_new());
  if (!name) return false;
  GENERAL_NAME_set0_value(name.get(), type, value);
  if (sk_GENERAL_NAME_push(&names, name.get()) <= 0) return false;
  (void)name.release();
  return true;
}

// RFC 5280 section 4.2.1.6. Built as a structure: OpenSSL's text form would let a name with a comma smuggle in others.
Result<NamesHandle> alternative_names(const ServerNames& names) {
  if (names.dns_names.empty() && names.ip_addresses.empty()) return Error(ErrorCode::InvalidArgument, "a certificate needs a name or an address");
  NamesHandle list(GENERAL_NAMES_new());
  if (!list) return openssl_error(ErrorCode::Internal, "cannot make a certificate");
  for (const std::string& dns_name : names.dns_names) {
    if (!is_dns_name(dns_name)) return Error(ErrorCode::InvalidArgument, fmt::format("\"{}\" is not a DNS name", shorten(dns_name, 64)));
    StringHandle text(ASN1_IA5STRING_new());
    if (!text || ASN1_STRING_set(text.get(), dns_name.data(), static_cast<int>(dns_name.size())) != 1 || !push(*list, GEN_DNS, text.get())) {
      return openssl_error(ErrorCode::Internal, "cannot make a certificate");
    }
    (void)text.release();
  }
  for (const std::string& address : names.ip_addresses) {
    OctetsHandle octets(a2i_IPADDRESS(address.c_str()));
    if (!octets) return openssl_error(ErrorCode::InvalidArgument, fmt::format("\"{}\" is not an IP address", shorten(address, 64)));
    if (!push(*list, GEN_IPADD, octets.get())) return openssl_error(ErrorCode::Internal, "cannot make a certificate");
    (void)octets.release();
  }
  return list;
}

bool set_serial(X509& certificate) {
  // RFC 5280 section 4.1.2.2: positive, at most 20 octets.
  Bytes bytes = random_bytes(20);
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x3F) | 0x40);
  const BignumHandle number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)) != nullptr;
}

bool set_validity(X509& certificate, Time now, std::chrono::hours validity) {
  const auto set = [](ASN1_TIME* field, Time time) { return ASN1_TIME_adj(field, std::chrono::system_clock::to_time_t(time), 0, 0) != nullptr; };
  return set(X509_getm_notBefore(&certificate), now - std::chrono::hours(1)) && set(X509_getm_notAfter(&certificate), now + validity);
}

bool set_subject(X509& certificate, std::string_view common_name) {
  common_name = common_name.substr(0, kMaxCommonNameBytes);
  X509_NAME* name = X509_get_subject_name(&certificate);
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1 &&
         X509_set_issuer_name(&certificate, name) == 1;
}

bool add_extension(X509& certificate, int nid, const char* value) {
  const ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

Result<std::string> self_sign(EVP_PKEY& key, const ServerNames& names, Time now, std::chrono::hours validity) {
  if (validity <= std::chrono::hours(0)) return Error(ErrorCode::InvalidArgument, "a certificate must be valid for some time");
  const NamesHandle alternatives = IPAM_TRY(alternative_names(names));
  const std::string& common_name = names.dns_names.empty() ? names.ip_addresses.front() : names.dns_names.front();
  const CertificateHandle certificate(X509_new());
  const bool made = certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 && set_serial(*certificate) &&
                    set_validity(*certificate, now, validity) && set_subject(*certificate, common_name) &&
                    X509_set_pubkey(certificate.get(), &key) == 1 &&
                    X509_add1_ext_i2d(certificate.get(), NID_subject_alt_name, alternatives.get(), 0, X509V3_ADD_DEFAULT) == 1 &&
                    add_extension(*certificate, NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(*certificate, NID_key_usage, "critical,digitalSignature") &&
                    add_extension(*certificate, NID_ext_key_usage, "serverAuth") && X509_sign(certificate.get(), &key, EVP_sha256()) > 0;
  if (!made) return openssl_error(ErrorCode::Internal, "cannot make a certificate");
  return print_certificate(*certificate);
}

Result<KeyHandle> make_key() {
  KeyHandle key(EVP_EC_gen("P-256"));
  if (!key) return openssl_error(ErrorCode::Internal, "cannot make a key");
  return key;
}

}  // namespace

Result<ServerIdentity> make_self_signed_certificate(const ServerNames& names, Time now, std::chrono::hours validity) {
  const KeyHandle key = IPAM_TRY(make_key());
  std::string certificate_pem = IPAM_TRY(self_sign(*key, names, now, validity));
  return ServerIdentity{IPAM_TRY(print_key(*key)), std::move(certificate_pem)};
}

Result<ServerIdentity> load_or_create_server_identity(const std::filesystem::path& folder, const ServerNames& names, Time now,
                                                      std::chrono::hours validity) {
  const std::filesystem::path key_file = folder / "server.key", certificate_file = folder / "server.crt";
  Result<Secret> key_pem = read_private_file(key_file, kMaxPemBytes);
  Result<std::string> certificate_pem = read_file(certificate_file, kMaxPemBytes);
  if (!key_pem.ok() && key_pem.error().code != ErrorCode::NotFound) return key_pem.error();
  if (!certificate_pem.ok() && certificate_pem.error().code != ErrorCode::NotFound) return certificate_pem.error();

  if (!key_pem.ok()) {
    if (certificate_pem.ok()) {
      return Error(ErrorCode::FailedPrecondition,
                   fmt::format("{} has no key beside it; put {} back or remove the certificate", certificate_file.string(), key_file.string()));
    }
    // The key first: a crash in between leaves a key that gets its certificate at the next start.
    const KeyHandle made = IPAM_TRY(make_key());
    key_pem = IPAM_TRY(print_key(*made));
    IPAM_TRY(write_file_atomically(key_file, as_bytes(key_pem->reveal()), 0600, IfExists::Fail));
  }
  const KeyHandle key = IPAM_TRY(parse_key(*key_pem));
  if (!certificate_pem.ok()) {
    certificate_pem = IPAM_TRY(self_sign(*key, names, now, validity));
    IPAM_TRY(write_file_atomically(certificate_file, as_bytes(*certificate_pem), 0644, IfExists::Fail));
  }
  const CertificateHandle certificate = IPAM_TRY(parse_certificate(*certificate_pem));
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return openssl_error(ErrorCode::FailedPrecondition, fmt::format("{} is not the key of {}", key_file.string(), certificate_file.string()));
  }
  return ServerIdentity{std::move(key_pem).value(), std::move(certificate_pem).value()};
}

Result<std::string> certificate_fingerprint(std::string_view certificate_pem) {
  const CertificateHandle certificate = IPAM_TRY(parse_certificate(certificate_pem));
  Digest digest;
  unsigned length = 0;
  if (X509_digest(certificate.get(), EVP_sha256(), digest.data(), &length) != 1 || length != digest.size()) {
    return openssl_error(ErrorCode::Internal, "cannot hash a certificate");
  }
  std::string text = to_hex(digest, ':');
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

Result<Time> certificate_expiry(std::string_view certificate_pem) {
  const CertificateHandle certificate = IPAM_TRY(parse_certificate(certificate_pem));
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &parts) != 1)
    return openssl_error(ErrorCode::Malformed, "this certificate has no readable end");
  return Time(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace ipam::crypto
