// Between records of the wire and records as the driver's interface has them: names in lower case without the last dot, data in presentation format.
// Thread rule: pure functions.
#pragma once

#include "driver/driver.h"
#include "wire/dns/record.h"

namespace ipam::driver::bind9 {

std::string model_name(const wire::dns::Name& name);
ObservedRecord observed(const wire::dns::ResourceRecord& record);
// Errors: InvalidArgument, in words for who wrote the record.
Result<wire::dns::ResourceRecord> wire_record(const ObservedRecord& record);
// Whether both are the same data: names without regard to case.
bool same_data(const wire::dns::ResourceRecord& a, const wire::dns::ResourceRecord& b);

}  // namespace ipam::driver::bind9
