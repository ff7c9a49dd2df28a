// Expiry: how far an address is from the date until which it was given. Thread rule: pure functions.
//
// Specification: MS-IPAMM2, sections 2.2.5.8 and 3.1.1.1.28 (ExpiryAlertThreshold: 0 to 3500 days, by default 10).
#pragma once

#include "model/address_plan.h"
#include "store/query.h"

namespace ipam::service {

// Alert: the date comes within the time of alert. Expired: it has come.
enum class ExpiryStatus : std::uint8_t { Active, Alert, Expired };
BOOST_DESCRIBE_ENUM(ExpiryStatus, Active, Alert, Expired)

inline constexpr Duration kDefaultExpiryAlert = std::chrono::hours(24 * 10);

// Of an address that is given for good: nothing.
std::optional<ExpiryStatus> expiry_of(const std::optional<Time>& expires_at, Time now, Duration alert);
// The same as a condition of the store on the column expires_at.
store::Condition with_expiry(ExpiryStatus status, Time now, Duration alert);

}  // namespace ipam::service
