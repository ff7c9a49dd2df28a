#include "model/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::model {
namespace {

// Addresses that no host can be given (RFC 6890; RFC 4291, section 2.5 to 2.7).
bool is_assignable(const ip::Address& address) {
  static const std::array<ip::Prefix, 4> v4{ip::Prefix::parse("0.0.0.0/8").value(), ip::Prefix::parse("127.0.0.0/8").value(),
                                            ip::Prefix::parse("224.0.0.0/4").value(), ip::Prefix::parse("255.255.255.255/32").value()};
  static const std::array<ip::Prefix, 3> v6{ip::Prefix::parse("::/127").value(), ip::Prefix::parse("ff00::/8").value(),
                                            ip::Prefix::parse("::ffff:0:0/96").value()};
  for (const ip::Prefix& prefix : v4) {
    if (prefix.contains(address)) return false;
  }
  for (const ip::Prefix& prefix : v6) {
    if (prefix.contains(address)) return false;
  }
  return true;
}

void check_common(FieldChecks& checks, const std::string& description, const std::string& owner) {
  checks.text("/description", description, kMaxDescriptionBytes);
  checks.text("/owner", owner, kMaxNameBytes);
}

// How the URL of an access begins, and an example.
struct AccessUrl {
  AccessKind kind;
  std::string_view scheme;
  std::string_view example;
};
constexpr std::array kAccessUrls{
    AccessUrl{AccessKind::LeaseDatabase, "postgresql://", "postgresql://db1.example:5432/kea"},
    AccessUrl{AccessKind::LeaseFile, "sftp://", "sftp://kea1.example:22/var/lib/kea/kea-leases4.csv"},
    AccessUrl{AccessKind::Dns, "dns://", "dns://ns1.example:53"},
    AccessUrl{AccessKind::Rndc, "rndc://", "rndc://ns1.example:953"},
};

bool is_sha256(const std::string& fingerprint) { return from_hex(fingerprint).value_or(Bytes{}).size() == 32; }

}  // namespace

void FieldChecks::name(std::string_view pointer, std::string_view value) {
  require(!trim(value).empty(), pointer, "must not be empty");
  require(value.find('\n') == std::string_view::npos, pointer, "must be one line");
  text(pointer, value, kMaxNameBytes);
}

void FieldChecks::text(std::string_view pointer, std::string_view value, std::size_t limit) {
  require(value.size() <= limit, pointer, fmt::format("must not be longer than {} bytes", limit));
  require(is_clean_text(value), pointer, "must be UTF-8 text without control characters");
}

void FieldChecks::require(bool holds, std::string_view pointer, std::string message) {
  if (!holds) errors_.push_back({std::string(pointer), std::move(message)});
}

Result<void> FieldChecks::result() && {
  if (errors_.empty()) return {};
  Error error = Error::field(errors_.front().pointer, errors_.front().message);
  if (errors_.size() > 1) error.message = fmt::format("{}, and {} more", error.message, errors_.size() - 1);
  error.fields = std::move(errors_);
  return error;
}

Result<void> check(const AddressSpace& object) {
  FieldChecks checks;
  checks.name("/name", object.name);
  check_common(checks, object.description, object.owner);
  return std::move(checks).result();
}

Result<void> check(const Block& object) {
  FieldChecks checks;
  checks.require(object.prefix.length() >= 1, "/prefix", "a block cannot be the whole address family; split it, for example into two /1");
  checks.text("/name", object.name, kMaxNameBytes);
  check_common(checks, object.description, object.owner);
  return std::move(checks).result();
}

Result<void> check(const Subnet& object) {
  FieldChecks checks;
  checks.require(object.prefix.length() >= 1, "/prefix", "a subnet cannot be the whole address family");
  checks.require(!object.vlan || (*object.vlan >= 1 && *object.vlan <= 4094), "/vlan", "must be within 1 and 4094 (IEEE 802.1Q)");
  checks.text("/name", object.name, kMaxNameBytes);
  check_common(checks, object.description, object.owner);
  return std::move(checks).result();
}

