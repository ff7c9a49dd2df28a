#include "service/discovery/merge.h"

namespace ipam::service {
namespace {

using model::DiscoveredServer;
using model::DiscoveryState;
using Key = std::tuple<ip::Address, std::uint16_t, model::Product>;

Key key_of(const DiscoveredServer& server) { return {server.address, server.port, server.product}; }

void take_place(DiscoveredServer& server, const ManagedPlaces& places) {
  server.server_id = places.at(server.product, server.address, server.port, server.server_id);
}

DiscoveredServer seen(const Finding& finding, const DiscoveredServer* before, const ManagedPlaces& places, Time now) {
  DiscoveredServer server = before != nullptr ? *before : DiscoveredServer{};
  server.address = finding.probe.address;
  server.port = finding.probe.port;
  server.product = finding.recognition.product;
  server.endpoint = finding.probe.endpoint;
  server.version = finding.recognition.version;
  server.evidence = finding.recognition.evidence;
  server.target_id = finding.target_id;
  if (before == nullptr) server.first_seen = now;
  server.last_seen = now;
  take_place(server, places);
  server.state = server.server_id ? DiscoveryState::Managed : before != nullptr ? DiscoveryState::Known : DiscoveryState::New;
  return server;
}

// One that was not found: gone if its whole target was looked at; else only whether it is managed may have changed.
DiscoveredServer missed(DiscoveredServer server, bool looked_at, const ManagedPlaces& places) {
  take_place(server, places);
  if (looked_at || server.state == DiscoveryState::Gone) {
    server.state = DiscoveryState::Gone;
  } else if (server.server_id) {
    server.state = DiscoveryState::Managed;
  } else if (server.state == DiscoveryState::Managed) {
    server.state = DiscoveryState::Known;
  }
  return server;
}

}  // namespace

DiscoveryMerge merge_discovery(const std::vector<DiscoveredServer>& stored, const std::vector<Finding>& findings,
                               const std::set<std::uint64_t>& complete, const ManagedPlaces& places, Time now, Duration forget_after) {
  std::map<Key, const DiscoveredServer*> known;
  for (const DiscoveredServer& server : stored) known.emplace(key_of(server), &server);
  DiscoveryMerge merge;
  std::set<Key> found;
  for (const Finding& finding : findings) {
    const Key key{finding.probe.address, finding.probe.port, finding.recognition.product};
    if (!found.insert(key).second) continue;
    const auto before = known.find(key);
    const DiscoveredServer* stored_row = before != known.end() ? before->second : nullptr;
    const DiscoveredServer server = seen(finding, stored_row, places, now);
    ++merge.found;
    merge.fresh += server.state == DiscoveryState::New ? 1 : 0;
    merge.managed += server.state == DiscoveryState::Managed ? 1 : 0;
    merge.put.push_back({server, stored_row != nullptr ? stored_row->server_id : std::nullopt});
  }
  for (const DiscoveredServer& before : stored) {
    if (found.contains(key_of(before))) continue;
    const DiscoveredServer after = missed(before, complete.contains(before.target_id.value), places);
    if (after.state == DiscoveryState::Gone && now - after.last_seen > forget_after) {
      merge.forgotten.push_back(after);
    } else if (!(after == before)) {
      merge.gone += after.state == DiscoveryState::Gone && before.state != DiscoveryState::Gone ? 1 : 0;
      merge.put.push_back({after, before.server_id});
    }
  }
  return merge;
}

}  // namespace ipam::service
