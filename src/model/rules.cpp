#include "model/rules.h"

#include "model/address_category.h"
#include "model/dns_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::model {
namespace {

// Addresses that no host can be given (RFC 6890; RFC 4291, section 2.5 to 2.7), link-local ones among them, which hosts give themselves.
bool is_assignable(const ip::Address& address) {
  switch (category_of(address)) {
    case AddressCategory::Loopback:
    case AddressCategory::LinkLocal:
    case AddressCategory::Multicast: return false;
    default: break;
  }
  static const std::array<ip::Prefix, 5> never{ip::Prefix::parse("0.0.0.0/8").value(), ip::Prefix::parse("255.255.255.255/32").value(),
                                               ip::Prefix::parse("::/128").value(), ip::Prefix::parse("::ffff:0:0/96").value(),
                                               ip::Prefix::parse("fec0::/10").value()};
  return std::none_of(never.begin(), never.end(), [&](const ip::Prefix& prefix) { return prefix.contains(address); });
}

void check_common(FieldChecks& checks, const std::string& description, const std::string& owner) {
  checks.text("/description", description, kMaxDescriptionBytes);
  checks.text("/owner", owner, kMaxNameBytes);
}

// That a field is there and a value is one of it is checked where they can be looked up.
void check_custom(FieldChecks& checks, const CustomValues& custom) {
  for (const auto& [field, text] : custom) checks.text("/custom_fields", text, kMaxCustomBytes);
}

void check_thresholds(FieldChecks& checks, std::optional<Percent> under, std::optional<Percent> over) {
  checks.require(!under || *under <= 100, "/under_percent", "must be within 0 and 100");
  checks.require(!over || *over <= 100, "/over_percent", "must be within 0 and 100");
  checks.require(!under || !over || *under < *over, "/over_percent", "must be greater than under_percent");
}

template <class T>
void check_list(FieldChecks& checks, std::string_view pointer, const std::vector<T>& list, std::size_t limit) {
  checks.require(list.size() <= limit, pointer, fmt::format("must not have more than {} entries", limit));
  std::vector<T> sorted = list;
  std::sort(sorted.begin(), sorted.end());
  checks.require(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(), pointer, "must not have the same entry twice");
}

void check_domain(FieldChecks& checks, std::string_view pointer, const std::string& name) {
  checks.require(name.empty() || parse_domain_name(name).ok(), pointer, fmt::format("'{}' is not a domain name", shorten(name, 60)));
}

void check_lists(FieldChecks& checks, const Range& object) {
  check_list(checks, "/gateways", object.gateways, kMaxListed);
  for (const Gateway& gateway : object.gateways) {
    checks.require(gateway.address.family() == object.first.family(), "/gateways", "must be of the same family as the range");
    checks.require(!gateway.metric || (*gateway.metric >= 1 && *gateway.metric <= 9999), "/gateways", "a metric must be within 1 and 9999");
  }
  check_list(checks, "/dns_servers", object.dns_servers, kMaxListed);
  check_list(checks, "/dns_suffixes", object.dns_suffixes, kMaxListed);
  check_list(checks, "/wins_servers", object.wins_servers, kMaxListed);
  for (const std::string& suffix : object.dns_suffixes) check_domain(checks, "/dns_suffixes", suffix);
  for (const ip::Address& server : object.wins_servers) checks.require(server.family() == ip::Family::V4, "/wins_servers", "must be IPv4 addresses");
  check_domain(checks, "/connection_suffix", object.connection_suffix);
  check_domain(checks, "/reverse_zone", object.reverse_zone);
}

// The parts of a range: inside it, and none over another.
void check_parts(FieldChecks& checks, const Range& object) {
  struct Part {
    ip::Range range;
    std::string_view pointer;
  };
  std::vector<Part> parts;
  const auto add = [&](std::string_view pointer, const std::vector<ip::Range>& list) {
    checks.require(list.size() <= kMaxParts, pointer, fmt::format("must not have more than {} entries", kMaxParts));
    for (const ip::Range& range : list) {
      const bool inside = range.family() == object.first.family() && object.first <= range.first() && range.last() <= object.last;
      checks.require(inside, pointer, fmt::format("{} lies outside the range", range.to_string()));
      if (inside) parts.push_back({range, pointer});
    }
  };
  add("/reserved", object.reserved);
  add("/vips", object.vips);
  add("/exclusions", object.exclusions);
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.range < b.range; });
  for (std::size_t i = 1; i < parts.size(); ++i) {
    checks.require(!parts[i - 1].range.overlaps(parts[i].range), parts[i].pointer,
                   fmt::format("{} overlaps {}", parts[i].range.to_string(), parts[i - 1].range.to_string()));
  }
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

}  // namespace

bool is_sha256(const std::string& fingerprint) { return from_hex(fingerprint).value_or(Bytes{}).size() == 32; }

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
  checks.require(!object.provider_id || object.kind == AddressSpaceKind::Customer, "/provider", "is for customer address spaces alone");
  check_custom(checks, object.custom);
  return std::move(checks).result();
}

Result<void> check(const Block& object) {
  FieldChecks checks;
  checks.require(object.prefix.length() >= 1, "/prefix", "a block cannot be the whole address family; split it, for example into two /1");
  checks.text("/name", object.name, kMaxNameBytes);
  check_common(checks, object.description, object.owner);
  check_thresholds(checks, object.under_percent, object.over_percent);
  checks.require(category_of(object.prefix) != AddressCategory::Mixed, "/prefix",
                 fmt::format("{} reaches over addresses of several categories, such as private and public ones; make a block of each",
                             object.prefix.to_string()));
  check_custom(checks, object.custom);
  return std::move(checks).result();
}

