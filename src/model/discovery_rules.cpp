#include "model/discovery_rules.h"

#include "base/bytes.h"
#include "base/strings.h"
#include "model/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::model {
namespace {

constexpr std::size_t kMaxHostName = 253;
constexpr std::size_t kMaxLabel = 63;

Error bad_name(std::string message) { return Error::field("/name", std::move(message)); }

bool is_label(std::string_view label) {
  const auto fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' && label.back() != '-' && std::all_of(label.begin(), label.end(), fine);
}

// RFC 1123, section 2.1: what is all digits and dots is meant as an address.
Result<std::string> read_host_name(std::string_view text) {
  std::string name = to_lower(text);
  if (name.ends_with('.')) name.pop_back();
  const auto labels = split(name, '.');
  const bool numeric = name.find_first_not_of("0123456789.") == std::string::npos;
  if (name.empty() || name.size() > kMaxHostName || numeric || !std::all_of(labels.begin(), labels.end(), is_label)) {
    return bad_name(fmt::format("'{}' is no address, prefix or host name; write it as 10.0.0.5, 10.0.0.0/24 or ns1.example.net", shorten(text, 60)));
  }
  return name;
}

Result<ip::Prefix> check_prefix(const ip::Prefix& prefix) {
  if (prefix.size() > kMaxTargetAddresses) {
    return bad_name(fmt::format("{} has more than {} addresses; name smaller parts of it, at most a /20 (IPv6: a /116) each", prefix.to_string(),
                                kMaxTargetAddresses));
  }
  if (!is_askable(prefix.first()) || !is_askable(prefix.last())) {
    return bad_name(fmt::format("{} holds addresses of no single host (unspecified, multicast, broadcast, reserved, link-local IPv6, IPv4-mapped)",
                                prefix.to_string()));
  }
  return prefix;
}

}  // namespace

bool is_askable(const ip::Address& address) {
  static const std::array<ip::Prefix, 6> refused{ip::Prefix::parse("0.0.0.0/8").value(), ip::Prefix::parse("224.0.0.0/3").value(),
                                                 ip::Prefix::parse("::/128").value(),    ip::Prefix::parse("ff00::/8").value(),
                                                 ip::Prefix::parse("fe80::/10").value(), ip::Prefix::parse("::ffff:0:0/96").value()};
  return std::none_of(refused.begin(), refused.end(), [&](const ip::Prefix& prefix) { return prefix.contains(address); });
}

Result<TargetPlace> read_place(std::string_view name) {
  if (name.find('/') != std::string_view::npos) {
    const auto prefix = ip::Prefix::parse(name);
    if (!prefix.ok()) return bad_name(prefix.error().message);
    return TargetPlace(IPAM_TRY(check_prefix(*prefix)));
  }
  if (const auto address = ip::Address::parse(name); address.ok()) {
    return TargetPlace(IPAM_TRY(check_prefix(ip::Prefix::containing(*address, ip::bit_count(address->family())))));
  }
  return TargetPlace(IPAM_TRY(read_host_name(name)));
}

std::vector<ip::Address> hosts_of(const ip::Prefix& prefix) {
  const bool has_edges = ip::bit_count(prefix.family()) - prefix.length() >= 2;
  std::vector<ip::Address> hosts;
  for (auto address = std::optional(prefix.first()); address && *address <= prefix.last() && hosts.size() < kMaxTargetAddresses;
       address = address->next()) {
    const bool edge = has_edges && (*address == prefix.first() || (*address == prefix.last() && prefix.family() == ip::Family::V4));
    if (!edge) hosts.push_back(*address);
  }
  return hosts;
}

Result<std::vector<std::uint16_t>> read_ports(std::string_view text) {
  std::vector<std::uint16_t> ports;
  if (trim(text).empty()) return ports;
  for (const std::string_view part : split(text, ',')) {
    const auto port = parse_integer<std::uint16_t>(trim(part), 1);
    if (!port) {
      return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is no port; write numbers from 1 to 65535 with commas between", shorten(part, 20)));
    }
    if (std::find(ports.begin(), ports.end(), *port) == ports.end()) ports.push_back(*port);
    if (ports.size() > kMaxTargetPorts) return Error(ErrorCode::InvalidArgument, fmt::format("names more than {} ports", kMaxTargetPorts));
  }
  return ports;
}

Result<std::vector<ControllerPlace>> read_controllers(std::string_view text) {
  std::vector<ControllerPlace> places;
  if (trim(text).empty()) return Error(ErrorCode::InvalidArgument, "must name at least one domain controller, as dc1.contoso.test");
  for (const std::string_view part : split(text, ',')) {
    const auto sides = split(trim(part), '=');
    const auto host = read_host_name(trim(sides.front()));
    if (!host.ok() || host->find('.') == std::string::npos) {
      return Error(ErrorCode::InvalidArgument,
                   fmt::format("'{}' is no full name of a domain controller, as dc1.contoso.test: Kerberos and certificates know it by that name",
                               shorten(trim(part), 60)));
    }
    ControllerPlace place{.host = *host, .address = std::nullopt};
    if (sides.size() == 2) {
      const auto address = ip::Address::parse(trim(sides[1]));
      if (!address.ok() || !is_askable(*address))
        return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is no address of one host", shorten(sides[1], 60)));
      place.address = *address;
    }
    if (sides.size() > 2 || places.size() == kMaxControllers)
      return Error(ErrorCode::InvalidArgument, fmt::format("must be at most {} names, each with at most one address behind '='", kMaxControllers));
    places.push_back(std::move(place));
  }
  return places;
}

Result<void> check(const DiscoveryDomain& object) {
  FieldChecks checks;
  const auto name = read_host_name(object.name);
  checks.require(name.ok() && *name == object.name && name->find('.') != std::string::npos, "/name",
                 "must be the full name of a domain in lower case, as contoso.test");
  const auto controllers = read_controllers(object.controllers);
  checks.require(controllers.ok(), "/controllers", controllers.ok() ? std::string() : controllers.error().message);
  checks.require(object.tls_trust != TlsTrust::Fingerprint || is_sha256(object.tls_fingerprint), "/tls_fingerprint",
                 "must be the SHA-256 of the certificate, 32 pairs of hexadecimal digits");
  checks.require(object.domain_controllers || object.dhcp_servers || object.dns_servers || object.policy_servers, "/domain_controllers",
                 "at least one kind of server must be looked for");
  checks.text("/description", object.description, kMaxDescriptionBytes);
  return std::move(checks).result();
}

Result<void> check(const DiscoveryTarget& object) {
  FieldChecks checks;
  std::size_t ports = 0;
  const auto check_ports = [&](std::string_view pointer, const std::string& text) {
    const auto read = read_ports(text);
    checks.require(read.ok(), pointer, read.ok() ? std::string() : read.error().message);
    ports += read.ok() ? read->size() : 1;
  };
  if (const auto place = read_place(object.name); !place.ok()) checks.require(false, "/name", place.error().fields.front().message);
  check_ports("/kea_ports", object.kea_ports);
  check_ports("/dns_ports", object.dns_ports);
  check_ports("/statistics_ports", object.statistics_ports);
  checks.require(ports > 0, "/kea_ports", "at least one port must be named, here or in dns_ports or statistics_ports");
  checks.text("/description", object.description, kMaxDescriptionBytes);
  return std::move(checks).result();
}

}  // namespace ipam::model
