// Discovery of servers: where Cadastre looks for servers (configured, journaled), and what it found there (facts).
// Thread rule: plain values.
#pragma once

#include "model/managed_server.h"

namespace ipam::model {

// Where to look. `name` says it: an address ("10.0.0.5"), a prefix of at most kMaxTargetAddresses addresses ("10.0.0.0/24"), or a host name
// ("ns1.example.net"). The ports are decimal numbers separated by commas; an empty list leaves that kind of endpoint out.
struct DiscoveryTarget {
  Id<DiscoveryTarget> id;
  std::uint64_t revision = 0;
  std::string name;
  std::string kea_ports = "8000";         // control agents, by HTTP
  std::string dns_ports = "53";           // name servers, by UDP
  std::string statistics_ports = "8053";  // BIND's statistics channels, by HTTP
  bool enabled = true;
  std::string description;

  bool operator==(const DiscoveryTarget&) const = default;
};
BOOST_DESCRIBE_STRUCT(DiscoveryTarget, (), (id, revision, name, kea_ports, dns_ports, statistics_ports, enabled, description))

// New: found by the last pass for the first time. Known: found again. Managed: it is among the managed servers. Gone: a whole pass over its target
// did not find it.
enum class DiscoveryState : std::uint8_t { New, Known, Managed, Gone };
BOOST_DESCRIBE_ENUM(DiscoveryState, New, Known, Managed, Gone)

// At what kind of endpoint a server was found.
enum class EndpointKind : std::uint8_t { ControlAgent, Dns, StatisticsChannel };
BOOST_DESCRIBE_ENUM(EndpointKind, ControlAgent, Dns, StatisticsChannel)

// A fact: what was found at an address and port. Address, port and product together are unique.
struct DiscoveredServer {
  Id<DiscoveredServer> id;
  ip::Address address;
  std::uint16_t port = 0;
  Product product = Product::Kea;
  EndpointKind endpoint = EndpointKind::ControlAgent;
  DiscoveryState state = DiscoveryState::New;
  std::string version;   // as far as it is told without a credential
  std::string evidence;  // a sentence: what was asked and what the answer shows
  Id<DiscoveryTarget> target_id;
  std::optional<Id<ManagedServer>> server_id;  // of one that is managed
  Time first_seen{};
  Time last_seen{};

  bool operator==(const DiscoveredServer&) const = default;
};
BOOST_DESCRIBE_STRUCT(DiscoveredServer, (),
                      (id, address, port, product, endpoint, state, version, evidence, target_id, server_id, first_seen, last_seen))

// How a domain controller is reached: by Kerberos on port 389 with all signed and sealed, or with a password inside TLS on port 389 or 636.
enum class DirectoryProtection : std::uint8_t { Kerberos, StartTls, Ldaps };
BOOST_DESCRIBE_ENUM(DirectoryProtection, Kerberos, StartTls, Ldaps)

// A domain of Active Directory whose servers are looked for: its name ("contoso.test"), the domain controllers to ask, one after the other until one
// answers (full names separated by commas, each with an address behind '=' where the name is not to be looked up), and for which roles.
struct DiscoveryDomain {
  Id<DiscoveryDomain> id;
  std::uint64_t revision = 0;
  std::string name;
  std::string controllers;  // "dc1.contoso.test,dc2.contoso.test=10.0.0.11"
  DirectoryProtection protection = DirectoryProtection::Kerberos;
  std::optional<Id<Credential>> credential_id;
  TlsTrust tls_trust = TlsTrust::SystemAuthorities;
  std::string tls_fingerprint;  // SHA-256 as "AA:BB:…" with TlsTrust::Fingerprint
  bool domain_controllers = true;
  bool dhcp_servers = true;
  bool dns_servers = true;
  bool policy_servers = true;
  bool enabled = true;
  std::string description;

  bool operator==(const DiscoveryDomain&) const = default;
};
BOOST_DESCRIBE_STRUCT(DiscoveryDomain, (),
                      (id, revision, name, controllers, protection, credential_id, tls_trust, tls_fingerprint, domain_controllers, dhcp_servers,
                       dns_servers, policy_servers, enabled, description))

// New: found by the last pass for the first time. Changed: the last pass found it otherwise than before. Known: as before. Gone: a whole pass over
// its domain did not find it.
enum class DomainServerState : std::uint8_t { New, Known, Changed, Gone };
BOOST_DESCRIBE_ENUM(DomainServerState, New, Known, Changed, Gone)

// A fact: a server that a directory names, whatever it is called there. Lists are separated by spaces, texts of several lines by line feeds.
struct DomainServer {
  Id<DomainServer> id;
  Id<DiscoveryDomain> discovery_domain_id;
  std::string identity;   // what stays when it is renamed: its account's identifier, else "name:…" or "address:…"; unique within the domain
  std::string host_name;  // empty where the directory has an address alone
  std::string names;      // all of its names, that one first
  std::string addresses;  // ascending
  std::string roles;      // "domain_controller dhcp_server dns_server policy_server"
  std::string domain;     // of the account, else that its name belongs to
  std::string site;
  std::string account;  // "DC1$"
  std::string operating_system;
  std::string operating_system_version;
  bool disabled = false;   // its account
  bool read_only = false;  // a read-only domain controller
  DomainServerState state = DomainServerState::New;
  std::string changes;   // what was otherwise before, at changed_at
  std::string evidence;  // where the directory says so, a line for each reason
  Time first_seen{};
  Time last_seen{};
  std::optional<Time> changed_at;

  bool operator==(const DomainServer&) const = default;
};
BOOST_DESCRIBE_STRUCT(DomainServer, (),
                      (id, discovery_domain_id, identity, host_name, names, addresses, roles, domain, site, account, operating_system,
                       operating_system_version, disabled, read_only, state, changes, evidence, first_seen, last_seen, changed_at))

// What the last reading of a domain taught. Bookkeeping: latest value.
struct DomainStatus {
  Id<DiscoveryDomain> id;  // the domain's own id: one status a domain
  std::string problem;     // the failing step and what would mend it; empty when all is well
  Time checked_at{};
  std::optional<Time> read_at;
  std::string controller;  // that answered last
  std::string forest;      // name of the forest's root domain
  std::string domains;     // of the forest, one a line: "emea.contoso.test EMEA below contoso.test"
  std::string trusts;      // one a line: "fabrikam.test two_way forest"
  std::string sites;       // one a line
  std::string subnets;     // of the sites, one a line: "10.1.0.0/16 Zurich"
  std::string zones;       // that the directory holds, one a line: "contoso.test domain dc1.contoso.test"
  std::string findings;    // what was passed over and why, one a line

  bool operator==(const DomainStatus&) const = default;
};
BOOST_DESCRIBE_STRUCT(DomainStatus, (), (id, problem, checked_at, read_at, controller, forest, domains, trusts, sites, subnets, zones, findings))

}  // namespace ipam::model
