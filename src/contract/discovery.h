// Discovery in the API: /api/v1/discovery_targets, discovered_servers. Thread rule: plain values.
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

}  // namespace ipam::contract
