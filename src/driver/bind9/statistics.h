// What BIND's statistics channel tells as JSON (BIND 9.10 and later, built with json-c): /json/v1/status and /json/v1/zones. Every type, count and
// bound is checked. Thread rule: pure functions.
#pragma once

#include "driver/driver.h"
#include "wire/dns/name.h"

namespace ipam::driver::bind9 {

struct ServerStatus {
  std::string version;  // "9.18.49-1~deb12u3-Debian"
  Time now{};           // by its own clock, which all of its times follow
};

// A zone of class IN as the channel lists it.
struct ListedZone {
  std::string view;
  wire::dns::Name name;
  model::ZoneKind kind = model::ZoneKind::Other;
  std::optional<std::uint32_t> serial;
  std::optional<Time> loaded_at;  // nothing also where BIND writes the epoch
  std::optional<Time> refresh_at;
  std::optional<Time> expires_at;
};

struct ListedZones {
  std::vector<ListedZone> zones;  // ascending by view and name
  bool told = false;              // some zone is listed, if only one of BIND's own: with zone-statistics none there is none
  bool counted = false;           // some zone has counters: zone-statistics full
  std::vector<std::string> findings;
};

// Errors: Malformed.
Result<ServerStatus> read_status(const std::string& json);
Result<ListedZones> read_zones(const std::string& json, const Limits& limits);

}  // namespace ipam::driver::bind9
