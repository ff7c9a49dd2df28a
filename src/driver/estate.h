// EstateReader: what a directory tells of a domain: its domain controllers, sites and subnets, the servers that it authorizes or names, and the
// domains that it trusts. It only reads, and only the directory.
//
// Errors are those of driver.h. What cannot be read, or is not what it should be, and does not spoil the rest stands in DomainReport::findings.
// Hostile servers: every name is checked, every list is bounded by EstateLimits. Thread rule: one call at a time, on one executor; the reader
// outlives its calls.
#pragma once

#include "base/secret.h"
#include "io/deadline.h"
#include "io/task.h"
#include "ip/address.h"
#include "ip/prefix.h"
#include "model/discovery.h"

#include <set>
#include <string>
#include <vector>

namespace ipam::driver {

enum class EstateRole : std::uint8_t { DomainController, DhcpServer, DnsServer, PolicyServer };

// How the directory is reached and what to sign in with.
struct DirectoryEndpoint {
  std::string domain;      // "contoso.test"
  std::string controller;  // full name of the domain controller to ask
  std::string address;     // where it is; empty: its name is looked up
  std::uint16_t port = 0;  // 0: the usual one
  model::DirectoryProtection protection = model::DirectoryProtection::Kerberos;
  std::string user_name;  // "reader", "reader@contoso.test", "CONTOSO\\reader"
  Secret password;
  Secret keytab;        // base64 of a keytab's octets; with Kerberos it takes the place of the password
  std::string ca_file;  // of TLS, as in client/ldap
  std::string fingerprint;
};

struct EstateLimits {
  std::size_t servers = 100'000;
  std::size_t zones = 100'000;
  std::size_t sites = 20'000;
  std::size_t subnets = 200'000;
  std::size_t findings = 200;
};

struct EstateSubnet {
  ip::Prefix prefix;
  std::string site;  // empty: of none
  std::string location;
  std::string description;

  bool operator==(const EstateSubnet&) const = default;
};

struct EstateSite {
  std::string name;
  std::string description;

  bool operator==(const EstateSite&) const = default;
};

// A domain of the forest.
struct EstateDomain {
  std::string name;          // "emea.contoso.test"
  std::string netbios_name;  // "EMEA"
  std::string parent;        // the domain above; empty of a tree's root

  bool operator==(const EstateDomain&) const = default;
};

enum class TrustDirection : std::uint8_t { None, Inbound, Outbound, TwoWay };
enum class TrustKind : std::uint8_t { WithinForest, Forest, External, Realm };

// Another domain that this one trusts, or that trusts it. It is read with a credential of its own.
struct EstateTrust {
  std::string partner;  // "fabrikam.test"
  TrustDirection direction = TrustDirection::None;
  TrustKind kind = TrustKind::External;

  bool operator==(const EstateTrust&) const = default;
};

enum class ZoneReplication : std::uint8_t { Domain, Forest, Legacy, Partition };

// A zone that the directory holds. Its name servers stand in DomainReport::servers too, when DNS servers are asked for, the zone
// is primary and they belong to this domain.
struct EstateZone {
  std::string name;
  ZoneReplication replication = ZoneReplication::Domain;
  bool primary = true;  // else one of another kind, as of a conditional forwarder
  std::vector<std::string> name_servers;

  bool operator==(const EstateZone&) const = default;
};

// One server, whatever it is called and however often the directory names it.
struct EstateServer {
  std::string host_name;               // full name, lower case, without the final dot: the account's, else the one it was found by
  std::vector<std::string> names;      // all of its names, that one first
  std::vector<ip::Address> addresses;  // ascending; none where neither the directory nor its zones tell one
  std::set<EstateRole> roles;
  std::string domain;   // of the account, else the forest's domain that the name belongs to
  std::string site;     // of a domain controller its own, else that of its addresses; empty when unknown
  std::string account;  // "DC1$"; empty: it has no account in this domain
  std::string guid;     // of the account, which stays when it is renamed
  std::string operating_system;
  std::string operating_system_version;
  bool disabled = false;              // its account
  bool read_only = false;             // a domain controller that takes no changes
  std::vector<std::string> evidence;  // where the directory says so, a sentence for each role

  bool operator==(const EstateServer&) const = default;
};

struct DomainReport {
  std::string domain;
  std::string forest;  // the name of the forest's root domain
  std::string controller;
  std::vector<EstateDomain> domains;
  std::vector<EstateTrust> trusts;
  std::vector<EstateSite> sites;
  std::vector<EstateSubnet> subnets;
  std::vector<EstateZone> zones;
  std::vector<EstateServer> servers;  // ascending by name; those of this domain and of the roles that were asked for
  std::vector<std::string> findings;  // what was passed over and why
};

class EstateReader {
 public:
  virtual ~EstateReader() = default;
  virtual io::Task<Result<DomainReport>> read(DirectoryEndpoint endpoint, std::set<EstateRole> roles, io::Deadline deadline) = 0;
};

}  // namespace ipam::driver
