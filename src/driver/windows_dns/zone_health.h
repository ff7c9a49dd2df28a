// How a zone of a Windows DNS server is, from what the server tells of it. docs/servers/windows_dns.md has the table. Thread rule: a pure function.
#pragma once

#include "driver/driver.h"
#include "wire/dns/record.h"
#include "wire/dnsp/structures.h"

namespace ipam::driver::windows_dns {

// `soa`: of the zone, where the server tells one; `info`: asked of secondaries alone.
ObservedZone judge(const wire::dnsp::Zone& zone, const std::optional<wire::dns::Soa>& soa, const std::optional<wire::dnsp::ZoneInfo>& info, Time now);

}  // namespace ipam::driver::windows_dns
