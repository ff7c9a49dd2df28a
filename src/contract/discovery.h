// Discovery in the API: /api/v1/discovery_targets, discovered_servers, discovery_domains, domain_servers. Thread rule: plain values.
#pragma once

#include "contract/server.h"

namespace ipam::contract {

struct DiscoveryTarget {
  ObjectId id;
  std::string name;       // what is looked at: an address, a prefix, a host name
  std::string kea_ports;  // "8000,8001"; empty: not looked for
  std::string dns_ports;
  std::string statistics_ports;
  bool enabled = true;
  std::string description;
};
BOOST_DESCRIBE_STRUCT(DiscoveryTarget, (), (id, name, kea_ports, dns_ports, statistics_ports, enabled, description))

struct DiscoveryTargetCreate {
  std::string name;
  std::optional<std::string> kea_ports;
  std::optional<std::string> dns_ports;
  std::optional<std::string> statistics_ports;
  std::optional<bool> enabled;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(DiscoveryTargetCreate, (), (name, kea_ports, dns_ports, statistics_ports, enabled, description))

struct DiscoveryTargetPatch {
  std::optional<std::string> name;
  Patch<std::string> kea_ports;
  Patch<std::string> dns_ports;
  Patch<std::string> statistics_ports;
  std::optional<bool> enabled;
  Patch<std::string> description;
};
BOOST_DESCRIBE_STRUCT(DiscoveryTargetPatch, (), (name, kea_ports, dns_ports, statistics_ports, enabled, description))

enum class DiscoveryState { New, Known, Managed, Gone };
BOOST_DESCRIBE_ENUM(DiscoveryState, New, Known, Managed, Gone)
enum class EndpointKind { ControlAgent, Dns, StatisticsChannel };
BOOST_DESCRIBE_ENUM(EndpointKind, ControlAgent, Dns, StatisticsChannel)

struct DiscoveredServer {
  ObjectId id;
  ip::Address address;
  std::uint16_t port = 0;
  Product product = Product::Kea;
  EndpointKind endpoint = EndpointKind::ControlAgent;
  DiscoveryState state = DiscoveryState::New;
  std::string version;
  std::string evidence;
  ObjectId target_id;
  std::string target;                 // its name
  std::optional<ObjectId> server_id;  // of one that is managed
  std::optional<std::string> server;  // its name
  Time first_seen{};
  Time last_seen{};
};
BOOST_DESCRIBE_STRUCT(DiscoveredServer, (),
                      (id, address, port, product, endpoint, state, version, evidence, target_id, target, server_id, server, first_seen, last_seen))

// POST /api/v1/discovered_servers/{id}:accept makes it a managed server.
struct DiscoveredServerAccept {
  std::string name;
  std::optional<Manageability> manageability;
  std::optional<std::string> url;         // left out: the place where it was found
  std::optional<std::string> credential;  // the name of one that exists
  std::optional<std::string> user_name;   // or: makes a credential of the server's name from these two
  std::optional<std::string> password;
  std::optional<std::string> space;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(DiscoveredServerAccept, (), (name, manageability, url, credential, user_name, password, space, description))

enum class DirectoryProtection { Kerberos, StartTls, Ldaps };
BOOST_DESCRIBE_ENUM(DirectoryProtection, Kerberos, StartTls, Ldaps)
enum class DomainServerState { New, Known, Changed, Gone };
BOOST_DESCRIBE_ENUM(DomainServerState, New, Known, Changed, Gone)

// A domain of Active Directory whose servers are looked for, and how the last reading went.
struct DiscoveryDomain {
  ObjectId id;
  std::string name;         // "contoso.test"
  std::string controllers;  // "dc1.contoso.test,dc2.contoso.test=10.0.0.11"
  DirectoryProtection protection = DirectoryProtection::Kerberos;
  std::optional<std::string> credential;  // its name, for who may read credentials
  TlsTrust tls_trust = TlsTrust::SystemAuthorities;
  std::string tls_fingerprint;
  bool domain_controllers = true;
  bool dhcp_servers = true;
  bool dns_servers = true;
  bool policy_servers = true;
  bool enabled = true;
  std::string description;
  std::string problem;  // of the last reading, with what would mend it
  std::optional<Time> checked_at;
  std::optional<Time> read_at;
  std::string controller;  // that answered last
  std::string forest;
};
BOOST_DESCRIBE_STRUCT(DiscoveryDomain, (),
                      (id, name, controllers, protection, credential, tls_trust, tls_fingerprint, domain_controllers, dhcp_servers, dns_servers,
                       policy_servers, enabled, description, problem, checked_at, read_at, controller, forest))

// One by itself tells more: GET /api/v1/discovery_domains/{id}. Each text is an item of a list.
struct DiscoveryDomainDetail : DiscoveryDomain {
  std::vector<std::string> domains;  // of the forest: "emea.contoso.test EMEA below contoso.test"
  std::vector<std::string> trusts;   // "fabrikam.test two_way forest"
  std::vector<std::string> sites;
  std::vector<std::string> subnets;   // "10.1.0.0/16 Zurich"
  std::vector<std::string> zones;     // "contoso.test domain dc1.contoso.test"
  std::vector<std::string> findings;  // what was passed over and why
};
BOOST_DESCRIBE_STRUCT(DiscoveryDomainDetail, (DiscoveryDomain), (domains, trusts, sites, subnets, zones, findings))

struct DiscoveryDomainCreate {
  std::string name;
  std::string controllers;
  std::optional<DirectoryProtection> protection;
  std::optional<std::string> credential;
  std::optional<TlsTrust> tls_trust;
  std::optional<std::string> tls_fingerprint;
  std::optional<bool> domain_controllers;
  std::optional<bool> dhcp_servers;
  std::optional<bool> dns_servers;
  std::optional<bool> policy_servers;
  std::optional<bool> enabled;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(DiscoveryDomainCreate, (),
                      (name, controllers, protection, credential, tls_trust, tls_fingerprint, domain_controllers, dhcp_servers, dns_servers,
                       policy_servers, enabled, description))

struct DiscoveryDomainPatch {
  std::optional<std::string> name;
  std::optional<std::string> controllers;
  std::optional<DirectoryProtection> protection;
  Patch<std::string> credential;
  std::optional<TlsTrust> tls_trust;
  std::optional<std::string> tls_fingerprint;
  std::optional<bool> domain_controllers;
  std::optional<bool> dhcp_servers;
  std::optional<bool> dns_servers;
  std::optional<bool> policy_servers;
  std::optional<bool> enabled;
  Patch<std::string> description;
};
BOOST_DESCRIBE_STRUCT(DiscoveryDomainPatch, (),
                      (name, controllers, protection, credential, tls_trust, tls_fingerprint, domain_controllers, dhcp_servers, dns_servers,
                       policy_servers, enabled, description))

// A server that the directory of a discovery domain names.
struct DomainServer {
  ObjectId id;
  ObjectId discovery_domain_id;
  std::string discovery_domain;    // its name
  std::string host_name;           // empty where the directory has an address alone
  std::vector<std::string> names;  // all of its names, that one first
  std::vector<std::string> addresses;
  std::vector<std::string> roles;  // domain_controller, dhcp_server, dns_server, policy_server
  std::string domain;
  std::string site;
  std::string account;  // "DC1$"
  std::string operating_system;
  std::string operating_system_version;
  bool disabled = false;
  bool read_only = false;
  DomainServerState state = DomainServerState::New;
  std::string changes;                // what was otherwise before changed_at
  std::vector<std::string> evidence;  // where the directory says so
  Time first_seen{};
  Time last_seen{};
  std::optional<Time> changed_at;
};
BOOST_DESCRIBE_STRUCT(DomainServer, (),
                      (id, discovery_domain_id, discovery_domain, host_name, names, addresses, roles, domain, site, account, operating_system,
                       operating_system_version, disabled, read_only, state, changes, evidence, first_seen, last_seen, changed_at))

}  // namespace ipam::contract
