#include "service/discovery/domain_merge.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace ipam::service {
namespace {

using driver::EstateRole;
using driver::EstateServer;
using model::DomainServer;
using model::DomainServerState;

constexpr std::size_t kMostLines = 2000;  // of one text of a status
constexpr std::size_t kChangeText = 200;  // of one value in a change

constexpr std::array<std::pair<EstateRole, std::string_view>, 4> kRoles{{{EstateRole::DomainController, "domain_controller"},
                                                                         {EstateRole::DhcpServer, "dhcp_server"},
                                                                         {EstateRole::DnsServer, "dns_server"},
                                                                         {EstateRole::PolicyServer, "policy_server"}}};

std::string identity_of(const EstateServer& server) {
  if (!server.guid.empty()) return server.guid;
  if (!server.host_name.empty()) return "name:" + server.host_name;
  return "address:" + (server.addresses.empty() ? std::string() : server.addresses.front().to_string());
}

std::string roles_of(const EstateServer& server) {
  std::vector<std::string> names;
  for (const auto& [role, name] : kRoles) {
    if (server.roles.contains(role)) names.emplace_back(name);
  }
  return join(names, " ");
}

std::string addresses_of(const EstateServer& server) {
  std::vector<std::string> texts;
  for (const ip::Address& address : server.addresses) texts.push_back(address.to_string());
  return join(texts, " ");
}

DomainServer row_of(const EstateServer& server) {
  DomainServer row;
  row.identity = identity_of(server);
  row.host_name = server.host_name;
  row.names = join(server.names, " ");
  row.addresses = addresses_of(server);
  row.roles = roles_of(server);
  row.domain = server.domain;
  row.site = server.site;
  row.account = server.account;
  row.operating_system = server.operating_system;
  row.operating_system_version = server.operating_system_version;
  row.disabled = server.disabled;
  row.read_only = server.read_only;
  row.evidence = join(server.evidence, "\n");
  return row;
}

// "site was Zurich, is Geneva", of each fact that an operator would want to know.
std::string differences(const DomainServer& before, const DomainServer& after) {
  std::vector<std::string> found;
  const auto compare = [&](std::string_view what, const std::string& was, const std::string& is) {
    if (was == is) return;
    const auto said = [](const std::string& value) { return value.empty() ? std::string("nothing") : shorten(value, kChangeText); };
    found.push_back(fmt::format("{} was {}, is {}", what, said(was), said(is)));
  };
  const auto yes_no = [](bool value) { return std::string(value ? "yes" : "no"); };
  compare("host name", before.host_name, after.host_name);
  if (before.host_name == after.host_name) compare("names", before.names, after.names);
  compare("addresses", before.addresses, after.addresses);
  compare("roles", before.roles, after.roles);
  compare("domain", before.domain, after.domain);
  compare("site", before.site, after.site);
  compare("account", before.account, after.account);
  const auto system_of = [](const DomainServer& row) { return std::string(trim(row.operating_system + " " + row.operating_system_version)); };
  compare("operating system", system_of(before), system_of(after));
  compare("disabled", yes_no(before.disabled), yes_no(after.disabled));
  compare("read-only", yes_no(before.read_only), yes_no(after.read_only));
  return join(found, "; ");
}

// What the stored row becomes when it is found as `row`.
DomainServer seen(DomainServer row, const DomainServer* before, Time now) {
  row.last_seen = now;
  if (before == nullptr) {
    row.first_seen = now;
    row.state = DomainServerState::New;
    return row;
  }
  row.id = before->id;
  row.first_seen = before->first_seen;
  row.changes = before->changes;
  row.changed_at = before->changed_at;
  row.state = DomainServerState::Known;
  std::string changes = differences(*before, row);
  if (before->state == DomainServerState::Gone) changes = changes.empty() ? "was gone, is back" : "was gone, is back; " + changes;
  if (!changes.empty()) {
    row.state = DomainServerState::Changed;
    row.changes = std::move(changes);
    row.changed_at = now;
  }
  return row;
}

template <class T, class F>
std::string lines_of(const std::vector<T>& items, F&& line_of) {
  std::vector<std::string> lines;
  for (const T& item : items) {
    if (lines.size() == kMostLines) {
      lines.push_back(fmt::format("… and {} more", items.size() - kMostLines));
      break;
    }
    lines.push_back(line_of(item));
  }
  return join(lines, "\n");
}

std::string_view name_of(driver::TrustDirection direction) {
  constexpr std::array<std::string_view, 4> kNames{"none", "inbound", "outbound", "two_way"};
  return kNames[static_cast<std::size_t>(direction)];
}

std::string_view name_of(driver::TrustKind kind) {
  constexpr std::array<std::string_view, 4> kNames{"within_forest", "forest", "external", "realm"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(driver::ZoneReplication replication) {
  constexpr std::array<std::string_view, 4> kNames{"domain", "forest", "legacy", "partition"};
  return kNames[static_cast<std::size_t>(replication)];
}

}  // namespace

DomainMerge merge_domain(model::Id<model::DiscoveryDomain> domain, const std::vector<DomainServer>& stored, const std::vector<EstateServer>& found,
                         Time now, Duration forget_after) {
  std::map<std::string, const DomainServer*> known;
  for (const DomainServer& row : stored) known.emplace(row.identity, &row);
  DomainMerge merge;
  std::set<std::string> seen_identities;
  for (const EstateServer& server : found) {
    DomainServer row = row_of(server);
    if (!seen_identities.insert(row.identity).second) continue;
    const auto before = known.find(row.identity);
    row.discovery_domain_id = domain;
    row = seen(std::move(row), before != known.end() ? before->second : nullptr, now);
    ++merge.found;
    merge.fresh += row.state == DomainServerState::New ? 1 : 0;
    merge.changed += row.state == DomainServerState::Changed ? 1 : 0;
    merge.put.push_back(std::move(row));
  }
  for (const DomainServer& before : stored) {
    if (seen_identities.contains(before.identity)) continue;
    if (before.state == DomainServerState::Gone && now - before.last_seen > forget_after) {
      merge.forgotten.push_back(before);
    } else if (before.state != DomainServerState::Gone) {
      DomainServer gone = before;
      gone.state = DomainServerState::Gone;
      ++merge.gone;
      merge.put.push_back(std::move(gone));
    }
  }
  return merge;
}

void take_report(model::DomainStatus& status, const driver::DomainReport& report, Time now) {
  status.problem.clear();
  status.read_at = now;
  status.controller = report.controller;
  status.forest = report.forest;
  status.domains = lines_of(report.domains, [](const driver::EstateDomain& domain) {
    const std::string below = domain.parent.empty() ? std::string() : " below " + domain.parent;
    return fmt::format("{} {}{}", domain.name, domain.netbios_name, below);
  });
  status.trusts = lines_of(report.trusts, [](const driver::EstateTrust& trust) {
    return fmt::format("{} {} {}", trust.partner, name_of(trust.direction), name_of(trust.kind));
  });
  status.sites = lines_of(report.sites, [](const driver::EstateSite& site) { return site.name; });
  status.subnets = lines_of(report.subnets, [](const driver::EstateSubnet& subnet) {
    return subnet.site.empty() ? subnet.prefix.to_string() : fmt::format("{} {}", subnet.prefix.to_string(), subnet.site);
  });
  status.zones = lines_of(report.zones, [](const driver::EstateZone& zone) {
    return fmt::format("{} {} {}", zone.name, zone.primary ? name_of(zone.replication) : "forwarder", join(zone.name_servers, ","));
  });
  status.findings = lines_of(report.findings, [](const std::string& finding) { return finding; });
}

}  // namespace ipam::service
