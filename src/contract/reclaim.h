// Addresses that may be given back: /api/v1/reclaim_candidates and /api/v1/addresses:reclaim. Thread rule: plain values.
#pragma once

#include "contract/address_plan.h"
#include "contract/change.h"

namespace ipam::contract {

enum class ReclaimReason { Expired, Inactive, LeaseEnded };
BOOST_DESCRIBE_ENUM(ReclaimReason, Expired, Inactive, LeaseEnded)

enum class EvidenceSource { Record, Journal, Lease, Reservation, Dns };
BOOST_DESCRIBE_ENUM(EvidenceSource, Record, Journal, Lease, Reservation, Dns)

struct Evidence {
  EvidenceSource source = EvidenceSource::Record;
  std::string text;
  std::optional<Time> at;
  bool speaks_for_reclaim = true;
};
BOOST_DESCRIBE_STRUCT(Evidence, (), (source, text, at, speaks_for_reclaim))

struct ReclaimCandidate {
  ObjectId id;  // of the address
  ip::Address address;
  ObjectId space_id;
  std::string space;
  AddressState state = AddressState::InUse;
  std::string name;
  std::string owner;
  std::optional<Time> expires_at;
  std::vector<ReclaimReason> reasons;
  std::vector<Evidence> evidence;
};
BOOST_DESCRIBE_STRUCT(ReclaimCandidate, (), (id, address, space_id, space, state, name, owner, expires_at, reasons, evidence))

struct ReclaimRequest {
  std::vector<ObjectId> addresses;          // 1 to 1 000, all or none; 100 where servers are changed too
  std::optional<bool> remove_from_servers;  // also their reservations and their A, AAAA and PTR records
  std::optional<bool> force;                // free at once, without cooling down
};
BOOST_DESCRIBE_STRUCT(ReclaimRequest, (), (addresses, remove_from_servers, force))

// What still stands of an address on a server.
struct LeftOnServer {
  ip::Address address;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(LeftOnServer, (), (address, text))

struct ReclaimAnswer {
  std::vector<ip::Address> addresses;
  std::uint64_t sequence = 0;         // journal sequence of the release, which is durable
  std::vector<ServerChange> changes;  // that were made on DHCP and DNS servers
  std::vector<ServerPlan> plans;      // of a dry run: that would be made there
  std::vector<LeftOnServer> left_on_servers;
};
BOOST_DESCRIBE_STRUCT(ReclaimAnswer, (), (addresses, sequence, changes, plans, left_on_servers))

}  // namespace ipam::contract
