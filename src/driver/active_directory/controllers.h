// Domain controllers as the sites know them. Specification: MS-ADTS 6.1.1.2.2.1 (sites), 6.1.1.2.2.1.2.1 (nTDSDSA). Thread rule: that of Directory.
#pragma once

#include "driver/active_directory/accounts.h"

namespace ipam::driver::active_directory {

struct Controller {
  Account account;
  std::string site;      // empty: the sites do not know it
  bool has_dns = false;  // it holds a partition of DNS zones, as only a DNS server does
};

// Those of the domain. Errors: those of Directory::search.
Result<std::vector<Controller>> read_controllers(Directory& directory);

}  // namespace ipam::driver::active_directory
