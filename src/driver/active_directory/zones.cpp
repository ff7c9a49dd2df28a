#include "driver/active_directory/zones.h"

#include "base/strings.h"
#include "model/dns_name.h"
#include "wire/directory/dns_node.h"
#include "wire/directory/filter.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::driver::active_directory {
namespace {

using client::ldap::Depth;
using wire::directory::DnsRecordValue;

constexpr std::size_t kMostPartitions = 1000;
constexpr std::size_t kMostNameServers = 64;  // of one zone
constexpr std::size_t kMostAddresses = 64;    // of one host
constexpr std::uint16_t kAddress = 1;         // A
constexpr std::uint16_t kAddress6 = 28;       // AAAA
// A crossRef of an application partition: FLAG_CR_NTDS_NC without FLAG_CR_NTDS_DOMAIN (MS-ADTS 6.1.1.2.1.1.2).
constexpr const char* kPartitions = "(&(objectClass=crossRef)(systemFlags:1.2.840.113556.1.4.803:=1)(!(systemFlags:1.2.840.113556.1.4.803:=2)))";
constexpr std::string_view kApex = "@";

struct Container {
  std::string dn;
  ZoneReplication replication;
};

ZoneReplication replication_of(const DistinguishedName& partition) {
  if (equals_ignoring_case(partition.value(), "DomainDnsZones")) return ZoneReplication::Domain;
  return equals_ignoring_case(partition.value(), "ForestDnsZones") ? ZoneReplication::Forest : ZoneReplication::Partition;
}

// Where zones may be, as far as this domain controller has a copy.
Result<std::vector<Container>> containers_of(Directory& directory) {
  std::vector<Container> containers{{"CN=MicrosoftDNS,CN=System," + directory.domain_dn(), ZoneReplication::Legacy}};
  const DistinguishedName configuration = name_of(directory.configuration_dn());
  const std::string own = name_of(directory.domain_dn()).domain();
  const auto take = [&](const Entry& entry) -> Result<void> {
    const std::string dn(entry.first("nCName"));
    const DistinguishedName partition = name_of(dn);
    if (partition.within(configuration)) return {};  // the configuration itself, and the schema below it
    const ZoneReplication replication = replication_of(partition);
    // The zones of another domain are that domain's to tell.
    if (replication == ZoneReplication::Domain && !equals_ignoring_case(partition.parent().domain(), own)) return {};
    if (directory.holds(dn)) {
      containers.push_back({"CN=MicrosoftDNS," + dn, replication});
    } else if (replication != ZoneReplication::Partition) {
      directory.find(directory.host() + " has no copy of " + clean_text_of(dn) +
                     ": the zones there were not read; name a domain controller that is a DNS server");
    }
    return {};
  };
  IPAM_TRY(directory.search("CN=Partitions," + directory.configuration_dn(), Depth::OneLevel, kPartitions, {"nCName"}, kMostPartitions, take));
  return containers;
}

// The records of a name, damaged ones left out.
std::vector<DnsRecordValue> records_of(Directory& directory, const Entry& entry) {
  std::vector<DnsRecordValue> records;
  const auto* values = entry.find("dnsRecord");
  if (values == nullptr) return records;
  for (const std::string& value : *values) {
    auto record = DnsRecordValue::decode(as_bytes(value));
    if (record.ok()) {
      records.push_back(*std::move(record));
    } else {
      directory.find("a DNS record was passed over: it is damaged: " + clean_text_of(entry.dn));
    }
  }
  return records;
}

Result<void> read_container(Directory& directory, const Container& container, std::vector<DirectoryZone>& zones) {
  const std::size_t room = directory.limits().zones - std::min(zones.size(), directory.limits().zones);
  if (room == 0) return {};
  std::map<std::string, std::size_t> positions;
  const auto take_zone = [&](const Entry& entry) -> Result<void> {
    const std::string_view raw = entry.first("name");
    if (raw.starts_with("..") || raw == "RootDNSServers") return {};
    const std::string name = host_name_of(raw);
    if (name.empty()) {
      directory.find("a DNS zone was passed over: '" + clean_text_of(raw) + "' is no name of DNS");
      return {};
    }
    DirectoryZone zone{.zone = {.name = name, .replication = container.replication}, .dn = name_of(entry.dn)};
    if (const auto* properties = entry.find("dNSProperty")) {
      for (const std::string& property : *properties) {
        const auto type = wire::directory::decode_zone_type(as_bytes(property));
        if (type.ok() && *type) zone.zone.primary = **type == wire::directory::ZoneType::Primary;
      }
    }
    positions.emplace(key_of(zone.dn), zones.size());
    zones.push_back(std::move(zone));
    return {};
  };
  IPAM_TRY(directory.search(container.dn, Depth::OneLevel, "(objectClass=dnsZone)", {"name", "dNSProperty"}, room, take_zone));
  if (positions.empty()) return {};
  const auto take_apex = [&](const Entry& entry) -> Result<void> {
    const auto position = positions.find(key_of(name_of(entry.dn).parent()));
    if (position == positions.end()) return {};
    std::vector<std::string>& servers = zones[position->second].zone.name_servers;
    for (const DnsRecordValue& record : records_of(directory, entry)) {
      if (record.type != wire::directory::kNameServerType || servers.size() >= kMostNameServers) continue;
      const auto name = record.name();
      const std::string host = name.ok() ? host_name_of(*name) : std::string();
      if (!host.empty()) servers.push_back(host);
    }
    std::sort(servers.begin(), servers.end());
    servers.erase(std::unique(servers.begin(), servers.end()), servers.end());
    return {};
  };
  return directory.search(container.dn, Depth::Subtree, "(&(objectClass=dnsNode)(name=@))", {"dnsRecord"}, directory.limits().zones, take_apex);
}

// The name of the host within the zone.
std::string relative_name(const std::string& host, const std::string& zone) {
  return host == zone ? std::string(kApex) : host.substr(0, host.size() - zone.size() - 1);
}

const DirectoryZone* zone_of(const std::string& host, const std::vector<DirectoryZone>& zones) {
  const DirectoryZone* deepest = nullptr;
  for (const DirectoryZone& each : zones) {
    if (each.zone.primary && model::lies_in_zone(host, each.zone.name) && (deepest == nullptr || each.zone.name.size() > deepest->zone.name.size()))
      deepest = &each;
  }
  return deepest;
}

}  // namespace

