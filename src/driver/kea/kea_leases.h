// Reads leases from the answers to lease4-get-page, lease6-get-page, lease4-get-all and lease6-get-all (Kea Administrator Reference Manual,
// "libdhcp_lease_cmds").
//
// A client chooses its own host name, so an odd one must not spoil a collection: it is cleaned. Everything else in a lease is the server's own word,
// and an odd value there is Malformed. Thread rule: pure functions.
#pragma once

#include "driver/driver.h"
#include "driver/kea/kea_service.h"

#include <optional>
#include <string_view>

namespace ipam::driver::kea {

struct PageRequest {
  std::optional<ip::Address> after;  // the last address of the page before; nothing for the first page
  std::size_t limit = 0;
};

struct LeasePage {
  std::vector<ObservedLease> leases;  // ascending, all behind `after`
  bool last = false;
};

// Both: `now` tells which leases in use have expired since; Kea leaves them in that state until it reclaims them.
// Errors: those of open_answer; Malformed also when the server repeats an address, goes backwards or answers more than was asked for.
Result<LeasePage> read_lease_page(Service service, std::string_view answer, const PageRequest& request, Time now);
// The leases of one scope, ascending.
Result<std::vector<ObservedLease>> read_scope_leases(Service service, std::string_view answer, std::string_view key, const Limits& limits, Time now);

// The "arguments" of lease4-get-page and lease4-get-all, and of their twins.
std::string page_arguments(const PageRequest& request);
std::string scope_arguments(std::string_view key);

// What the sources of leases have in common.

// How far the reading of a database or of files has come.
struct CollectedLeases {
  std::uint64_t leases = 0;
  bool delivered = false;  // the sink was given something
  bool refused = false;    // by the sink, whose error the reading answers
};

// State as Kea numbers it (0 to 3).
inline constexpr std::uint64_t kMostLeaseState = 3;
model::LeaseState lease_state(std::uint64_t state, Time expires_at, Time now);
// At most 255 printable bytes.
std::string clean_hostname(std::string_view text);

}  // namespace ipam::driver::kea
