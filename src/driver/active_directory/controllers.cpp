#include "driver/active_directory/controllers.h"

#include "base/strings.h"

#include <algorithm>
#include <map>

namespace ipam::driver::active_directory {
namespace {

using client::ldap::Depth;

// "DC=DomainDnsZones,DC=contoso,DC=test": what the DNS server of a domain controller has a copy of made.
bool is_dns_partition(const DistinguishedName& name) {
  return equals_ignoring_case(name.value(), "DomainDnsZones") || equals_ignoring_case(name.value(), "ForestDnsZones");
}

struct Place {
  std::string site;
  bool has_dns = false;
};

}  // namespace

Result<std::vector<Controller>> read_controllers(Directory& directory) {
  const std::string sites = "CN=Sites," + directory.configuration_dn();
  const std::size_t most = directory.limits().servers;
  std::map<std::string, Place> places;  // by the server's entry
  const auto take_settings = [&](const Entry& entry) -> Result<void> {
    const DistinguishedName server = name_of(entry.dn).parent();
    Place& place = places[key_of(server)];
    place.site = clean_text_of(server.value(2));
    for (const char* attribute : {"msDS-hasMasterNCs", "msDS-hasFullReplicaNCs"}) {
      const auto* partitions = entry.find(attribute);
      if (partitions == nullptr) continue;
      place.has_dns =
          place.has_dns || std::any_of(partitions->begin(), partitions->end(), [](const auto& each) { return is_dns_partition(name_of(each)); });
    }
    return {};
  };
  IPAM_TRY(directory.search(sites, Depth::Subtree, "(objectClass=nTDSDSA)", {"msDS-hasMasterNCs", "msDS-hasFullReplicaNCs"}, most, take_settings));
  std::map<std::string, Place> by_account;
  const auto take_server = [&](const Entry& entry) -> Result<void> {
    const auto place = places.find(key_of(name_of(entry.dn)));
    if (place != places.end()) by_account[key_of(name_of(entry.first("serverReference")))] = place->second;
    return {};
  };
  IPAM_TRY(directory.search(sites, Depth::Subtree, "(&(objectClass=server)(serverReference=*))", {"serverReference"}, most, take_server));
  std::vector<Controller> controllers;
  for (Account& account : IPAM_TRY(read_controller_accounts(directory))) {
    const auto place = by_account.find(key_of(account.dn));
    Controller controller{.account = std::move(account)};
    if (place != by_account.end()) {
      controller.site = place->second.site;
      controller.has_dns = place->second.has_dns;
    } else {
      directory.find("the domain controller " + controller.account.name +
                     " is in no site: it was removed without demotion, or never promoted to its end");
    }
    controllers.push_back(std::move(controller));
  }
  return controllers;
}

}  // namespace ipam::driver::active_directory
