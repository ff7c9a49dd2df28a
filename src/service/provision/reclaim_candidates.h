// Reclaim candidates: addresses that the plan gives to somebody who may no longer need them, each with what speaks for that and what against.
//
// A candidate has expired, is marked inactive, or was of a DHCP client whose last lease ended so long ago; an address of a live lease is none, unless
// it has expired. The evidence beside comes from the plan, its journal, leases, reservations and the zones that were read: a person decides.
// Errors: PermissionDenied, InvalidArgument (the cursor), those of the store. Thread rule: any thread that may block on the database.
#pragma once

#include "model/address_plan.h"
#include "service/access/principal.h"
#include "store/store.h"

namespace ipam::service {

enum class ReclaimReason : std::uint8_t { Expired, Inactive, LeaseEnded };
BOOST_DESCRIBE_ENUM(ReclaimReason, Expired, Inactive, LeaseEnded)

enum class EvidenceSource : std::uint8_t { Record, Journal, Lease, Reservation, Dns };
BOOST_DESCRIBE_ENUM(EvidenceSource, Record, Journal, Lease, Reservation, Dns)

struct Evidence {
  EvidenceSource source = EvidenceSource::Record;
  std::string text;        // for people: "the last lease, of kea1, ended 2026-08-01T10:00:00Z"
  std::optional<Time> at;  // when that was so
  bool speaks_for_reclaim = true;
};

struct ReclaimCandidate {
  model::Address address;
  std::vector<ReclaimReason> reasons;
  std::vector<Evidence> evidence;
};

struct ReclaimQuestion {
  std::vector<store::Condition> where;                // on addresses
  Duration unused_for = std::chrono::hours(24 * 90);  // how long ago the last lease ended, at least
  std::vector<store::Value> after;                    // the cursor of the page before
  std::size_t limit = 50;
};

Result<store::Page<ReclaimCandidate>> list_reclaim_candidates(store::Store& store, const Principal& principal, const ReclaimQuestion& question,
                                                              Time now);

}  // namespace ipam::service
