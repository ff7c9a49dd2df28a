// Who held an address, and when: /api/v1/who, lease_intervals and tracking_queries. Thread rule: plain values.
#pragma once

#include "contract/address_plan.h"

namespace ipam::contract {

enum class Certainty { Certain, Likely, Possible };
BOOST_DESCRIBE_ENUM(Certainty, Certain, Likely, Possible)

enum class LeaseEnding { Open, Expired, Released, Replaced, Declined, Gone };
BOOST_DESCRIBE_ENUM(LeaseEnding, Open, Expired, Released, Replaced, Declined, Gone)

// One client held one address, as one DHCP server told it.
struct LeaseInterval {
  ip::Address address;
  std::optional<std::uint8_t> delegated_length;  // a prefix that begins at the address
  ObjectId space_id;
  std::string space;
  ObjectId server_id;
  std::string server;  // its name then; it may be gone
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<ip::ClientId> client_id;
  std::string hostname;
  Time began_at{};               // the first transaction that is known
  Time renewed_at{};             // the last one
  Time expires_at{};             // until when it was given in that
  std::optional<Time> ended_at;  // of released, replaced and gone: not later than that
  LeaseEnding ending = LeaseEnding::Open;
  Time seen_at{};
};
BOOST_DESCRIBE_STRUCT(LeaseInterval, (),
                      (address, delegated_length, space_id, space, server_id, server, hardware_address, client_id, hostname, began_at, renewed_at,
                       expires_at, ended_at, ending, seen_at))

// A client that held the address then, or may have.
struct AddressHolder {
  Certainty certainty = Certainty::Likely;
  std::string reason;  // why not surer
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<ip::ClientId> client_id;
  std::string hostname;
  std::vector<LeaseInterval> evidence;  // one a server that told of it
};
BOOST_DESCRIBE_STRUCT(AddressHolder, (), (certainty, reason, hardware_address, client_id, hostname, evidence))

// What the address plan said of the address then.
struct PlannedThen {
  ObjectId id;
  AddressState state = AddressState::InUse;
  std::string name;
  std::string owner;
  std::string description;
  std::optional<ip::HardwareAddress> hardware_address;
};
BOOST_DESCRIBE_STRUCT(PlannedThen, (), (id, state, name, owner, description, hardware_address))

struct TrackingSource {
  ObjectId server_id;
  std::string server;
  std::optional<Time> complete_until;  // all its leases were read then
};
BOOST_DESCRIBE_STRUCT(TrackingSource, (), (server_id, server, complete_until))

struct WhoAnswer {
  ip::Address address;
  ObjectId space_id;
  std::string space;
  Time at{};
  std::vector<AddressHolder> holders;  // the surest first
  std::optional<PlannedThen> plan;     // null where the plan had none, or does not reach back so far
  std::vector<TrackingSource> sources;
};
BOOST_DESCRIBE_STRUCT(WhoAnswer, (), (address, space_id, space, at, holders, plan, sources))

// That somebody asked.
struct TrackingQuery {
  ObjectId id;
  Time at{};
  std::string user_name;
  std::string question;
  std::string purpose;
  std::string request_id;
  std::uint64_t answers = 0;
};
BOOST_DESCRIBE_STRUCT(TrackingQuery, (), (id, at, user_name, question, purpose, request_id, answers))

}  // namespace ipam::contract
