// Managed servers and DHCP in the API: /api/v1/servers, credentials, dhcp_servers, dhcp_scopes, leases. Thread rule: plain values.
#pragma once

#include "contract/common.h"
#include "contract/custom_field.h"

namespace ipam::contract {

enum class Product { Kea, Bind9, WindowsDns };
BOOST_DESCRIBE_ENUM(Product, Kea, Bind9, WindowsDns)
enum class TlsTrust { SystemAuthorities, Fingerprint };
BOOST_DESCRIBE_ENUM(TlsTrust, SystemAuthorities, Fingerprint)
enum class Availability { Unknown, Reachable, Unreachable, AccessDenied, Faulty };
BOOST_DESCRIBE_ENUM(Availability, Unknown, Reachable, Unreachable, AccessDenied, Faulty)

struct ServerStatus {
  Availability availability = Availability::Unknown;
  std::string problem;
  std::string version;
  std::vector<std::string> capabilities;
  std::optional<Time> checked_at;
  std::optional<Time> reached_at;
  std::optional<Time> configuration_collected_at;
  std::optional<Time> leases_collected_at;
  std::optional<Time> zones_collected_at;
  std::vector<std::string> findings;  // what an operator should mend
  std::string high_availability;      // this partner's state; empty without partners
};
BOOST_DESCRIBE_STRUCT(ServerStatus, (),
                      (availability, problem, version, capabilities, checked_at, reached_at, configuration_collected_at, leases_collected_at,
                       zones_collected_at, findings, high_availability))

enum class Manageability { Unspecified, Managed, Unmanaged };
BOOST_DESCRIBE_ENUM(Manageability, Unspecified, Managed, Unmanaged)

struct Server {
  ObjectId id;
  std::string name;
  Product product = Product::Kea;
  Manageability manageability = Manageability::Managed;
  std::string url;
  std::optional<std::string> credential;  // its name
  TlsTrust tls_trust = TlsTrust::SystemAuthorities;
  std::string tls_fingerprint;
  ObjectId space_id;
  std::string space;
  std::string description;
  ServerStatus status;
  CustomFieldTexts custom_fields;
};
BOOST_DESCRIBE_STRUCT(Server, (),
                      (id, name, product, manageability, url, credential, tls_trust, tls_fingerprint, space_id, space, description, status,
                       custom_fields))

enum class AccessKind { LeaseDatabase, LeaseFile, Dns, Rndc };
BOOST_DESCRIBE_ENUM(AccessKind, LeaseDatabase, LeaseFile, Dns, Rndc)

// A further way to a server beside its URL, and how the last probe found it.
struct ServerAccess {
  ObjectId id;
  ObjectId server_id;
  std::string server;
  AccessKind kind = AccessKind::Dns;
  std::string url;
  std::optional<std::string> credential;  // its name
  TlsTrust tls_trust = TlsTrust::SystemAuthorities;
  std::string fingerprint;
  Availability availability = Availability::Unknown;
  std::string problem;
  std::optional<Time> checked_at;
};
BOOST_DESCRIBE_STRUCT(ServerAccess, (), (id, server_id, server, kind, url, credential, tls_trust, fingerprint, availability, problem, checked_at))

// One server by itself tells its accesses too: GET /api/v1/servers/{id}.
struct ServerDetail : Server {
  std::vector<ServerAccess> accesses;
};
BOOST_DESCRIBE_STRUCT(ServerDetail, (Server), (accesses))

struct ServerAccessCreate {
  std::string server;  // name or id
  AccessKind kind = AccessKind::Dns;
  std::string url;
  std::optional<std::string> credential;
  std::optional<TlsTrust> tls_trust;
  std::optional<std::string> fingerprint;
};
BOOST_DESCRIBE_STRUCT(ServerAccessCreate, (), (server, kind, url, credential, tls_trust, fingerprint))

struct ServerAccessPatch {
  std::optional<std::string> url;
  Patch<std::string> credential;
  std::optional<TlsTrust> tls_trust;
  std::optional<std::string> fingerprint;
};
BOOST_DESCRIBE_STRUCT(ServerAccessPatch, (), (url, credential, tls_trust, fingerprint))

struct ServerCreate {
  std::string name;
  Product product = Product::Kea;
  std::string url;
  std::optional<std::string> credential;  // the name of one that exists
  std::optional<std::string> user_name;   // or: makes a credential of the server's name from these two
  std::optional<std::string> password;
  std::optional<TlsTrust> tls_trust;
  std::optional<std::string> tls_fingerprint;
  std::optional<std::string> space;
  std::optional<std::string> description;
  std::optional<Manageability> manageability;  // managed unless said otherwise
  std::optional<CustomFieldTexts> custom_fields;
};
BOOST_DESCRIBE_STRUCT(ServerCreate, (),
                      (name, product, url, credential, user_name, password, tls_trust, tls_fingerprint, space, description, manageability,
                       custom_fields))

struct ServerPatch {
  std::optional<std::string> name;
  std::optional<std::string> url;
  Patch<std::string> credential;
  std::optional<TlsTrust> tls_trust;
  std::optional<std::string> tls_fingerprint;
  Patch<std::string> description;
  std::optional<Manageability> manageability;
  std::optional<CustomFieldChanges> custom_fields;
};
BOOST_DESCRIBE_STRUCT(ServerPatch, (), (name, url, credential, tls_trust, tls_fingerprint, description, manageability, custom_fields))

// POST /api/v1/servers/{id}:verify: signs in now and tells what was found.
struct VerifyAnswer {
  ServerStatus status;
  std::vector<std::string> findings;
};
BOOST_DESCRIBE_STRUCT(VerifyAnswer, (), (status, findings))

enum class CredentialKind { UserPassword, ApiKey, TsigKey, SshKey, Keytab };
BOOST_DESCRIBE_ENUM(CredentialKind, UserPassword, ApiKey, TsigKey, SshKey, Keytab)

// The secret goes in and never comes out.
struct Credential {
  ObjectId id;
  std::string name;
  CredentialKind kind = CredentialKind::UserPassword;
  std::string user_name;
  std::string algorithm;  // of a TSIG key
};
BOOST_DESCRIBE_STRUCT(Credential, (), (id, name, kind, user_name, algorithm))

struct CredentialCreate {
  std::string name;
  std::optional<CredentialKind> kind;
  std::optional<std::string> user_name;
  std::optional<std::string> algorithm;
  std::string secret;
};
BOOST_DESCRIBE_STRUCT(CredentialCreate, (), (name, kind, user_name, algorithm, secret))

struct CredentialPatch {
  std::optional<std::string> user_name;
  std::optional<std::string> secret;
};
BOOST_DESCRIBE_STRUCT(CredentialPatch, (), (user_name, secret))

// What holds for a whole DHCP server, as collected.
struct DhcpServer {
  ObjectId id;
  ObjectId server_id;
  std::string server;
  std::string lease_database;               // its kind and place
  std::string high_availability;            // how this partner was at the last probe; empty without partners
  std::optional<Time> checked_at;           // when the last probe was
  std::optional<Time> configuration_as_of;  // when the configuration was read
};
BOOST_DESCRIBE_STRUCT(DhcpServer, (), (id, server_id, server, lease_database, high_availability, checked_at, configuration_as_of))

// One by itself tells more: GET /api/v1/dhcp_servers/{id}. JSON as the product writes it, without secrets.
struct DhcpServerDetail : DhcpServer {
  json::Raw partners;
  json::Raw options;
  json::Raw option_definitions;
  json::Raw client_classes;
};
BOOST_DESCRIBE_STRUCT(DhcpServerDetail, (DhcpServer), (partners, options, option_definitions, client_classes))

struct Pool {
  ip::Address first;
  ip::Address last;
};
BOOST_DESCRIBE_STRUCT(Pool, (), (first, last))

enum class ReservationIdentifier { HardwareAddress, ClientId, Duid, CircuitId, FlexId };
BOOST_DESCRIBE_ENUM(ReservationIdentifier, HardwareAddress, ClientId, Duid, CircuitId, FlexId)

struct Reservation {
  ObjectId id;
  ip::Address address;
  ReservationIdentifier identifier_type = ReservationIdentifier::HardwareAddress;
  std::string identifier;
  std::string hostname;
};
BOOST_DESCRIBE_STRUCT(Reservation, (), (id, address, identifier_type, identifier, hostname))

struct DhcpScope {
  ObjectId id;
  ObjectId server_id;
  std::string server;
  ObjectId space_id;
  std::string space;
  std::string key;
  ip::Prefix prefix;
  std::string name;
  std::string shared_network;
  std::uint32_t lease_seconds = 0;
  std::vector<Pool> pools;
  Utilization utilization;                       // of the pools
  std::optional<std::uint64_t> server_assigned;  // the server's own counters at the last collection
  std::optional<std::uint64_t> server_declined;
  std::optional<Time> leases_as_of;
};
BOOST_DESCRIBE_STRUCT(DhcpScope, (),
                      (id, server_id, server, space_id, space, key, prefix, name, shared_network, lease_seconds, pools, utilization, server_assigned,
                       server_declined, leases_as_of))

// One scope by itself tells more: GET /api/v1/dhcp_scopes/{id}.
struct DhcpScopeDetail : DhcpScope {
  std::vector<Reservation> reservations;  // the first thousand, by address
  std::uint64_t reservations_total = 0;
  json::Raw options;
};
BOOST_DESCRIBE_STRUCT(DhcpScopeDetail, (DhcpScope), (reservations, reservations_total, options))

enum class LeaseState { Active, Declined, Expired, Released };
BOOST_DESCRIBE_ENUM(LeaseState, Active, Declined, Expired, Released)

struct Lease {
  ip::Address address;
  ObjectId server_id;
  std::string server;
  ObjectId space_id;
  std::string scope_key;
  LeaseState state = LeaseState::Active;
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<ip::ClientId> client_id;
  std::string hostname;
  Time starts_at{};
  Time expires_at{};
  Time seen_at{};
};
BOOST_DESCRIBE_STRUCT(Lease, (),
                      (address, server_id, server, space_id, scope_key, state, hardware_address, client_id, hostname, starts_at, expires_at, seen_at))

}  // namespace ipam::contract
