#include "driver/active_directory/active_directory.h"

#include "driver/active_directory/domain_report.h"

namespace ipam::driver::active_directory {
namespace {

client::ldap::SessionOptions options_of(const DirectoryEndpoint& endpoint) {
  client::ldap::SessionOptions options{.host = endpoint.controller, .address = endpoint.address, .port = endpoint.port};
  if (endpoint.protection == DirectoryProtection::Kerberos) {
    options.sign_in = client::ldap::TicketCache{endpoint.ticket_cache};
    return options;
  }
  const bool ldaps = endpoint.protection == DirectoryProtection::Ldaps;
  options.sign_in = client::ldap::Password{.user_name = endpoint.user_name,
                                           .secret = endpoint.password,
                                           .protection = ldaps ? client::ldap::Protection::Ldaps : client::ldap::Protection::StartTls,
                                           .ca_file = endpoint.ca_file,
                                           .fingerprint = endpoint.fingerprint};
  return options;
}

}  // namespace

io::Task<Result<DomainReport>> ActiveDirectory::read(DirectoryEndpoint endpoint, std::set<EstateRole> roles, io::Deadline deadline) {
  auto job = [endpoint = std::move(endpoint), roles = std::move(roles), limits = limits_, deadline]() -> Result<DomainReport> {
    const auto session = IPAM_TRY(client::ldap::Session::open(options_of(endpoint), deadline));
    return read_domain(*session, endpoint.domain, roles, limits, deadline);
  };
  co_return co_await blocking_.run(job, deadline);
}

}  // namespace ipam::driver::active_directory
