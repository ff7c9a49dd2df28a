// Discovery of servers: where Cadastre looks for DHCP and DNS servers (configured, journaled), and what it found there (facts).
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

}  // namespace ipam::model
