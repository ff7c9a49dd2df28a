// The forest around a domain: its domains, the trusts of this one, sites and subnets. Specification: MS-ADTS 6.1.1.2 (configuration), 6.1.6.7
// (trusts). Thread rule: that of Directory. Errors: those of Directory::search.
#pragma once

#include "driver/active_directory/directory.h"

namespace ipam::driver::active_directory {

// Ascending by name.
Result<std::vector<EstateDomain>> read_domains(Directory& directory);
Result<std::vector<EstateTrust>> read_trusts(Directory& directory);
Result<std::vector<EstateSite>> read_sites(Directory& directory);
// Ascending by prefix.
Result<std::vector<EstateSubnet>> read_subnets(Directory& directory);

// The domain of the forest that the host belongs to by its name, the deepest; empty when it belongs to none.
std::string domain_of_host(const std::string& host, const std::vector<EstateDomain>& domains);
// The site of the smallest subnet around the address; empty when there is none. The subnets are ascending by prefix.
std::string site_of_address(const ip::Address& address, const std::vector<EstateSubnet>& subnets);

}  // namespace ipam::driver::active_directory
