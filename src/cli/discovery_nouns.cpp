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
  noun.filters = {{"--state", "STATE", "state", "Only new, known, managed or gone ones"}, {"--product", "PRODUCT", "product", "Only kea, bind9 or windows_dns"}};
  noun.keys = {Key::Address};
  noun.qualifiers = {{"--port", "PORT", "port", "The one at this port"}};
  noun.subject = "SERVER";
  noun.list_help = {"List the DHCP and DNS servers that were found.", "ipam discovered-server list --state new",
                    "Get-IpamServerInventory, of servers whose manageability is unspecified"};
  noun.show_help = {"Show one server that was found, and what shows that it is one.", "ipam discovered-server show 10.2.3.5 --port 8000", ""};
  return noun;
}

}  // namespace

std::vector<Noun> discovery_nouns() { return {target_noun(), found_noun()}; }

}  // namespace ipam::cli
