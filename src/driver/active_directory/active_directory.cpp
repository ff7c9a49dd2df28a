#include "driver/active_directory/active_directory.h"

#include "client/kerberos/credential.h"
#include "driver/active_directory/domain_report.h"

namespace ipam::driver::active_directory {
namespace {

// What a person writes for an account, as Kerberos has it.
std::string principal_of(const DirectoryEndpoint& endpoint) {
  const std::string& user = endpoint.user_name;
  if (user.find('@') != std::string::npos) return user;
  const std::size_t slash = user.find('\\');
  return (slash == std::string::npos ? user : user.substr(slash + 1)) + "@" + endpoint.domain;
}

// The domain controller is the key distribution center too: no configuration of this machine has to say so.
Result<client::ldap::SignIn> sign_in_of(const DirectoryEndpoint& endpoint, std::shared_ptr<client::kerberos::Credential>& credential) {
  if (endpoint.protection != model::DirectoryProtection::Kerberos) {
    const bool ldaps = endpoint.protection == model::DirectoryProtection::Ldaps;
    return client::ldap::SignIn(client::ldap::Password{.user_name = endpoint.user_name,
                                                       .secret = endpoint.password,
                                                       .protection = ldaps ? client::ldap::Protection::Ldaps : client::ldap::Protection::StartTls,
                                                       .ca_file = endpoint.ca_file,
                                                       .fingerprint = endpoint.fingerprint});
  }
  client::kerberos::CredentialOptions account{.user_name = principal_of(endpoint), .password = endpoint.password, .keytab = endpoint.keytab};
  account.kdcs = {endpoint.address.empty() ? endpoint.controller : endpoint.address};
  credential = IPAM_TRY(client::kerberos::Credential::create(std::move(account)));
  IPAM_TRY(credential->ticket_for("ldap", endpoint.controller));
  return client::ldap::SignIn(client::ldap::TicketCache{credential->cache_name()});
}

Result<DomainReport> read_now(const DirectoryEndpoint& endpoint, const std::set<EstateRole>& roles, const EstateLimits& limits,
                              const io::Deadline& deadline) {
  std::shared_ptr<client::kerberos::Credential> credential;  // until the session is signed in
  client::ldap::SessionOptions options{.host = endpoint.controller, .address = endpoint.address, .port = endpoint.port};
  options.sign_in = IPAM_TRY(sign_in_of(endpoint, credential));
  const auto session = IPAM_TRY(client::ldap::Session::open(options, deadline));
  return read_domain(*session, endpoint.domain, roles, limits, deadline);
}

}  // namespace

io::Task<Result<DomainReport>> ActiveDirectory::read(DirectoryEndpoint endpoint, std::set<EstateRole> roles, io::Deadline deadline) {
  auto job = [endpoint = std::move(endpoint), roles = std::move(roles), limits = limits_, deadline] {
    return read_now(endpoint, roles, limits, deadline);
  };
  co_return co_await blocking_.run(job, deadline);
}

}  // namespace ipam::driver::active_directory
