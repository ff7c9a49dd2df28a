// DHCP servers that the forest authorizes, in CN=NetServices of the configuration. Specification: MS-ADSC 2.32 (dHCPClass),
// wire/directory/dhcp_server_value.h. Thread rule: that of Directory. Errors: those of Directory::search.
#pragma once

#include "driver/active_directory/directory.h"

#include <set>

namespace ipam::driver::active_directory {

struct AuthorizedServer {
  std::string host;  // empty: the directory has an address alone
  std::set<ip::Address> addresses;
};

Result<std::vector<AuthorizedServer>> read_authorized_servers(Directory& directory);

}  // namespace ipam::driver::active_directory