Result<std::vector<DirectoryZone>> read_zones(Directory& directory) {
  std::vector<DirectoryZone> zones;
  for (const Container& container : IPAM_TRY(containers_of(directory))) IPAM_TRY(read_container(directory, container, zones));
  std::sort(zones.begin(), zones.end(), [](const auto& one, const auto& other) { return one.zone.name < other.zone.name; });
  return zones;
}

Result<std::map<std::string, std::vector<ip::Address>>> read_addresses(Directory& directory, const std::vector<DirectoryZone>& zones,
                                                                       const std::set<std::string>& hosts) {
  std::map<const DirectoryZone*, std::vector<std::string>> wanted;
  for (const std::string& host : hosts) {
    if (const DirectoryZone* zone = zone_of(host, zones)) wanted[zone].push_back(host);
  }
  std::map<std::string, std::vector<ip::Address>> found;
  for (const auto& [zone, names] : wanted) {
    std::map<std::string, std::string> host_of;  // by the name within the zone
    for (const std::string& host : names) host_of.emplace(relative_name(host, zone->zone.name), host);
    const auto take = [&](const Entry& entry) -> Result<void> {
      const auto host = host_of.find(to_lower(entry.first("name")));
      if (host == host_of.end()) return {};
      for (const DnsRecordValue& record : records_of(directory, entry)) {
        if (record.type != kAddress && record.type != kAddress6) continue;
        const auto address = ip::Address::from_network_bytes(record.data);
        auto& addresses = found[host->second];
        if (address.ok() && addresses.size() < kMostAddresses) addresses.push_back(*address);
      }
      return {};
    };
    for (auto next = host_of.begin(); next != host_of.end();) {
      std::string filter;
      for (std::size_t count = 0; count < kHostsOfOneQuestion && next != host_of.end(); ++count, ++next) {
        filter += wire::directory::equality_filter("name", next->first);
      }
      IPAM_TRY(directory.search(zone->dn.to_string(), Depth::OneLevel, fmt::format("(&(objectClass=dnsNode)(|{}))", filter), {"name", "dnsRecord"},
                                directory.limits().servers, take));
    }
  }
  std::erase_if(found, [](const auto& each) { return each.second.empty(); });
  return found;
}

}  // namespace ipam::driver::active_directory
