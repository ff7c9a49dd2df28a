// DNS zones that the directory holds, their name servers, and addresses of hosts in them. Specification: MS-DNSP 2.3 (directory objects). Thread
// rule: that of Directory. Errors: those of Directory::search.
#pragma once

#include "driver/active_directory/directory.h"

#include <map>

namespace ipam::driver::active_directory {

struct DirectoryZone {
  EstateZone zone;
  DistinguishedName dn;
};

// Ascending by name. Zones for the server's own use (root hints, trust anchors, zones being deleted) are left out.
Result<std::vector<DirectoryZone>> read_zones(Directory& directory);
// Of each host the addresses that the zones give it; hosts without any are left out.
Result<std::map<std::string, std::vector<ip::Address>>> read_addresses(Directory& directory, const std::vector<DirectoryZone>& zones,
                                                                       const std::set<std::string>& hosts);

}  // namespace ipam::driver::active_directory
