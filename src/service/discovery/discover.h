// One pass of everything that looks for servers: directories of domains, then addresses. Thread rule: as Discovery and DomainDiscovery.
#pragma once

#include "service/discovery/discovery.h"
#include "service/discovery/domain_discovery.h"

namespace ipam::service {

// Answers both sentences. When one of the two fails, the other still runs, and the error tells both. Errors: theirs.
io::Task<Result<std::string>> discover(DomainDiscovery* domains, Discovery* addresses, std::string actor, io::Deadline deadline);

}  // namespace ipam::service
