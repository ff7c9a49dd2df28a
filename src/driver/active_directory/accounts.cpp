#include "driver/active_directory/accounts.h"

#include "base/strings.h"
#include "wire/directory/filter.h"
#include "wire/directory/identifiers.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::driver::active_directory {
namespace {

using client::ldap::Depth;

constexpr std::int64_t kDisabled = 0x2;
constexpr std::int64_t kController = 0x2000;
constexpr std::int64_t kReadOnlyController = 0x4000000;
constexpr std::size_t kMostNames = 64;                                 // of one account
constexpr std::uint32_t kPolicyServers = 553;                          // DOMAIN_ALIAS_RID_RAS_SERVERS (MS-DTYP 2.4.2.4)
constexpr const char* kInChain = "memberOf:1.2.840.113556.1.4.1941:";  // MS-ADTS 3.1.1.3.4.4.3
constexpr const char* kControllers =
    "(&(objectCategory=computer)(|(userAccountControl:1.2.840.113556.1.4.803:=8192)(userAccountControl:1.2.840.113556.1.4.803:=67108864)))";

void add_host(std::vector<std::string>& hosts, std::string_view text) {
  std::string host = host_name_of(text);
  if (host.empty() || hosts.size() >= kMostNames || std::find(hosts.begin(), hosts.end(), host) != hosts.end()) return;
  hosts.push_back(std::move(host));
}

std::optional<Account> account_of(const Entry& entry) {
  Account account{.dn = name_of(entry.dn)};
  const auto guid = wire::directory::decode_guid(as_bytes(entry.first("objectGUID")));
  if (!guid.ok() || account.dn.empty()) return std::nullopt;
  account.guid = *guid;
  account.name = clean_text_of(entry.first("sAMAccountName"));
  add_host(account.hosts, entry.first("dNSHostName"));
  if (const auto* more = entry.find("msDS-AdditionalDnsHostName")) {
    for (const std::string& each : *more) add_host(account.hosts, each);
  }
  account.operating_system = clean_text_of(entry.first("operatingSystem"));
  account.operating_system_version = clean_text_of(entry.first("operatingSystemVersion"));
  const std::int64_t control = number_of(entry.first("userAccountControl"));
  account.disabled = (control & kDisabled) != 0;
  account.read_only_controller = (control & kReadOnlyController) != 0;
  account.controller = account.read_only_controller || (control & kController) != 0;
  return account;
}

}  // namespace

Result<std::vector<Account>> read_accounts(Directory& directory, const std::string& filter) {
  std::vector<Account> accounts;
  const auto take = [&](const Entry& entry) -> Result<void> {
    if (auto account = account_of(entry)) {
      accounts.push_back(*std::move(account));
    } else {
      directory.find("an account was passed over: it has no identifier that can be read: " + clean_text_of(entry.dn));
    }
    return {};
  };
  IPAM_TRY(directory.search(directory.domain_dn(), Depth::Subtree, filter,
                            {"objectGUID", "sAMAccountName", "dNSHostName", "msDS-AdditionalDnsHostName", "operatingSystem", "operatingSystemVersion",
                             "userAccountControl"},
                            directory.limits().servers, take));
  return accounts;
}

Result<std::vector<Account>> read_controller_accounts(Directory& directory) { return read_accounts(directory, kControllers); }

Result<std::vector<Account>> read_accounts_of_hosts(Directory& directory, const std::set<std::string>& hosts) {
  std::vector<Account> accounts;
  std::set<std::string> seen;
  for (auto next = hosts.begin(); next != hosts.end();) {
    std::string names;
    for (std::size_t count = 0; count < kHostsOfOneQuestion && next != hosts.end(); ++count, ++next) {
      names += wire::directory::equality_filter("dNSHostName", *next) + wire::directory::equality_filter("msDS-AdditionalDnsHostName", *next);
    }
    auto found = IPAM_TRY(read_accounts(directory, fmt::format("(&(objectCategory=computer)(|{}))", names)));
    for (Account& account : found) {
      if (seen.insert(account.guid).second) accounts.push_back(std::move(account));
    }
  }
  return accounts;
}

Result<std::vector<Account>> read_policy_server_accounts(Directory& directory) {
  std::optional<wire::directory::SecurityIdentifier> domain;
  const auto keep = [&](const Entry& entry) -> Result<void> {
    domain = IPAM_TRY(wire::directory::SecurityIdentifier::decode(as_bytes(entry.first("objectSid"))));
    return {};
  };
  IPAM_TRY(directory.search(directory.domain_dn(), Depth::Base, "(objectClass=*)", {"objectSid"}, 1, keep));
  if (!domain) return Error(ErrorCode::Malformed, "the domain has no security identifier that may be read");
  std::vector<std::string> groups;
  std::size_t strangers = 0;
  const auto take = [&](const Entry& entry) -> Result<void> {
    groups.push_back(entry.dn);
    const auto* members = entry.find("member");
    if (members == nullptr) return {};
    const std::string own = name_of(directory.domain_dn()).domain();
    strangers += static_cast<std::size_t>(
        std::count_if(members->begin(), members->end(), [&](const std::string& each) { return !equals_ignoring_case(name_of(each).domain(), own); }));
    return {};
  };
  const Bytes sid = domain->account(kPolicyServers).encode();
  IPAM_TRY(directory.search(directory.domain_dn(), Depth::Subtree, fmt::format("(objectSid={})", wire::directory::escape_filter_value(sid)),
                            {"member"}, 2, take));
  std::vector<Account> accounts;
  for (const std::string& group : groups) {
    const std::string filter = fmt::format("(&(objectCategory=computer)({}={}))", kInChain, wire::directory::escape_filter_value(group));
    for (Account& account : IPAM_TRY(read_accounts(directory, filter))) accounts.push_back(std::move(account));
  }
  if (groups.empty()) directory.find("no policy servers were looked for: there is no group \"RAS and IAS Servers\", or the account may not read it");
  if (strangers > 0)
    directory.find(count_of(strangers, "member") +
                   " of the group \"RAS and IAS Servers\" belong to other domains and were passed over; read those domains too");
  return accounts;
}

}  // namespace ipam::driver::active_directory
