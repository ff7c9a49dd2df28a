// Computer accounts of the domain. Specification: MS-ADA3 (attributes), MS-ADTS 2.2.16 (userAccountControl). Thread rule: that of Directory. Errors:
// those of Directory::search.
#pragma once

#include "driver/active_directory/directory.h"

#include <set>

namespace ipam::driver::active_directory {

struct Account {
  DistinguishedName dn;
  std::string guid;                // never empty
  std::string name;                // "DC1$"
  std::vector<std::string> hosts;  // dNSHostName, then further ones; may be empty
  std::string operating_system;
  std::string operating_system_version;
  bool disabled = false;
  bool controller = false;
  bool read_only_controller = false;
};

// The accounts that the filter finds.
Result<std::vector<Account>> read_accounts(Directory& directory, const std::string& filter);
// Those of domain controllers.
Result<std::vector<Account>> read_controller_accounts(Directory& directory);
// Those that bear one of these host names.
Result<std::vector<Account>> read_accounts_of_hosts(Directory& directory, const std::set<std::string>& hosts);
// Computers that are members of "RAS and IAS Servers", also by way of other groups: servers that may look into the accounts of users, which a network
// policy server must. The group is known by its number, for its name is translated.
Result<std::vector<Account>> read_policy_server_accounts(Directory& directory);

}  // namespace ipam::driver::active_directory
