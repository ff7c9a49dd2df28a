#include "client/ldap/certificate.h"

#include "base/strings.h"
#include "crypto/hash.h"

#include <fmt/format.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <memory>

namespace ipam::client::ldap {
namespace {

constexpr std::size_t kQuoted = 100;

struct Freeing {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
using Certificate = std::unique_ptr<X509, Freeing>;

std::string clean(std::string text) { return is_clean_text(text) ? shorten(text, kQuoted) : "(unreadable)"; }

std::string issuer_of(const X509& certificate) {
  char* text = X509_NAME_oneline(X509_get_issuer_name(&certificate), nullptr, 0);
  std::string issuer = text != nullptr ? text : "";
  OPENSSL_free(text);
  return clean(std::move(issuer));
}

std::string names_of(const X509& certificate) {
  const std::unique_ptr<GENERAL_NAMES, Freeing> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> found;
  for (int at = 0; names && at < sk_GENERAL_NAME_num(names.get()); ++at) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), at);
    if (name->type != GEN_DNS) continue;
    const ASN1_STRING* text = name->d.dNSName;
    found.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return found.empty() ? "no name of a host" : clean(join(found, ", "));
}

}  // namespace

std::string fingerprint_of(ByteView certificate) {
  std::string text = to_hex(crypto::sha256(certificate), ':');
  for (char& each : text) each = static_cast<char>(each >= 'a' && each <= 'f' ? each - 'a' + 'A' : each);
  return text;
}

Result<void> check_pinned(ByteView certificate, const std::string& fingerprint) {
  const auto pinned = from_hex(fingerprint);
  if (!pinned.ok() || pinned->size() != 32) return Error(ErrorCode::InvalidArgument, "the pinned fingerprint is not the SHA-256 of a certificate");
  const auto shown = crypto::sha256(certificate);
  if (std::equal(pinned->begin(), pinned->end(), shown.begin(), shown.end())) return {};
  return Error(
      ErrorCode::FailedPrecondition,
      fmt::format("the certificate is not the pinned one; it has {}: if it was changed on purpose, pin the new one", fingerprint_of(certificate)));
}

std::string why_not_trusted(ByteView certificate, const std::string& host, Time now) {
  const unsigned char* at = certificate.data();
  const Certificate parsed(d2i_X509(nullptr, &at, static_cast<long>(certificate.size())));
  if (!parsed) return "the server shows no certificate that can be read";
  std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::system_clock::duration>(now));
  if (X509_cmp_time(X509_get0_notAfter(parsed.get()), &seconds) < 0) return "the certificate has expired; renew it on the server";
  if (X509_cmp_time(X509_get0_notBefore(parsed.get()), &seconds) > 0) return "the certificate is not valid yet; is this machine's clock right?";
  if (X509_check_host(parsed.get(), host.data(), host.size(), 0, nullptr) != 1) {
    return fmt::format("the certificate is not for {} but has {}; use the server's name as the certificate has it, or pin its fingerprint {}", host,
                       names_of(*parsed), fingerprint_of(certificate));
  }
  return fmt::format(
      "the certificate does not come from an authority that is trusted here (its issuer: {}); give that authority's certificate as CA file, or pin "
      "the "
      "fingerprint {} after comparing it on the server",
      issuer_of(*parsed), fingerprint_of(certificate));
}

}  // namespace ipam::client::ldap
