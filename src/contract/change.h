// Changes to managed servers in the API: /api/v1/dhcp_reservations, the writes of /api/v1/dns_records, /api/v1/changes. Thread rule: plain values.
#pragma once

#include "contract/server.h"

namespace ipam::contract {

struct DhcpReservation {
  ObjectId id;
  ObjectId server_id;
  std::string server;
  ObjectId scope_id;
  ip::Prefix scope;
  ObjectId space_id;
  std::string space;
  ip::Address address;
  ReservationIdentifier identifier_type = ReservationIdentifier::HardwareAddress;
  std::string identifier;
  std::string hostname;
  std::optional<std::uint8_t> delegated_length;
};
BOOST_DESCRIBE_STRUCT(DhcpReservation, (),
                      (id, server_id, server, scope_id, scope, space_id, space, address, identifier_type, identifier, hostname, delegated_length))

struct DhcpReservationCreate {
  ip::Address address;
  std::optional<ReservationIdentifier> identifier_type;  // a hardware address unless given
  std::string identifier;
  std::optional<std::string> hostname;
  std::optional<std::string> server;  // name or id, where several servers have a scope with the address
};
BOOST_DESCRIBE_STRUCT(DhcpReservationCreate, (), (address, identifier_type, identifier, hostname, server))

struct DhcpReservationPatch {
  std::optional<ip::Address> address;
  std::optional<ReservationIdentifier> identifier_type;
  std::optional<std::string> identifier;
  Patch<std::string> hostname;
};
BOOST_DESCRIBE_STRUCT(DhcpReservationPatch, (), (address, identifier_type, identifier, hostname))

struct DnsRecordCreate {
  std::string name;
  std::string type;
  std::string data;
  std::optional<std::uint32_t> ttl;  // that of the records with this name and type, or an hour
  std::optional<std::string> zone;   // name or id, where several hold the name
  std::optional<std::string> server;
  std::optional<std::string> view;
  std::optional<bool> ptr;  // of A and AAAA: the PTR record in the reverse zone too
};
BOOST_DESCRIBE_STRUCT(DnsRecordCreate, (), (name, type, data, ttl, zone, server, view, ptr))

struct DnsRecordPatch {
  std::optional<std::string> data;
  std::optional<std::uint32_t> ttl;
  std::optional<bool> ptr;
};
BOOST_DESCRIBE_STRUCT(DnsRecordPatch, (), (data, ttl, ptr))

struct PlannedStep {
  std::string what;
  std::string request;  // exactly what would be sent
};
BOOST_DESCRIBE_STRUCT(PlannedStep, (), (what, request))

// What would be done on one server.
struct ServerPlan {
  ObjectId server_id;
  std::string server;
  std::string state;  // of the server as it is now: "zone corp.example has serial 2026112501"
  std::vector<std::string> changes;
  std::vector<PlannedStep> steps;
  std::vector<std::string> losses;  // what the server would hold no longer
  std::vector<std::string> warnings;
  double pause_seconds = 0;  // for how long the server is expected not to serve its clients
};
BOOST_DESCRIBE_STRUCT(ServerPlan, (), (server_id, server, state, changes, steps, losses, warnings, pause_seconds))

// The `result` of the answer to a change with ?dry_run=true: nothing was changed.
struct ChangePlan {
  std::vector<ServerPlan> servers;  // in the order in which they would be changed
};
BOOST_DESCRIBE_STRUCT(ChangePlan, (), (servers))

enum class ServerChangeState { Announced, Made, NotMade, Unknown, Undone };
BOOST_DESCRIBE_ENUM(ServerChangeState, Announced, Made, NotMade, Unknown, Undone)

// A change that was made on a managed server, or was meant to be.
struct ServerChange {
  ObjectId id;
  ObjectId server_id;
  std::string server;
  ServerChangeState state = ServerChangeState::Announced;
  std::vector<std::string> what;
  std::string problem;  // why it was not made, or is not known to be
  std::string actor;
  std::string reason;
  std::string change_reference;
  Time announced_at{};
  std::optional<Time> ended_at;
  std::vector<ObjectId> parts;  // that the same request made before it, on other servers or in other zones; undo takes them along
  std::optional<ObjectId> undoes;
  std::optional<ObjectId> undone_by;
  json::Raw changes;  // each with what was there before and after
};
BOOST_DESCRIBE_STRUCT(ServerChange, (),
                      (id, server_id, server, state, what, problem, actor, reason, change_reference, announced_at, ended_at, parts, undoes, undone_by,
                       changes))

// What was done and read back. Undo takes the id of the last.
struct ChangeAnswer {
  std::vector<ServerChange> changes;
};
BOOST_DESCRIBE_STRUCT(ChangeAnswer, (), (changes))

}  // namespace ipam::contract
