// Collecting the zones of one server: the list of the statistics channel, and for each zone with data one question for its SOA record.
// Thread rule: as driver::DnsReader.
#pragma once

#include "client/dns/client.h"
#include "driver/bind9/statistics.h"

namespace ipam::driver::bind9 {

// How many questions are under way at a time.
inline constexpr std::size_t kQuestionsAtATime = 16;

// The zones with their health. `client` may be null: then only the list speaks. A server that answers no question by DNS costs the health that only
// an answer tells, and a finding.
io::Task<Result<ObservedZones>> judge_zones(ListedZones listed, client::dns::Client* client, Time now, Duration request_timeout,
                                            io::Deadline deadline);

}  // namespace ipam::driver::bind9
