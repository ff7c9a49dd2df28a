#include "driver/active_directory/forest.h"

#include "base/strings.h"
#include "model/dns_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::driver::active_directory {
namespace {

using client::ldap::Depth;

constexpr std::size_t kMostDomains = 10'000;
// A crossRef of a domain of this forest: FLAG_CR_NTDS_NC and FLAG_CR_NTDS_DOMAIN (MS-ADTS 6.1.1.2.1.1.2).
constexpr const char* kDomains = "(&(objectClass=crossRef)(systemFlags:1.2.840.113556.1.4.803:=3))";

// MS-ADTS 6.1.6.7.9, 6.1.6.7.12 and 6.1.6.7.15.
constexpr std::int64_t kWithinForest = 0x20;
constexpr std::int64_t kForestTransitive = 0x08;
constexpr std::int64_t kRealm = 3;

TrustDirection direction_of(std::int64_t number) {
  switch (number) {
    case 1: return TrustDirection::Inbound;
    case 2: return TrustDirection::Outbound;
    case 3: return TrustDirection::TwoWay;
    default: return TrustDirection::None;
  }
}

TrustKind kind_of(std::int64_t type, std::int64_t attributes) {
  if (type == kRealm) return TrustKind::Realm;
  if ((attributes & kWithinForest) != 0) return TrustKind::WithinForest;
  return (attributes & kForestTransitive) != 0 ? TrustKind::Forest : TrustKind::External;
}

}  // namespace

Result<std::vector<EstateDomain>> read_domains(Directory& directory) {
  std::vector<EstateDomain> domains;
  std::vector<std::pair<DistinguishedName, std::string>> references;  // of the crossRefs, which name their parent by its own
  std::vector<DistinguishedName> parents;
  const auto take = [&](const Entry& entry) -> Result<void> {
    const std::string name = host_name_of(entry.first("dnsRoot"));
    if (name.empty()) {
      directory.find("a domain of the forest was passed over: it has no usable name: " + clean_text_of(entry.dn));
      return {};
    }
    domains.push_back({.name = name, .netbios_name = clean_text_of(entry.first("nETBIOSName")), .parent = {}});
    references.emplace_back(name_of(entry.dn), name);
    parents.push_back(name_of(entry.first("trustParent")));
    return {};
  };
  IPAM_TRY(directory.search("CN=Partitions," + directory.configuration_dn(), Depth::OneLevel, kDomains, {"dnsRoot", "nETBIOSName", "trustParent"},
                            kMostDomains, take));
  for (std::size_t at = 0; at < domains.size(); ++at) {
    if (parents[at].empty()) continue;
    const auto above = std::find_if(references.begin(), references.end(), [&](const auto& each) { return each.first == parents[at]; });
    if (above != references.end()) domains[at].parent = above->second;
  }
  std::sort(domains.begin(), domains.end(), [](const auto& one, const auto& other) { return one.name < other.name; });
  return domains;
}

Result<std::vector<EstateTrust>> read_trusts(Directory& directory) {
  std::vector<EstateTrust> trusts;
  const auto take = [&](const Entry& entry) -> Result<void> {
    const std::string partner = host_name_of(entry.first("trustPartner"));
    if (partner.empty()) return {};
    trusts.push_back({.partner = partner,
                      .direction = direction_of(number_of(entry.first("trustDirection"))),
                      .kind = kind_of(number_of(entry.first("trustType")), number_of(entry.first("trustAttributes")))});
    return {};
  };
  IPAM_TRY(directory.search("CN=System," + directory.domain_dn(), Depth::OneLevel, "(objectClass=trustedDomain)",
                            {"trustPartner", "trustDirection", "trustType", "trustAttributes"}, kMostDomains, take));
  std::sort(trusts.begin(), trusts.end(), [](const auto& one, const auto& other) { return one.partner < other.partner; });
  return trusts;
}

Result<std::vector<EstateSite>> read_sites(Directory& directory) {
  std::vector<EstateSite> sites;
  const auto take = [&](const Entry& entry) -> Result<void> {
    sites.push_back({.name = clean_text_of(entry.first("name")), .description = clean_text_of(entry.first("description"))});
    return {};
  };
  IPAM_TRY(directory.search("CN=Sites," + directory.configuration_dn(), Depth::OneLevel, "(objectClass=site)", {"name", "description"},
                            directory.limits().sites, take));
  std::sort(sites.begin(), sites.end(), [](const auto& one, const auto& other) { return one.name < other.name; });
  return sites;
}

Result<std::vector<EstateSubnet>> read_subnets(Directory& directory) {
  std::vector<EstateSubnet> subnets;
  const auto take = [&](const Entry& entry) -> Result<void> {
    const auto prefix = ip::Prefix::parse(entry.first("name"));
    if (!prefix.ok()) {
      directory.find("a subnet of the sites was passed over: '" + clean_text_of(entry.first("name")) + "' is no prefix");
      return {};
    }
    subnets.push_back({.prefix = *prefix,
                       .site = clean_text_of(name_of(entry.first("siteObject")).value()),
                       .location = clean_text_of(entry.first("location")),
                       .description = clean_text_of(entry.first("description"))});
    return {};
  };
  IPAM_TRY(directory.search("CN=Subnets,CN=Sites," + directory.configuration_dn(), Depth::OneLevel, "(objectClass=subnet)",
                            {"name", "siteObject", "location", "description"}, directory.limits().subnets, take));
  std::sort(subnets.begin(), subnets.end(), [](const auto& one, const auto& other) { return one.prefix < other.prefix; });
  return subnets;
}

std::string domain_of_host(const std::string& host, const std::vector<EstateDomain>& domains) {
  std::string deepest;
  for (const EstateDomain& domain : domains) {
    if (host != domain.name && model::lies_in_zone(host, domain.name) && domain.name.size() > deepest.size()) deepest = domain.name;
  }
  return deepest;
}

std::string site_of_address(const ip::Address& address, const std::vector<EstateSubnet>& subnets) {
  for (int length = ip::bit_count(address.family()); length >= 0; --length) {
    const ip::Prefix prefix = ip::Prefix::containing(address, length);
    const auto found = std::lower_bound(subnets.begin(), subnets.end(), prefix,
                                        [](const EstateSubnet& each, const ip::Prefix& wanted) { return each.prefix < wanted; });
    if (found != subnets.end() && found->prefix == prefix) return found->site;
  }
  return {};
}

}  // namespace ipam::driver::active_directory
