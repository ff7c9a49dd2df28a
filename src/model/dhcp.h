// DHCP as Cadastre sees it, whatever the product: scopes with pools and reservations (configured state, journaled when a collection finds it changed)
// and leases (facts). A Kea subnet with pools is a DHCP scope here, as a scope of Windows DHCP is. Thread rule: plain values.
#pragma once

#include "model/managed_server.h"

namespace ipam::model {

// What holds for a whole DHCP server, as the product writes it (JSON, without secrets); the levels below may say otherwise.
struct DhcpServer {
  Id<DhcpServer> id;
  std::uint64_t revision = 0;
  Id<ManagedServer> server_id;
  std::string options;             // option values of the server
  std::string option_definitions;  // options beyond the standard ones
  std::string client_classes;      // with their options
  std::string high_availability;   // partners and mode; empty when there are none
  std::string lease_database;      // its kind and place: "memfile", "postgresql kea@db1"

  bool operator==(const DhcpServer&) const = default;
};
BOOST_DESCRIBE_STRUCT(DhcpServer, (), (id, revision, server_id, options, option_definitions, client_classes, high_availability, lease_database))

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

// Addresses of a scope that are leased to anyone who asks; or, with `delegated_length`, a prefix of which prefixes of this length are delegated
// (RFC 8415, section 6.3).
struct DhcpPool {
  Id<DhcpPool> id;
  std::uint64_t revision = 0;
  Id<DhcpScope> scope_id;
  Id<AddressSpace> space_id;
  ip::Address first;
  ip::Address last;
  std::optional<std::uint8_t> delegated_length;

  bool operator==(const DhcpPool&) const = default;
};
BOOST_DESCRIBE_STRUCT(DhcpPool, (), (id, revision, scope_id, space_id, first, last, delegated_length))

enum class ReservationIdentifier : std::uint8_t { HardwareAddress, ClientId, Duid, CircuitId, FlexId };
BOOST_DESCRIBE_ENUM(ReservationIdentifier, HardwareAddress, ClientId, Duid, CircuitId, FlexId)

// An address that the DHCP server keeps for one client; or, with `delegated_length`, a prefix that begins at the address. A client for which several
// are kept has as many reservations.
struct DhcpReservation {
  Id<DhcpReservation> id;
  std::uint64_t revision = 0;
  Id<DhcpScope> scope_id;
  Id<AddressSpace> space_id;
  ip::Address address;
  ReservationIdentifier identifier_type = ReservationIdentifier::HardwareAddress;
  Bytes identifier;
  std::string hostname;
  std::optional<std::uint8_t> delegated_length;
  std::string options;  // of this reservation, JSON as in the scope; empty when there are none

  bool operator==(const DhcpReservation&) const = default;
};
BOOST_DESCRIBE_STRUCT(DhcpReservation, (),
                      (id, revision, scope_id, space_id, address, identifier_type, identifier, hostname, delegated_length, options))

// Active and Declined occupy the address; Expired and Released are told by some products until the row is gone.
enum class LeaseState : std::uint8_t { Active, Declined, Expired, Released };
BOOST_DESCRIBE_ENUM(LeaseState, Active, Declined, Expired, Released)

// A lease as last seen on its server. A fact: latest value, keyed by (server, address), not journaled. With `delegated_length` it is a prefix that
// begins at the address (RFC 8415, section 6.3).
struct Lease {
  Id<ManagedServer> server_id;
  ip::Address address;
  Id<AddressSpace> space_id;
  std::string scope_key;
  LeaseState state = LeaseState::Active;
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<ip::ClientId> client_id;  // IPv6: the DUID
  std::string hostname;
  Time starts_at{};  // last transaction of the client with the server
  Time expires_at{};
  Time seen_at{};                     // when a collection last wrote this row
  std::optional<std::uint32_t> iaid;  // IPv6
  std::optional<std::uint8_t> delegated_length;

  bool operator==(const Lease&) const = default;
};
BOOST_DESCRIBE_STRUCT(Lease, (),
                      (server_id, address, space_id, scope_key, state, hardware_address, client_id, hostname, starts_at, expires_at, seen_at, iaid,
                       delegated_length))

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
