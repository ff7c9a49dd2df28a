// The nouns of discovery: where servers are looked for, and what was found.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/discovery.h"

namespace ipam::cli {
namespace {

Noun target_noun() {
  using T = contract::DiscoveryTarget;
  Noun noun{"discovery-target", {}, "discovery target", "discovery targets", "/api/v1/discovery_targets", {"name"}};
  const std::vector<Column<T>> columns{field("Name", &T::name),           field("Kea ports", &T::kea_ports),
                                       field("DNS ports", &T::dns_ports), field("Statistics ports", &T::statistics_ports),
                                       field("Enabled", &T::enabled),     field("Description", &T::description)};
  noun.table = view_of(columns);
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + columns);
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.subject = "TARGET";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::DiscoveryTargetCreate>();
  noun.edit = body_of<contract::DiscoveryTargetPatch>();
  noun.list_help = {"List where servers are looked for.", "ipam discovery-target list", "Get-IpamDiscoveryDomain"};
  noun.show_help = {"Show one place where servers are looked for.", "ipam discovery-target show 10.2.3.0/24", ""};
  noun.add_help = {"Name an address, a prefix or a host name where servers are looked for; \"ipam task run server-discovery\" looks now.",
                   "ipam discovery-target add 10.2.3.0/24 --kea-ports 8000,8001", "Add-IpamDiscoveryDomain"};
  noun.edit_help = {"Change where or at which ports servers are looked for.", "ipam discovery-target edit 10.2.3.0/24 --disable",
                    "Set-IpamDiscoveryDomain"};
  noun.delete_help = {"Look there no more, and forget what was found there; managed servers stay.", "ipam discovery-target delete 10.2.3.0/24",
                      "Remove-IpamDiscoveryDomain"};
  return noun;
}

Noun found_noun() {
  using T = contract::DiscoveredServer;
  Noun noun{"discovered-server", {}, "discovered server", "discovered servers", "/api/v1/discovered_servers", {"address"}};
  const std::vector<Column<T>> columns{
      field("Address", &T::address), field("Port", &T::port),       field("Product", &T::product), field("Endpoint", &T::endpoint),
      field("State", &T::state),     field("Version", &T::version), field("Server", &T::server),   field("Last seen (UTC)", &T::last_seen)};
  noun.table = view_of(columns + std::vector<Column<T>>{field("Id", &T::id)});
  noun.record = view_of(columns + std::vector<Column<T>>{field("First seen (UTC)", &T::first_seen), field("Target", &T::target),
                                                         field("Evidence", &T::evidence), field("Id", &T::id)});
  noun.table_sort = "address";
  noun.csv = csv_columns_of<T>();
  noun.filters = {{"--state", "STATE", "state", "Only new, known, managed or gone ones"},
                  {"--product", "PRODUCT", "product", "Only kea, bind9 or windows_dns"}};
  noun.keys = {Key::Address};
  noun.qualifiers = {{"--port", "PORT", "port", "The one at this port"}};
  noun.subject = "SERVER";
  noun.list_help = {"List the DHCP and DNS servers that were found.", "ipam discovered-server list --state new",
                    "Get-IpamServerInventory, of servers whose manageability is unspecified"};
  noun.show_help = {"Show one server that was found, and what shows that it is one.", "ipam discovered-server show 10.2.3.5 --port 8000", ""};
  return noun;
}

Noun domain_noun() {
  using T = contract::DiscoveryDomain;
  using Detail = contract::DiscoveryDomainDetail;
  Noun noun{"discovery-domain", {}, "discovery domain", "discovery domains", "/api/v1/discovery_domains", {"name"}};
  noun.table = view_of(std::vector<Column<T>>{field("Name", &T::name), field("Controllers", &T::controllers), field("Protection", &T::protection),
                                              field("Credential", &T::credential), field("Enabled", &T::enabled), field("Read (UTC)", &T::read_at),
                                              field("Problem", &T::problem)});
  const auto own = [](std::string heading, auto member) {
    return computed<Detail>(std::move(heading), [member](const Detail& domain) { return cell(domain.*member); });
  };
  noun.record = view_of(std::vector<Column<Detail>>{own("Id", &T::id),
                                                    own("Name", &T::name),
                                                    own("Controllers", &T::controllers),
                                                    own("Protection", &T::protection),
                                                    own("Credential", &T::credential),
                                                    own("TLS trust", &T::tls_trust),
                                                    own("TLS fingerprint", &T::tls_fingerprint),
                                                    own("Domain controllers", &T::domain_controllers),
                                                    own("DHCP servers", &T::dhcp_servers),
                                                    own("DNS servers", &T::dns_servers),
                                                    own("Policy servers", &T::policy_servers),
                                                    own("Enabled", &T::enabled),
                                                    own("Description", &T::description),
                                                    own("Problem", &T::problem),
                                                    own("Checked (UTC)", &T::checked_at),
                                                    own("Read (UTC)", &T::read_at),
                                                    own("Answered by", &T::controller),
                                                    own("Forest", &T::forest),
                                                    own("Domains", &Detail::domains),
                                                    own("Trusts", &Detail::trusts),
                                                    own("Sites", &Detail::sites),
                                                    own("Subnets", &Detail::subnets),
                                                    own("Zones", &Detail::zones),
                                                    own("Findings", &Detail::findings)});
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.subject = "DOMAIN";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::DiscoveryDomainCreate>();
  noun.edit = body_of<contract::DiscoveryDomainPatch>();
  noun.list_help = {"List the domains of Active Directory whose servers are looked for.", "ipam discovery-domain list", "Get-IpamDiscoveryDomain"};
  noun.show_help = {"Show one such domain, with the domains, trusts, sites, subnets and zones that its directory told.",
                    "ipam discovery-domain show contoso.test", "Get-IpamDiscoveryDomain"};
  noun.add_help = {"Name a domain whose servers are looked for in its directory; \"ipam task run server-discovery\" looks now.",
                   "ipam discovery-domain add contoso.test --controllers dc1.contoso.test,dc2.contoso.test --credential reader",
                   "Add-IpamDiscoveryDomain"};
  noun.edit_help = {"Change how a domain is read, and for which roles servers are looked for.",
                    "ipam discovery-domain edit contoso.test --no-policy-servers", "Set-IpamDiscoveryDomain"};
  noun.delete_help = {"Read the domain no more, and forget what was found there.", "ipam discovery-domain delete contoso.test",
                      "Remove-IpamDiscoveryDomain"};
  return noun;
}

Noun domain_server_noun() {
  using T = contract::DomainServer;
  Noun noun{"domain-server", {}, "domain server", "domain servers", "/api/v1/domain_servers", {"host_name"}};
  const std::vector<Column<T>> columns{field("Name", &T::host_name), field("Roles", &T::roles),   field("Addresses", &T::addresses),
                                       field("Site", &T::site),      field("Domain", &T::domain), field("State", &T::state)};
  noun.table = view_of(columns + std::vector<Column<T>>{field("Changes", &T::changes), field("Id", &T::id)});
  noun.record =
      view_of(columns + std::vector<Column<T>>{field("Names", &T::names), field("Account", &T::account),
                                               field("Operating system", &T::operating_system), field("Version", &T::operating_system_version),
                                               field("Account disabled", &T::disabled), field("Read-only", &T::read_only),
                                               field("Discovery domain", &T::discovery_domain), field("First seen (UTC)", &T::first_seen),
                                               field("Last seen (UTC)", &T::last_seen), field("Changed (UTC)", &T::changed_at),
                                               field("Changes", &T::changes), field("Evidence", &T::evidence), field("Id", &T::id)});
  noun.table_sort = "host_name";
  noun.csv = csv_columns_of<T>();
  noun.filters = {{"--state", "STATE", "state", "Only new, known, changed or gone ones"},
                  {"--domain", "DOMAIN", "domain", "Only of this domain"},
                  {"--site", "SITE", "site", "Only of this site"}};
  noun.keys = {Key::Name};
  noun.name_query = "host_name";
  noun.subject = "SERVER";
  noun.list_help = {"List the servers that the directories of discovery domains name.", "ipam domain-server list --state new",
                    "Get-IpamServerInventory"};
  noun.show_help = {"Show one such server: its roles, names, addresses and site, and where the directory says so.",
                    "ipam domain-server show dc1.contoso.test", "Get-IpamServerInventory -Name"};
  return noun;
}

}  // namespace

std::vector<Noun> discovery_nouns() { return {target_noun(), found_noun(), domain_noun(), domain_server_noun()}; }

}  // namespace ipam::cli
