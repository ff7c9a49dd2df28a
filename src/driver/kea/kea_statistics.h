// Reads the server's counters of its scopes from statistic-get-all (always there, and cheap: Kea keeps the counters) or from stat-lease4-get and
// stat-lease6-get of the hook library stat_cmds (Kea counts its leases for each answer). The first counts declined addresses among the assigned ones,
// the second beside them; here `assigned` holds them in both cases. A scope whose counters are incomplete or negative, which Kea has been seen to
// write, is left out. Of DHCPv6 addresses are counted, not delegated prefixes; more addresses than 64 bits can tell are told as 2^64 - 1.
// Thread rule: pure functions.
#pragma once

#include "driver/driver.h"
#include "driver/kea/kea_service.h"

#include <string_view>

namespace ipam::driver::kea {

// Both: ascending by scope. Errors: those of open_answer.
Result<std::vector<ObservedStatistics>> read_statistics(Service service, std::string_view answer, const Limits& limits);        // statistic-get-all
Result<std::vector<ObservedStatistics>> read_lease_statistics(Service service, std::string_view answer, const Limits& limits);  // stat-lease4-get

}  // namespace ipam::driver::kea
