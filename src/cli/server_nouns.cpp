// The nouns of managed servers and of what they told: server, credential, dhcp-server, scope, lease.
#include "base/strings.h"
#include "cli/cells.h"
#include "cli/noun.h"
#include "cli/status_cells.h"
#include "cli/text.h"
#include "contract/server.h"

namespace ipam::cli {
namespace {

const Filter kServer{"--server", "NAME", "server", "Only of this server"};
const Filter kSpace{"--space", "NAME", "space", "Only in this address space"};

std::string draw_accesses(const boost::json::value& json, const Style& style) {
  const auto server = decode<contract::ServerDetail>(json);
  if (!server.ok()) return {};
  std::string text;
  if (!server->accesses.empty()) {
    std::vector<Row> rows;
    for (const contract::ServerAccess& access : server->accesses) {
      rows.push_back({cell(access.kind), availability_cell(access.availability), cell(access.url), cell(access.credential), cell(access.problem)});
    }
    text += '\n' + draw_table({{"Access"}, {"Availability"}, {"URL"}, {"Credential"}, {"Problem", Align::Left, Width::MayCut}}, rows, style);
  }
  for (const std::string& finding : server->status.findings) text += '\n' + coloured("!", Tone::Warning, style) + ' ' + printable(finding);
  return text.empty() || text.back() == '\n' ? text : text + '\n';
}

Noun access_noun() {
  using T = contract::ServerAccess;
  Noun noun{"access", {"server-access"}, "access", "accesses", "/api/v1/server_accesses", {"url"}};
  const auto availability = computed<T>("Availability", [](const T& access) { return availability_cell(access.availability); });
  noun.table =
      view_of(std::vector<Column<T>>{field("Id", &T::id), field("Server", &T::server), field("Kind", &T::kind), availability, field("URL", &T::url),
                                     field("Credential", &T::credential), field("Checked (UTC)", &T::checked_at), field("Problem", &T::problem)});
  noun.record =
      view_of(std::vector<Column<T>>{field("Id", &T::id), field("Server", &T::server), field("Kind", &T::kind), field("URL", &T::url),
                                     field("Credential", &T::credential), field("TLS trust", &T::tls_trust), field("Fingerprint", &T::fingerprint),
                                     availability, field("Problem", &T::problem), field("Checked (UTC)", &T::checked_at)});
  noun.table_sort = "kind";
  noun.csv = csv_columns_of<T>();
  noun.filters = {kServer, {"--kind", "KIND", "kind", "Only of this kind: lease_database, lease_file, dns, rndc"}};
  noun.keys = {Key::Name};
  noun.name_query = "url";
  noun.qualifiers = {kServer};
  noun.subject = "ACCESS";
  noun.subject_fields = {"server"};
  noun.add = body_of<contract::ServerAccessCreate>();
  noun.edit = body_of<contract::ServerAccessPatch>();
  noun.list_help = {"List the further ways to the managed servers, and how the last probe found them.", "ipam access list --server ns1", ""};
  noun.show_help = {"Show one access by its id or URL.", "ipam access show dns://ns1.example.net:53", ""};
  noun.add_help = {"Add a further way to a server beside its URL: lease database, lease file, DNS, rndc.",
                   "ipam access add ns1 --kind dns --url dns://ns1.example.net:53 --credential transfer-key", ""};
  noun.edit_help = {"Change how a server is reached by one access.", "ipam access edit 131080 --credential other-key", ""};
  noun.delete_help = {"Forget one access of a server.", "ipam access delete 131080", ""};
  return noun;
}

Noun server_noun() {
  using T = contract::Server;
  Noun noun{"server", {}, "server", "servers", "/api/v1/servers", {"name"}};
  const auto status = [](std::string heading, auto member) {
    constexpr bool text = std::is_same_v<decltype(member), std::string contract::ServerStatus::*>;
    return computed<T>(
        std::move(heading), [member](const T& server) { return cell(server.status.*member); }, Align::Left, text ? Width::MayCut : Width::Whole);
  };
  using contract::ServerStatus;
  const auto availability = computed<T>("Availability", [](const T& server) { return availability_cell(server.status.availability); });
  noun.table = view_of(std::vector<Column<T>>{field("Name", &T::name), field("Product", &T::product), availability,
                                              status("Version", &ServerStatus::version), status("Checked (UTC)", &ServerStatus::checked_at),
                                              field("URL", &T::url), field("Space", &T::space), status("Problem", &ServerStatus::problem)});
  noun.record =
      view_of(std::vector<Column<T>>{field("Id", &T::id),
                                     field("Name", &T::name),
                                     field("Product", &T::product),
                                     field("Manageability", &T::manageability),
                                     field("URL", &T::url),
                                     field("Credential", &T::credential),
                                     field("TLS trust", &T::tls_trust),
                                     field("Fingerprint", &T::tls_fingerprint),
                                     field("Space", &T::space),
                                     field("Description", &T::description),
                                     availability,
                                     status("Problem", &ServerStatus::problem),
                                     status("Version", &ServerStatus::version),
                                     computed<T>("Capabilities", [](const T& server) { return cell(join(server.status.capabilities, ", ")); }),
                                     status("High availability", &ServerStatus::high_availability),
                                     status("Checked (UTC)", &ServerStatus::checked_at),
                                     status("Reached (UTC)", &ServerStatus::reached_at),
                                     status("Configuration of (UTC)", &ServerStatus::configuration_collected_at),
                                     status("Leases of (UTC)", &ServerStatus::leases_collected_at),
                                     status("Zones of (UTC)", &ServerStatus::zones_collected_at),
                                     field("Custom fields", &T::custom_fields)});
  noun.details = draw_accesses;
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.subject = "NAME";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::ServerCreate>();
  noun.edit = body_of<contract::ServerPatch>();
  noun.list_help = {"List the managed servers and whether they answer.", "ipam server list", "Get-IpamServerInventory"};
  noun.show_help = {"Show one managed server.", "ipam server show kea1", "Get-IpamServerInventory -Name"};
  noun.add_help = {"Add a managed server, then sign in to it and say what was found.",
                   "ipam server add kea1 --product kea --url http://127.0.0.1:8000 --user ipam --password-file kea.password",
                   "Add-IpamServerInventory"};
  noun.edit_help = {"Change how a managed server is reached.", "ipam server edit kea1 --url https://kea1.example.net:8443",
                    "Set-IpamServerInventory"};
  noun.delete_help = {"Forget a managed server and what was collected from it.", "ipam server delete kea1", "Remove-IpamServerInventory"};
  return noun;
}

Noun credential_noun() {
  using T = contract::Credential;
  Noun noun{"credential", {}, "credential", "credentials", "/api/v1/credentials", {"name"}};
  const std::vector<Column<T>> columns{field("Name", &T::name), field("Kind", &T::kind), field("User", &T::user_name)};
  noun.table = view_of(columns);
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + columns);
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.subject = "NAME";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::CredentialCreate>();
  noun.edit = body_of<contract::CredentialPatch>();
  noun.list_help = {"List the credentials that servers are signed in to with; never their secrets.", "ipam credential list", ""};
  noun.show_help = {"Show one credential; never its secret.", "ipam credential show kea", ""};
  noun.add_help = {"Keep a credential for managed servers.", "ipam credential add transfer-key --kind tsig-key --user cadastre.key --secret-file key",
                   ""};
  noun.edit_help = {"Change the user name or the secret of a credential.", "ipam credential edit kea --secret-file -", ""};
  noun.delete_help = {"Delete a credential that no server uses.", "ipam credential delete kea", ""};
  return noun;
}

Noun dhcp_server_noun() {
  using T = contract::DhcpServer;
  using Detail = contract::DhcpServerDetail;
  Noun noun{"dhcp-server", {}, "DHCP server", "DHCP servers", "/api/v1/dhcp_servers", {"server"}};
  noun.table = view_of(std::vector<Column<T>>{field("Id", &T::id), field("Server", &T::server), field("Lease database", &T::lease_database),
                                              field("Checked (UTC)", &T::checked_at), field("High availability", &T::high_availability)});
  const auto own = [](std::string heading, auto member) {
    return computed<Detail>(std::move(heading), [member](const Detail& server) { return cell(server.*member); });
  };
  const auto raw = [](std::string heading, auto member) {
    return computed<Detail>(std::move(heading), [member](const Detail& server) { return cell((server.*member).text); });
  };
  noun.record = view_of(std::vector<Column<Detail>>{
      own("Id", &T::id), own("Server", &T::server), own("Lease database", &T::lease_database), own("High availability", &T::high_availability),
      own("Checked (UTC)", &T::checked_at), own("Configuration of (UTC)", &T::configuration_as_of), raw("Partners", &Detail::partners),
      raw("Options", &Detail::options), raw("Option definitions", &Detail::option_definitions), raw("Client classes", &Detail::client_classes)});
  noun.table_sort = "id";
  noun.csv = csv_columns_of<T>();
  noun.filters = {kServer};
  noun.keys = {Key::Name};
  noun.name_query = "server";
  noun.subject = "SERVER";
  noun.list_help = {"List the DHCP servers that were collected and how their partnerships are.", "ipam dhcp-server list", "Get-IpamDhcpServer"};
  noun.show_help = {"Show what holds for one whole DHCP server, by the name of its managed server.", "ipam dhcp-server show kea1",
                    "Get-IpamDhcpServer -ServerName"};
  return noun;
}

std::string pools_text(const contract::DhcpScope& scope) {
  std::vector<std::string> pools;
  for (const contract::Pool& pool : scope.pools) pools.push_back(pool.first.to_string() + "-" + pool.last.to_string());
  return join(pools, ", ");
}

std::string draw_reservations(const boost::json::value& json, const Style& style) {
  const auto scope = decode<contract::DhcpScopeDetail>(json);
  if (!scope.ok() || scope->reservations.empty()) return {};
  std::vector<Row> rows;
  for (const contract::Reservation& reservation : scope->reservations) {
    rows.push_back({cell(reservation.address), cell(reservation.identifier_type), cell(reservation.identifier), cell(reservation.hostname)});
  }
  return '\n' + draw_table({{"Reservation"}, {"By"}, {"Identifier"}, {"Host name", Align::Left, Width::MayCut}}, rows, style);
}

Noun scope_noun() {
  using T = contract::DhcpScope;
  using Detail = contract::DhcpScopeDetail;
  Noun noun{"scope", {"dhcp-scope"}, "DHCP scope", "DHCP scopes", "/api/v1/dhcp_scopes", {"prefix"}};
  noun.table =
      view_of(std::vector<Column<T>>{field("Prefix", &T::prefix), field("Server", &T::server), field("Name", &T::name), utilization_column<T>(),
                                     computed<T>(
                                         "Free", [](const T& s) { return cell(s.utilization.free); }, Align::Right),
                                     computed<T>(
                                         "Leased", [](const T& s) { return cell(s.utilization.leased); }, Align::Right),
                                     field("Space", &T::space), field("Leases of (UTC)", &T::leases_as_of)});
  const auto own = [](std::string heading, auto member) {
    return computed<Detail>(std::move(heading), [member](const Detail& scope) { return cell(scope.*member); });
  };
  noun.record = view_of(
      std::vector<Column<Detail>>{
          own("Id", &T::id), own("Prefix", &T::prefix), own("Name", &T::name), own("Server", &T::server), own("Key on the server", &T::key),
          own("Space", &T::space), own("Shared network", &T::shared_network),
          computed<Detail>("Lease time", [](const Detail& s) { return cell(format_duration(std::chrono::seconds(s.lease_seconds))); }),
          computed<Detail>("Pools", [](const Detail& s) { return cell(pools_text(s)); })} +
      utilization_lines<Detail>() +
      std::vector<Column<Detail>>{own("Assigned by server's count", &T::server_assigned), own("Declined by server's count", &T::server_declined),
                                  own("Leases of (UTC)", &T::leases_as_of),
                                  computed<Detail>("Reservations", [](const Detail& s) { return cell(std::uint64_t{s.reservations.size()}); }),
                                  computed<Detail>("Options", [](const Detail& s) { return cell(s.options.text); })});
  noun.details = draw_reservations;
  noun.table_sort = "prefix";
  noun.csv = csv_columns_of<T>();
  noun.filters = {kServer, kSpace, {"--name", "TEXT", "name__contains", "Only where the name contains this"}};
  noun.within = true;
  noun.keys = {Key::Prefix, Key::Name};
  noun.prefix_query = "prefix";
  noun.name_query = "name__contains";
  noun.qualifiers = {kServer, kSpace};
  noun.subject = "SCOPE";
  noun.list_help = {"List the DHCP scopes that were collected and how full their pools are.", "ipam scope list --server kea1 --within 10.0.0.0/8",
                    "Get-IpamDhcpScope"};
  noun.show_help = {"Show one DHCP scope by prefix, name or id.", "ipam scope show 10.2.3.0/24 --server kea1", "Get-IpamDhcpScope -ScopeId"};
  return noun;
}

Noun lease_noun() {
  using T = contract::Lease;
  Noun noun{"lease", {}, "lease", "leases", "/api/v1/leases", {"address"}};
  noun.table = view_of(std::vector<Column<T>>{field("Address", &T::address), field("State", &T::state), field("Host name", &T::hostname),
                                              field("Hardware address", &T::hardware_address), field("Server", &T::server),
                                              field("Expires (UTC)", &T::expires_at), field("Seen (UTC)", &T::seen_at)});
  noun.table_sort = "address";
  noun.csv = csv_columns_of<T>();
  noun.filters = {kServer,
                  kSpace,
                  {"--scope", "KEY", "scope_key", "Only of this DHCP scope, by its key on the server"},
                  {"--state", "STATE", "state", "Only in this state: active, declined, expired, released"},
                  {"--address", "ADDRESS", "address", "Only this address"},
                  {"--mac", "MAC", "hardware_address", "Only of this hardware address"},
                  {"--host", "TEXT", "hostname__contains", "Only where the host name contains this"}};
  noun.within = true;
  noun.list_help = {"List the leases as they were last seen.", "ipam lease list 10.2.3.0/24 --state active", ""};
  return noun;
}

}  // namespace

std::vector<Noun> server_nouns() { return {server_noun(), access_noun(), credential_noun(), dhcp_server_noun(), scope_noun(), lease_noun()}; }

}  // namespace ipam::cli
