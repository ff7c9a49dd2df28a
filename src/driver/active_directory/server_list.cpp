#include "driver/active_directory/server_list.h"

#include <algorithm>

namespace ipam::driver::active_directory {
namespace {

constexpr std::size_t kMostEvidence = 16;  // of one server

void add_evidence(EstateServer& server, std::string evidence) {
  const auto& known = server.evidence;
  if (known.size() < kMostEvidence && std::find(known.begin(), known.end(), evidence) == known.end()) server.evidence.push_back(std::move(evidence));
}

void add_name(EstateServer& server, const std::string& host) {
  if (std::find(server.names.begin(), server.names.end(), host) == server.names.end()) server.names.push_back(host);
}

// Addresses are kept ascending, each once.
void add_address_to(EstateServer& server, const ip::Address& address) {
  const auto place = std::lower_bound(server.addresses.begin(), server.addresses.end(), address);
  if (place == server.addresses.end() || *place != address) server.addresses.insert(place, address);
}

}  // namespace

void ServerList::absorb(EstateServer& kept, EstateServer&& other) {
  kept.roles.insert(other.roles.begin(), other.roles.end());
  for (const std::string& name : other.names) add_name(kept, name);
  for (const ip::Address& address : other.addresses) add_address_to(kept, address);
  for (std::string& evidence : other.evidence) add_evidence(kept, std::move(evidence));
  if (kept.site.empty()) kept.site = std::move(other.site);
}

EstateServer& ServerList::of_host(const std::string& host) {
  const auto [place, fresh] = by_host_.try_emplace(host, next_);
  if (fresh) {
    EstateServer& server = servers_[next_++];
    server.host_name = host;
    server.names = {host};
  }
  return servers_.at(place->second);
}

EstateServer& ServerList::of_account(const Account& account) {
  const auto [place, fresh] = by_guid_.try_emplace(account.guid, next_);
  const std::uint64_t own = place->second;
  if (fresh) {
    EstateServer& server = servers_[next_++];
    server.guid = account.guid;
    server.account = account.name;
    server.operating_system = account.operating_system;
    server.operating_system_version = account.operating_system_version;
    server.disabled = account.disabled;
    server.read_only = account.read_only_controller;
    server.host_name = account.hosts.empty() ? std::string() : account.hosts.front();
  }
  EstateServer& server = servers_.at(own);
  for (const std::string& host : account.hosts) {
    add_name(server, host);
    const auto [name, unknown] = by_host_.try_emplace(host, own);
    if (unknown || name->second == own) continue;
    EstateServer& other = servers_.at(name->second);
    // A name that two accounts bear stays with the first; else what was known by the name alone is this server.
    if (!other.guid.empty()) continue;
    absorb(server, std::move(other));
    servers_.erase(name->second);
    name->second = own;
  }
  return server;
}

EstateServer& ServerList::add(const Account& account, EstateRole role, std::string evidence) {
  EstateServer& server = of_account(account);
  server.roles.insert(role);
  add_evidence(server, std::move(evidence));
  return server;
}

void ServerList::add(const std::string& host, const std::set<ip::Address>& addresses, EstateRole role, std::string evidence) {
  EstateServer& server = host.empty() ? servers_[next_++] : of_host(host);
  server.roles.insert(role);
  for (const ip::Address& address : addresses) add_address_to(server, address);
  add_evidence(server, std::move(evidence));
}

std::set<std::string> ServerList::hosts_without_account() const {
  std::set<std::string> hosts;
  for (const auto& [id, server] : servers_) {
    if (server.guid.empty() && !server.host_name.empty()) hosts.insert(server.host_name);
  }
  return hosts;
}

std::set<std::string> ServerList::hosts() const {
  std::set<std::string> hosts;
  for (const auto& [host, id] : by_host_) hosts.insert(host);
  return hosts;
}

void ServerList::join(const Account& account) { of_account(account); }

void ServerList::add_address(const std::string& host, const ip::Address& address) { add_address_to(of_host(host), address); }

std::vector<EstateServer> ServerList::take() {
  std::vector<EstateServer> list;
  for (auto& [id, server] : servers_) list.push_back(std::move(server));
  servers_.clear();
  by_host_.clear();
  by_guid_.clear();
  std::sort(list.begin(), list.end(), [](const auto& one, const auto& other) {
    return std::tie(one.host_name, one.guid, one.addresses) < std::tie(other.host_name, other.guid, other.addresses);
  });
  return list;
}

}  // namespace ipam::driver::active_directory
