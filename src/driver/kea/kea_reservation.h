// Reads one host reservation of a configuration (Kea Administrator Reference Manual, "Host Reservations in DHCPv4" and "… in DHCPv6"). Thread rule:
// pure functions.
#pragma once

#include "driver/driver.h"
#include "driver/kea/kea_service.h"

#include <boost/json/value.hpp>

#include <string_view>
#include <vector>

namespace ipam::driver::kea {

// One for each address and prefix that is kept; none when there is none, for Kea also reserves a name or options alone. Errors: Malformed (no
// identifier or two, or an identifier, address or prefix that cannot be read; more than kMostOfOneReservation).
Result<std::vector<ObservedReservation>> read_reservation(Service service, const boost::json::object& reservation);
inline constexpr std::size_t kMostOfOneReservation = 1000;

// The field of Kea's for a type of identifier: "hw-address".
std::string_view identifier_field_of(model::ReservationIdentifier type);

}  // namespace ipam::driver::kea
