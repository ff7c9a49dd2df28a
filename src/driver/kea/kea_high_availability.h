// Reads how a server's partnership is from the answer to status-get (Kea Administrator Reference Manual, "libdhcp_ha", "The status-get Command").
// Thread rule: pure functions.
#pragma once

#include "driver/driver.h"
#include "driver/kea/kea_service.h"

#include <string>
#include <string_view>
#include <vector>

namespace ipam::driver::kea {

struct HighAvailability {
  // "hot-standby: primary in state hot-standby, serves kea-a; partner: standby in state ready, serves nothing"; empty without partners.
  std::string state;
  std::vector<std::string> findings;  // what keeps the partners from working together, with the remedy
};

// Errors: those of open_answer.
Result<HighAvailability> read_high_availability_status(Service service, std::string_view answer);

}  // namespace ipam::driver::kea
