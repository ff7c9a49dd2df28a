// How a zone is, from what the statistics channel lists of it and how the server answers for it. The signs are those that
// docs/servers/bind9.md lists. Thread rule: a pure function.
#pragma once

#include "driver/bind9/statistics.h"
#include "wire/dns/message.h"

namespace ipam::driver::bind9 {

// The answer to a question for the zone's SOA record.
struct SoaAnswer {
  wire::dns::Rcode rcode = wire::dns::Rcode::NoError;
  std::optional<wire::dns::Soa> soa;  // of the zone itself
};

// `answer` is nothing when the server was not asked, or not to be reached by DNS. `now` is by the server's clock.
ObservedZone judge(const ListedZone& zone, const std::optional<SoaAnswer>& answer, Time now);

}  // namespace ipam::driver::bind9
