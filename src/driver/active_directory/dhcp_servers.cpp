#include "driver/active_directory/dhcp_servers.h"

#include "wire/directory/dhcp_server_value.h"

#include <map>

namespace ipam::driver::active_directory {
namespace {

using client::ldap::Depth;
using wire::directory::DhcpServerValue;

constexpr std::int64_t kServer = 1;  // dhcpType; 0 is the root of the list

// An address where a name should be is none.
std::string host_of(std::string_view text) { return ip::Address::parse(text).ok() ? std::string() : host_name_of(text); }

}  // namespace

// A server's entry bears its name as CN; it may tell the address too, and older tools kept the whole list in the root's entry.
Result<std::vector<AuthorizedServer>> read_authorized_servers(Directory& directory) {
  std::map<std::string, std::set<ip::Address>> by_host;
  std::set<ip::Address> nameless;
  const auto add = [&](const std::string& host, const std::optional<ip::Address>& address) {
    auto& addresses = host.empty() ? nameless : by_host[host];
    if (address) addresses.insert(*address);
  };
  const auto take = [&](const Entry& entry) -> Result<void> {
    const std::string own = number_of(entry.first("dhcpType")) == kServer ? host_of(name_of(entry.dn).value()) : std::string();
    if (!own.empty()) by_host[own];
    const auto* values = entry.find("dhcpServers");
    if (values == nullptr) return {};
    for (const std::string& value : *values) {
      const auto told = DhcpServerValue::parse(value);
      if (!told.ok()) {
        directory.find("an authorized DHCP server was passed over: " + clean_text_of(entry.dn) + ": " + told.error().message);
        continue;
      }
      const std::string host = host_of(told->host);
      add(host.empty() ? own : host, told->address);
    }
    return {};
  };
  IPAM_TRY(directory.search("CN=NetServices,CN=Services," + directory.configuration_dn(), Depth::OneLevel, "(objectClass=dHCPClass)",
                            {"dhcpType", "dhcpServers"}, directory.limits().servers, take));
  std::vector<AuthorizedServer> servers;
  for (auto& [host, addresses] : by_host) servers.push_back({host, std::move(addresses)});
  for (const ip::Address& address : nameless) servers.push_back({{}, {address}});
  return servers;
}

}  // namespace ipam::driver::active_directory
