// Managed servers: which ones there are, how they are reached, and what was last learnt of them. Thread rule: plain values.
#pragma once

#include "model/address_plan.h"

namespace ipam::model {

enum class CredentialKind : std::uint8_t { UserPassword, ApiKey };
BOOST_DESCRIBE_ENUM(CredentialKind, UserPassword, ApiKey)

// What a driver signs in with. `sealed` is the secret under the master key (crypto::Sealer), bound to the id; the clear text is stored nowhere.
struct Credential {
  Id<Credential> id;
  std::uint64_t revision = 0;
  std::string name;
  CredentialKind kind = CredentialKind::UserPassword;
  std::string user_name;
  std::string sealed;

  bool operator==(const Credential&) const = default;
};
BOOST_DESCRIBE_STRUCT(Credential, (), (id, revision, name, kind, user_name, sealed))

enum class Product : std::uint8_t { Kea };
BOOST_DESCRIBE_ENUM(Product, Kea)

// How a server's TLS certificate is judged.
enum class TlsTrust : std::uint8_t { SystemAuthorities, Fingerprint };
BOOST_DESCRIBE_ENUM(TlsTrust, SystemAuthorities, Fingerprint)

struct ManagedServer {
  Id<ManagedServer> id;
  std::uint64_t revision = 0;
  std::string name;
  Product product = Product::Kea;
  std::string url;  // of the management endpoint: "http://kea1.example:8000/"
  std::optional<Id<Credential>> credential_id;
  TlsTrust tls_trust = TlsTrust::SystemAuthorities;
  std::string tls_fingerprint;  // SHA-256 as "AA:BB:…" with TlsTrust::Fingerprint
  Id<AddressSpace> space_id;    // where its facts enter
  std::string description;

  bool operator==(const ManagedServer&) const = default;
};
BOOST_DESCRIBE_STRUCT(ManagedServer, (), (id, revision, name, product, url, credential_id, tls_trust, tls_fingerprint, space_id, description))

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

  bool operator==(const ServerStatus&) const = default;
};
BOOST_DESCRIBE_STRUCT(ServerStatus, (),
                      (id, availability, problem, version, capabilities, checked_at, reached_at, configuration_collected_at, leases_collected_at))

}  // namespace ipam::model
