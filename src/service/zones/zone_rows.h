// The stored rows of zones, as the other parts of this room read them. Thread rule: pure functions and blocking reads on the caller's reader.
#pragma once

#include "driver/driver.h"
#include "store/store.h"

namespace ipam::service {

// The condition that a record is in its zone as it is shown now.
store::Condition is_shown();

Result<model::ZoneStatus> read_zone_status(store::Reader& reader, model::Id<model::DnsZone> zone);
// What is shown of a name, in the order of the ids; of one type, or all when it is empty.
Result<std::vector<model::DnsRecord>> read_records_at(store::Reader& reader, model::Id<model::DnsZone> zone, const std::string& name,
                                                      const std::string& type = {});

// A row of what a driver told, without id and generation.
model::DnsRecord to_row(model::Id<model::DnsZone> zone, const driver::ObservedRecord& record);
driver::ObservedRecord to_observed(const model::DnsRecord& row);

}  // namespace ipam::service
