// Reads one host reservation of a configuration (Kea Administrator Reference Manual, "Host Reservations in DHCPv4"). Thread rule: pure functions.
#pragma once

#include "driver/driver.h"

#include <boost/json/value.hpp>

#include <optional>

namespace ipam::driver::kea {

// Nothing when the reservation keeps no address: Kea also reserves a name or options alone. Errors: Malformed (no identifier or two, or an identifier
// or address that cannot be read).
Result<std::optional<ObservedReservation>> read_reservation(const boost::json::object& reservation);

}  // namespace ipam::driver::kea
