// Managed servers: which ones there are, how they are reached, and what was last learnt of them. Thread rule: plain values.
#pragma once

#include "model/address_plan.h"

namespace ipam::model {

// TsigKey: a key of DNS (RFC 8945), also of rndc: the user name is the key's name, the secret its base64 text. SshKey: the secret is the private key.
// Keytab: keys of a Kerberos account: the user name is the account (reader@CONTOSO.TEST), the secret the keytab's base64 text.
enum class CredentialKind : std::uint8_t { UserPassword, ApiKey, TsigKey, SshKey, Keytab };
BOOST_DESCRIBE_ENUM(CredentialKind, UserPassword, ApiKey, TsigKey, SshKey, Keytab)

// What a driver signs in with. `sealed` is the secret under the master key (crypto::Sealer), bound to the id; the clear text is stored nowhere.
struct Credential {
  Id<Credential> id;
  std::uint64_t revision = 0;
  std::string name;
  CredentialKind kind = CredentialKind::UserPassword;
  std::string user_name;
  std::string sealed;
  std::string algorithm;  // of a TSIG key: "hmac-sha256"

  bool operator==(const Credential&) const = default;
};
BOOST_DESCRIBE_STRUCT(Credential, (), (id, revision, name, kind, user_name, sealed, algorithm))

// WindowsDns: the DNS service of Windows Server, and of Samba's domain controller.
enum class Product : std::uint8_t { Kea, Bind9, WindowsDns };
BOOST_DESCRIBE_ENUM(Product, Kea, Bind9, WindowsDns)

// Whether such a server gives addresses, as far as Cadastre reads it.
constexpr bool serves_dhcp(Product product) { return product == Product::Kea; }

// How a server's TLS certificate is judged.
enum class TlsTrust : std::uint8_t { SystemAuthorities, Fingerprint };
BOOST_DESCRIBE_ENUM(TlsTrust, SystemAuthorities, Fingerprint)

// Whether Cadastre works with a server: one that was discovered is Unspecified until somebody decides.
enum class Manageability : std::uint8_t { Unspecified, Managed, Unmanaged };
BOOST_DESCRIBE_ENUM(Manageability, Unspecified, Managed, Unmanaged)

struct ManagedServer {
  Id<ManagedServer> id;
  std::uint64_t revision = 0;
  std::string name;
  Product product = Product::Kea;
  std::string url;  // of the management endpoint: Kea's control agent, BIND's statistics channel: "http://kea1.example:8000/"; of Windows "dcerpc://dc1.contoso.test"
  std::optional<Id<Credential>> credential_id;
  TlsTrust tls_trust = TlsTrust::SystemAuthorities;
  std::string tls_fingerprint;  // SHA-256 as "AA:BB:…" with TlsTrust::Fingerprint
  Id<AddressSpace> space_id;    // where its facts enter
  std::string description;
  Manageability manageability = Manageability::Managed;
  CustomValues custom;

  bool operator==(const ManagedServer&) const = default;
};
BOOST_DESCRIBE_STRUCT(ManagedServer, (),
                      (id, revision, name, product, url, credential_id, tls_trust, tls_fingerprint, space_id, description, manageability,
                       custom))

// A further way to a managed server beside its management endpoint, each with a credential of its own. A server has at most one of a kind.
//   LeaseDatabase  postgresql://host:5432/kea              Kea's lease database
//   LeaseFile      sftp://host:22/var/lib/kea/kea-leases4.csv
//   Dns            dns://host:53                            queries, transfers and updates, signed when there is a TSIG key
//   Rndc           rndc://host:953                          BIND's control channel
enum class AccessKind : std::uint8_t { LeaseDatabase, LeaseFile, Dns, Rndc };
BOOST_DESCRIBE_ENUM(AccessKind, LeaseDatabase, LeaseFile, Dns, Rndc)

struct ServerAccess {
  Id<ServerAccess> id;
  std::uint64_t revision = 0;
  Id<ManagedServer> server_id;
  AccessKind kind = AccessKind::Dns;
  std::string url;
  std::optional<Id<Credential>> credential_id;
  TlsTrust tls_trust = TlsTrust::SystemAuthorities;
  std::string fingerprint;  // SHA-256 of the TLS certificate or the SSH host key, with TlsTrust::Fingerprint

  bool operator==(const ServerAccess&) const = default;
};
BOOST_DESCRIBE_STRUCT(ServerAccess, (), (id, revision, server_id, kind, url, credential_id, tls_trust, fingerprint))

enum class ServerAvailability : std::uint8_t { Unknown, Reachable, Unreachable, AccessDenied, Faulty };
BOOST_DESCRIBE_ENUM(ServerAvailability, Unknown, Reachable, Unreachable, AccessDenied, Faulty)

// What the last contact taught about a server. Bookkeeping: latest value, not journaled.
struct ServerStatus {
  Id<ManagedServer> id;  // the server's own id: one status a server
  ServerAvailability availability = ServerAvailability::Unknown;
  std::string problem;  // what went wrong and what would mend it; empty when all is well
  std::string version;
  std::string capabilities;  // space separated names of what the product offers here
  Time checked_at{};
  std::optional<Time> reached_at;
  std::optional<Time> configuration_collected_at;
  std::optional<Time> leases_collected_at;
  std::string findings;           // what an operator should mend, one a line
  std::string high_availability;  // this partner's state in its product's words; empty without partners
  std::optional<Time> zones_collected_at;

  bool operator==(const ServerStatus&) const = default;
};
BOOST_DESCRIBE_STRUCT(ServerStatus, (),
                      (id, availability, problem, version, capabilities, checked_at, reached_at, configuration_collected_at, leases_collected_at,
                       findings, high_availability, zones_collected_at))

// What the last probe taught about one access of a server. Bookkeeping: latest value.
struct AccessStatus {
  Id<ManagedServer> server_id;
  AccessKind kind = AccessKind::Dns;
  ServerAvailability availability = ServerAvailability::Unknown;
  std::string problem;  // the failing step and what would mend it; empty when all is well
  Time checked_at{};

  bool operator==(const AccessStatus&) const = default;
};
BOOST_DESCRIBE_STRUCT(AccessStatus, (), (server_id, kind, availability, problem, checked_at))

}  // namespace ipam::model
