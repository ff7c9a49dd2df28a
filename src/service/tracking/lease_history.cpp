#include "service/tracking/lease_history.h"

#include <algorithm>

namespace ipam::service {
namespace {

using model::Lease;
using model::LeaseEnding;
using model::LeaseInterval;
using model::LeaseState;

LeaseInterval begun(const Lease& lease, const std::string& server, Time now) {
  LeaseInterval interval;
  interval.address = lease.address;
  interval.server_id = lease.server_id;
  interval.began_at = lease.starts_at;
  interval.space_id = lease.space_id;
  interval.server = server;
  interval.scope_key = lease.scope_key;
  interval.hardware_address = lease.hardware_address;
  interval.client_id = lease.client_id;
  interval.hostname = lease.hostname;
  interval.renewed_at = lease.starts_at;
  interval.expires_at = lease.expires_at;
  interval.seen_at = now;
  interval.delegated_length = lease.delegated_length;
  return interval;
}

LeaseInterval renewed(LeaseInterval interval, const Lease& lease, Time now) {
  interval.scope_key = lease.scope_key;
  if (lease.hardware_address) interval.hardware_address = lease.hardware_address;
  if (lease.client_id) interval.client_id = lease.client_id;
  if (!lease.hostname.empty()) interval.hostname = lease.hostname;
  interval.renewed_at = std::max(interval.renewed_at, lease.starts_at);
  interval.expires_at = lease.expires_at;
  interval.seen_at = now;
  return interval;
}

LeaseInterval ended(LeaseInterval interval, LeaseEnding ending, Time at, Time now) {
  // A lease holds no longer than its time, whatever came later.
  if (interval.expires_at <= at) {
    ending = LeaseEnding::Expired;
    at = interval.expires_at;
  }
  interval.ending = ending;
  interval.ended_at = std::max(at, interval.began_at);
  interval.seen_at = now;
  return interval;
}

LeaseEnding ending_of(LeaseState state) {
  switch (state) {
    case LeaseState::Active: break;
    case LeaseState::Declined: return LeaseEnding::Declined;
    case LeaseState::Expired: return LeaseEnding::Expired;
    case LeaseState::Released: return LeaseEnding::Released;
  }
  return LeaseEnding::Open;
}

// When it ended at the latest. A server keeps of a lease that is over the client's last transaction; of a declined one that is the decline.
Time end_of(const Lease& lease, Time now) {
  if (lease.state == LeaseState::Expired) return lease.expires_at;
  return lease.state == LeaseState::Declined ? lease.starts_at : now;
}

}  // namespace

std::vector<LeaseInterval> intervals_of(const std::optional<LeaseInterval>& newest, const LeaseStep& step, const std::string& server, Time now) {
  const bool is_open = newest && newest->ending == LeaseEnding::Open;
  if (!step.after) return is_open ? std::vector{ended(*newest, LeaseEnding::Gone, now, now)} : std::vector<LeaseInterval>{};
  const Lease& lease = *step.after;
  const bool goes_on = newest && is_same_client(*newest, lease) && lease.starts_at <= newest->expires_at;
  if (lease.state != LeaseState::Active) {
    // A declined address tells nothing of its client any more.
    if (is_open && (goes_on || lease.state == LeaseState::Declined)) return {ended(*newest, ending_of(lease.state), end_of(lease, now), now)};
    std::vector<LeaseInterval> intervals;
    if (is_open) intervals.push_back(ended(*newest, LeaseEnding::Replaced, lease.starts_at, now));
    const bool is_known = goes_on || lease.state == LeaseState::Declined || !(lease.hardware_address || lease.client_id);
    if (!is_known) intervals.push_back(ended(begun(lease, server, now), ending_of(lease.state), end_of(lease, now), now));
    return intervals;
  }
  // What was taken for gone too early is open again.
  if (goes_on && (is_open || newest->ending == LeaseEnding::Gone)) {
    LeaseInterval interval = renewed(*newest, lease, now);
    interval.ending = LeaseEnding::Open;
    interval.ended_at.reset();
    return {interval};
  }
  std::vector<LeaseInterval> intervals;
  if (is_open) intervals.push_back(ended(*newest, LeaseEnding::Replaced, lease.starts_at, now));
  intervals.push_back(begun(lease, server, now));
  return intervals;
}

}  // namespace ipam::service
