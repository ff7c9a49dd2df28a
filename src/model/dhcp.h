// DHCP as Cadastre sees it, whatever the product: scopes with pools and reservations (configured state, journaled when a collection finds it changed)
// and leases (facts). A Kea subnet with pools is a DHCP scope here, as a scope of Windows DHCP is. Thread rule: plain values.
#pragma once

#include "model/managed_server.h"

namespace ipam::model {

struct DhcpScope {
  Id<DhcpScope> id;
  std::uint64_t revision = 0;
  Id<ManagedServer> server_id;
  Id<AddressSpace> space_id;
  std::string key;  // what the product itself calls the scope: Kea's subnet id
  ip::Prefix prefix;
  std::string name;
  std::string shared_network;  // Kea's shared network, Windows' superscope
  std::uint32_t lease_seconds = 0;
  std::string options;  // the scope's DHCP options as the product writes them, JSON, without secrets

  bool operator==(const DhcpScope&) const = default;
};
BOOST_DESCRIBE_STRUCT(DhcpScope, (), (id, revision, server_id, space_id, key, prefix, name, shared_network, lease_seconds, options))

// Addresses of a scope that are leased to anyone who asks.
struct DhcpPool {
  Id<DhcpPool> id;
  std::uint64_t revision = 0;
  Id<DhcpScope> scope_id;
  Id<AddressSpace> space_id;
  ip::Address first;
  ip::Address last;

  bool operator==(const DhcpPool&) const = default;
};
BOOST_DESCRIBE_STRUCT(DhcpPool, (), (id, revision, scope_id, space_id, first, last))

enum class ReservationIdentifier : std::uint8_t { HardwareAddress, ClientId, Duid, CircuitId, FlexId };
BOOST_DESCRIBE_ENUM(ReservationIdentifier, HardwareAddress, ClientId, Duid, CircuitId, FlexId)

// An address that the DHCP server keeps for one client.
struct DhcpReservation {
  Id<DhcpReservation> id;
  std::uint64_t revision = 0;
  Id<DhcpScope> scope_id;
  Id<AddressSpace> space_id;
  ip::Address address;
  ReservationIdentifier identifier_type = ReservationIdentifier::HardwareAddress;
  Bytes identifier;
  std::string hostname;

  bool operator==(const DhcpReservation&) const = default;
};
BOOST_DESCRIBE_STRUCT(DhcpReservation, (), (id, revision, scope_id, space_id, address, identifier_type, identifier, hostname))

// Active and Declined occupy the address; Expired and Released are told by some products until the row is gone.
enum class LeaseState : std::uint8_t { Active, Declined, Expired, Released };
BOOST_DESCRIBE_ENUM(LeaseState, Active, Declined, Expired, Released)

// A lease as last seen on its server. A fact: latest value, keyed by (server, address), not journaled.
struct Lease {
  Id<ManagedServer> server_id;
  ip::Address address;
  Id<AddressSpace> space_id;
  std::string scope_key;
  LeaseState state = LeaseState::Active;
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<ip::ClientId> client_id;
  std::string hostname;
  Time starts_at{};  // last transaction of the client with the server
  Time expires_at{};
  Time seen_at{};  // when a collection last wrote this row

  bool operator==(const Lease&) const = default;
};
BOOST_DESCRIBE_STRUCT(Lease, (),
                      (server_id, address, space_id, scope_key, state, hardware_address, client_id, hostname, starts_at, expires_at, seen_at))

// Whether a lease in this state keeps its address from others.
constexpr bool occupies(LeaseState state) { return state == LeaseState::Active || state == LeaseState::Declined; }

// How full a scope was at an instant. A fact: append-only. Counts are of distinct addresses inside the pools' union.
struct ScopeUtilization {
  Id<DhcpScope> scope_id;
  Time at{};
  std::uint64_t capacity = 0;
  std::uint64_t used = 0;
  std::uint64_t leased = 0;
  std::uint64_t reserved = 0;
  std::optional<std::uint64_t> server_assigned;  // the server's own counter, to be compared with ours
  std::optional<std::uint64_t> server_declined;

  bool operator==(const ScopeUtilization&) const = default;
};
BOOST_DESCRIBE_STRUCT(ScopeUtilization, (), (scope_id, at, capacity, used, leased, reserved, server_assigned, server_declined))

}  // namespace ipam::model
