// What a reading of a domain has found against what is stored of it. Thread rule: pure functions.
#pragma once

#include "driver/estate.h"
#include "model/discovery.h"

namespace ipam::service {

struct DomainMerge {
  std::vector<model::DomainServer> put;  // without an id: a new one
  std::vector<model::DomainServer> forgotten;
  std::size_t found = 0;
  std::size_t fresh = 0;
  std::size_t changed = 0;
  std::size_t gone = 0;  // since the reading before
};

// `stored` is of this domain. A reading is always whole: what is not in it is gone.
DomainMerge merge_domain(model::Id<model::DiscoveryDomain> domain, const std::vector<model::DomainServer>& stored,
                         const std::vector<driver::EstateServer>& found, Time now, Duration forget_after);

// The reading as texts for people, in `status`.
void take_report(model::DomainStatus& status, const driver::DomainReport& report, Time now);

}  // namespace ipam::service
