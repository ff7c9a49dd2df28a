// The whole reading of a domain over one session. Thread rule: that of client::ldap::Session; it blocks.
#pragma once

#include "driver/active_directory/directory.h"

namespace ipam::driver::active_directory {

// Errors: those of Directory.
Result<DomainReport> read_domain(client::ldap::Session& session, const std::string& domain, const std::set<EstateRole>& roles,
                                 const EstateLimits& limits, const io::Deadline& deadline);

}  // namespace ipam::driver::active_directory
