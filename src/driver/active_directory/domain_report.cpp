#include "driver/active_directory/domain_report.h"

#include "base/strings.h"
#include "driver/active_directory/controllers.h"
#include "driver/active_directory/dhcp_servers.h"
#include "driver/active_directory/forest.h"
#include "driver/active_directory/server_list.h"
#include "driver/active_directory/zones.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::driver::active_directory {
namespace {

constexpr std::size_t kNamedZones = 3;

class Reading {
 public:
  Reading(Directory& directory, const std::set<EstateRole>& roles) : directory_(directory), roles_(roles) {}

  Result<DomainReport> run() {
    report_.domain = name_of(directory_.domain_dn()).domain();
    report_.forest = name_of(directory_.root_dn()).domain();
    report_.controller = directory_.host();
    report_.domains = IPAM_TRY(read_domains(directory_));
    report_.trusts = IPAM_TRY(read_trusts(directory_));
    report_.sites = IPAM_TRY(read_sites(directory_));
    report_.subnets = IPAM_TRY(read_subnets(directory_));
    zones_ = IPAM_TRY(read_zones(directory_));
    for (const DirectoryZone& zone : zones_) report_.zones.push_back(zone.zone);
    if (wants(EstateRole::DomainController) || wants(EstateRole::DnsServer)) IPAM_TRY(add_controllers());
    if (wants(EstateRole::DhcpServer)) IPAM_TRY(add_dhcp_servers());
    if (wants(EstateRole::DnsServer)) add_name_servers();
    if (wants(EstateRole::PolicyServer)) IPAM_TRY(add_policy_servers());
    for (const Account& account : IPAM_TRY(read_accounts_of_hosts(directory_, servers_.hosts_without_account()))) servers_.join(account);
    for (const auto& [host, addresses] : IPAM_TRY(read_addresses(directory_, zones_, servers_.hosts()))) {
      for (const ip::Address& address : addresses) servers_.add_address(host, address);
    }
    for (EstateServer& server : servers_.take()) place(std::move(server));
    report_.findings = directory_.take_findings();
    return std::move(report_);
  }

 private:
  bool wants(EstateRole role) const { return roles_.contains(role); }

  Result<void> add_controllers() {
    for (const Controller& controller : IPAM_TRY(read_controllers(directory_))) {
      const std::string site = controller.site.empty() ? "in no site" : "in site " + controller.site;
      if (wants(EstateRole::DomainController)) {
        const std::string kind = controller.account.read_only_controller ? "a read-only domain controller" : "a domain controller";
        servers_.add(controller.account, EstateRole::DomainController, fmt::format("{} of {} {}", kind, report_.domain, site)).site = controller.site;
      }
      if (wants(EstateRole::DnsServer) && controller.has_dns)
        servers_.add(controller.account, EstateRole::DnsServer, "a domain controller that holds DNS zones of the directory").site = controller.site;
    }
    return {};
  }

  Result<void> add_dhcp_servers() {
    for (const AuthorizedServer& server : IPAM_TRY(read_authorized_servers(directory_))) {
      const std::string as = server.host.empty() ? std::string("by its address alone") : "as " + server.host;
      servers_.add(server.host, server.addresses, EstateRole::DhcpServer, "a DHCP server that the forest authorizes " + as);
    }
    return {};
  }

  void add_name_servers() {
    std::map<std::string, std::vector<std::string>> zones_of;
    for (const EstateZone& zone : report_.zones) {
      if (!zone.primary) continue;
      for (const std::string& server : zone.name_servers) zones_of[server].push_back(zone.name);
    }
    for (const auto& [server, zones] : zones_of) {
      // A name server outside of the forest is somebody else's.
      if (domain_of_host(server, report_.domains).empty()) continue;
      std::vector<std::string> first(zones.begin(), zones.begin() + static_cast<std::ptrdiff_t>(std::min(zones.size(), kNamedZones)));
      const std::string more = zones.size() > kNamedZones ? fmt::format(" and {} more", zones.size() - kNamedZones) : std::string();
      servers_.add(server, {}, EstateRole::DnsServer, fmt::format("a name server of {}{}", join(first, ", "), more));
    }
  }

  Result<void> add_policy_servers() {
    for (const Account& account : IPAM_TRY(read_policy_server_accounts(directory_)))
      servers_.add(account, EstateRole::PolicyServer, "a member of the group \"RAS and IAS Servers\"");
    return {};
  }

  // Keeps the server when it is of this domain. What belongs to no domain at all is the root domain's to tell.
  void place(EstateServer server) {
    const std::string by_name = domain_of_host(server.host_name, report_.domains);
    server.domain = !server.guid.empty() ? report_.domain : by_name;
    const bool mine =
        equals_ignoring_case(server.domain, report_.domain) || (server.domain.empty() && equals_ignoring_case(report_.domain, report_.forest));
    if (!mine) return;
    if (server.guid.empty() && !server.host_name.empty())
      directory_.find(fmt::format("{} has no computer account in {}; is it decommissioned, or not a member?", server.host_name, report_.domain));
    for (auto address = server.addresses.begin(); server.site.empty() && address != server.addresses.end(); ++address)
      server.site = site_of_address(*address, report_.subnets);
    report_.servers.push_back(std::move(server));
  }

  Directory& directory_;
  const std::set<EstateRole>& roles_;
  DomainReport report_;
  std::vector<DirectoryZone> zones_;
  ServerList servers_;
};

}  // namespace

Result<DomainReport> read_domain(client::ldap::Session& session, const std::string& domain, const std::set<EstateRole>& roles,
                                 const EstateLimits& limits, const io::Deadline& deadline) {
  Directory directory = IPAM_TRY(Directory::open(session, domain, limits, deadline));
  return Reading(directory, roles).run();
}

}  // namespace ipam::driver::active_directory