Result<void> check(const Subnet& object) {
  FieldChecks checks;
  checks.require(object.prefix.length() >= 1, "/prefix", "a subnet cannot be the whole address family");
  check_list(checks, "/vlans", object.vlans, kMaxVlans);
  for (const std::uint16_t vlan : object.vlans) checks.require(vlan >= 1 && vlan <= 4094, "/vlans", "must be within 1 and 4094 (IEEE 802.1Q)");
  checks.require(!object.vsid || *object.vsid <= 16'777'214, "/vsid", "must be within 0 and 16777214");
  checks.text("/name", object.name, kMaxNameBytes);
  check_common(checks, object.description, object.owner);
  check_thresholds(checks, object.under_percent, object.over_percent);
  check_custom(checks, object.custom);
  return std::move(checks).result();
}

Result<void> check(const Range& object) {
  FieldChecks checks;
  checks.require(object.first.family() == object.last.family(), "/last", "must be of the same family as first");
  checks.require(object.first <= object.last, "/last", "must not come before first");
  checks.text("/name", object.name, kMaxNameBytes);
  checks.text("/service_instance", object.service_instance, kMaxNameBytes);
  check_common(checks, object.description, object.owner);
  check_lists(checks, object);
  check_parts(checks, object);
  check_thresholds(checks, object.under_percent, object.over_percent);
  check_custom(checks, object.custom);
  return std::move(checks).result();
}

Result<void> check(const Address& object) {
  FieldChecks checks;
  checks.require(is_assignable(object.address), "/address",
                 fmt::format("{} cannot be given to a host (unspecified, loopback, link-local, multicast, broadcast or IPv4-mapped)",
                             object.address.to_string()));
  checks.text("/name", object.name, kMaxNameBytes);
  check_common(checks, object.description, object.owner);
  const bool temporary = object.state == AddressState::Held || object.state == AddressState::Cooling;
  checks.require(temporary == object.held_until.has_value(), "/state", "held and cooling are states that the server gives, with their end");
  checks.require(!object.expires_at || object.assigned_at <= *object.expires_at, "/expires_at", "must not come before the address is given");
  checks.text("/service_instance", object.service_instance, kMaxNameBytes);
  checks.text("/asset_tag", object.asset_tag, kMaxNameBytes);
  checks.text("/serial_number", object.serial_number, kMaxNameBytes);
  checks.text("/operating_system", object.operating_system, kMaxNameBytes);
  checks.require(!object.iaid || object.duid.has_value(), "/iaid", "belongs to a DUID");
  checks.require(object.address.family() == ip::Family::V6 || (!object.duid && !object.iaid), "/duid", "is for IPv6 addresses alone");
  check_custom(checks, object.custom);
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
  if (object.product == Product::WindowsDns) {
    checks.require(object.url.starts_with("dcerpc://"), "/url", "must start with dcerpc://, as in dcerpc://dc1.contoso.test");
  } else {
    checks.require(object.url.starts_with("http://") || object.url.starts_with("https://"), "/url",
                   "must start with http:// or https://, as in http://kea1.example:8000/");
  }
  checks.require(object.url.find('@') == std::string::npos, "/url", "must not hold a user or password; name a credential instead");
  checks.require(object.tls_trust != TlsTrust::Fingerprint || is_sha256(object.tls_fingerprint), "/tls_fingerprint",
                 "must be a SHA-256 fingerprint: 32 pairs of hexadecimal digits");
  checks.text("/description", object.description, kMaxDescriptionBytes);
  check_custom(checks, object.custom);
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

Result<void> check(const CustomField& object) {
  FieldChecks checks;
  checks.name("/name", object.name);
  checks.require(object.name.size() >= 2, "/name", "must have at least two characters");
  checks.text("/description", object.description, kMaxDescriptionBytes);
  return std::move(checks).result();
}

Result<void> check(const CustomFieldValue& object) {
  FieldChecks checks;
  checks.name("/text", object.text);
  return std::move(checks).result();
}

Result<void> check(const CustomFieldAssociation& object) {
  FieldChecks checks;
  checks.require(object.first_field_id != object.second_field_id, "/second_field", "must be another field than the first");
  return std::move(checks).result();
}

Result<void> check(const LogicalGroup& object) {
  FieldChecks checks;
  checks.name("/name", object.name);
  checks.require(object.name.size() >= 2, "/name", "must have at least two characters");
  checks.require(!object.fields.empty(), "/fields", "must name at least one field");
  check_list(checks, "/fields", object.fields, kMaxGroupFields);
  checks.text("/description", object.description, kMaxDescriptionBytes);
  return std::move(checks).result();
}

Result<void> check(const Quota& object) {
  constexpr std::uint64_t kMost = 1ULL << 53U;  // exact in every client
  FieldChecks checks;
  checks.name("/subject", object.subject);
  checks.require(object.most_addresses || object.most_subnets, "/most_addresses", "or most_subnets must be given");
  checks.require(object.most_addresses.value_or(0) <= kMost, "/most_addresses", "must not be above 2^53");
  checks.require(object.most_subnets.value_or(0) <= kMost, "/most_subnets", "must not be above 2^53");
  checks.text("/description", object.description, kMaxDescriptionBytes);
  return std::move(checks).result();
}

}  // namespace ipam::model
