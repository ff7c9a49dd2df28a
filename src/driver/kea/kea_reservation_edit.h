// Edits the reservations of one service's configuration: what is asked for changes in the text, every other byte of it stays. Changes of one edit are
// independent of each other: `before` of each is what the server holds now. Thread rule: pure functions.
#pragma once

#include "driver/driver.h"
#include "driver/kea/kea_service.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::driver::kea {

struct ReservationEdit {
  std::string configuration;          // the new text of "Dhcp4" or "Dhcp6"; holds the server's secrets
  std::vector<PlannedStep> steps;     // one a change, without secrets
  std::vector<std::string> losses;    // what is kept for nobody any more
  std::vector<std::string> warnings;  // what changes beside it
};

// `configuration` is the text of "Dhcp4" or "Dhcp6" as config-get answered it. Errors: Conflict (the server holds something else than `before`, or
// already keeps what `after` wants), InvalidArgument (a change that is none, or that this service cannot hold), Malformed.
Result<ReservationEdit> edit_reservations(Service service, std::string_view configuration, const std::vector<ReservationChange>& changes);

// The changes with `after` as the configuration holds it; nothing when it does not hold what every change wants, or still holds what is to be gone.
std::optional<std::vector<ReservationChange>> read_back(Service service, std::string_view configuration, std::vector<ReservationChange> changes);

}  // namespace ipam::driver::kea
