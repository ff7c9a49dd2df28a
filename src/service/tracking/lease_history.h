// What a change of a lease means for the history of its address. Thread rule: pure functions.
#pragma once

#include "model/tracking.h"

#include <vector>

namespace ipam::service {

// A lease as it was stored and as its server tells it now; one of them at least.
struct LeaseStep {
  std::optional<model::Lease> before;
  std::optional<model::Lease> after;
};

// Whether both (intervals, leases) are of one client: by client id where both have one, else by hardware address.
template <class A, class B>
bool is_same_client(const A& one, const B& other) {
  if (one.client_id && other.client_id) return one.client_id == other.client_id;
  return one.hardware_address == other.hardware_address;
}

// The intervals that the step makes or changes, given the newest one of this address on this server, if there is one: the end of what was, the
// beginning or the renewal of what is. A lease that its server tells as over makes an interval too, when none is known: it was held until then.
// `now`: when the step was seen. `server`: its name.
std::vector<model::LeaseInterval> intervals_of(const std::optional<model::LeaseInterval>& newest, const LeaseStep& step, const std::string& server,
                                               Time now);

}  // namespace ipam::service