Result<void> check(const Range& object) {
  FieldChecks checks;
  checks.require(object.first.family() == object.last.family(), "/last", "must be of the same family as first");
  checks.require(object.first <= object.last, "/last", "must not come before first");
  checks.text("/name", object.name, kMaxNameBytes);
  checks.text("/service_instance", object.service_instance, kMaxNameBytes);
  check_common(checks, object.description, object.owner);
  return std::move(checks).result();
}

Result<void> check(const Address& object) {
  FieldChecks checks;
  checks.require(
      is_assignable(object.address), "/address",
      fmt::format("{} cannot be given to a host (unspecified, loopback, multicast, broadcast or IPv4-mapped)", object.address.to_string()));
  checks.text("/name", object.name, kMaxNameBytes);
  check_common(checks, object.description, object.owner);
  return std::move(checks).result();
}

Result<void> check(const Credential& object) {
  FieldChecks checks;
  checks.name("/name", object.name);
  checks.text("/user_name", object.user_name, kMaxNameBytes);
  checks.require(object.kind == CredentialKind::ApiKey || !object.user_name.empty(), "/user_name",
                 object.kind == CredentialKind::TsigKey ? "must be the name of the key" : "must not be empty for a credential of this kind");
  const bool known = object.algorithm == "hmac-sha1" || object.algorithm == "hmac-sha224" || object.algorithm == "hmac-sha256" ||
                     object.algorithm == "hmac-sha384" || object.algorithm == "hmac-sha512";
  checks.require(object.kind == CredentialKind::TsigKey ? known : object.algorithm.empty(), "/algorithm",
                 "is hmac-sha1, hmac-sha224, hmac-sha256, hmac-sha384 or hmac-sha512 for a TSIG key, and empty for other credentials");
  return std::move(checks).result();
}

Result<void> check(const ManagedServer& object) {
  FieldChecks checks;
  checks.name("/name", object.name);
  checks.text("/url", object.url, 2000);
  checks.require(object.url.starts_with("http://") || object.url.starts_with("https://"), "/url",
                 "must start with http:// or https://, as in http://kea1.example:8000/");
  checks.require(object.url.find('@') == std::string::npos, "/url", "must not hold a user or password; name a credential instead");
  checks.require(object.tls_trust != TlsTrust::Fingerprint || is_sha256(object.tls_fingerprint), "/tls_fingerprint",
                 "must be a SHA-256 fingerprint: 32 pairs of hexadecimal digits");
  checks.text("/description", object.description, kMaxDescriptionBytes);
  return std::move(checks).result();
}

Result<void> check(const ServerAccess& object) {
  FieldChecks checks;
  const auto* form = std::find_if(kAccessUrls.begin(), kAccessUrls.end(), [&](const AccessUrl& each) { return each.kind == object.kind; });
  checks.text("/url", object.url, 2000);
  checks.require(object.url.starts_with(form->scheme), "/url", fmt::format("must start with {}, as in {}", form->scheme, form->example));
  checks.require(object.url.find('@') == std::string::npos, "/url", "must not hold a user or password; name a credential instead");
  checks.require(object.tls_trust != TlsTrust::Fingerprint || is_sha256(object.fingerprint), "/fingerprint",
                 "must be a SHA-256 fingerprint: 32 pairs of hexadecimal digits");
  return std::move(checks).result();
}

Result<void> check(const User& object) {
  FieldChecks checks;
  checks.name("/name", object.name);
  checks.require(object.name.find_first_of(":/ ") == std::string::npos, "/name", "must not hold ':', '/' or spaces");
  checks.text("/description", object.description, kMaxDescriptionBytes);
  return std::move(checks).result();
}

Result<void> check(const Token& object) {
  FieldChecks checks;
  checks.name("/name", object.name);
  return std::move(checks).result();
}

}  // namespace ipam::model
