#include "service/discovery/managed_places.h"

#include "client/http/url.h"
#include "io/task_group.h"

namespace ipam::service {
namespace {

constexpr std::size_t kLookUpsAtOnce = 8;
constexpr Duration kLookUp = std::chrono::seconds(5);
constexpr Duration kAllLookUps = std::chrono::minutes(1);
constexpr std::string_view kDnsScheme = "dns://";
constexpr std::uint16_t kDnsPort = 53;

std::optional<std::pair<std::string, std::uint16_t>> place_of(const std::string& url) {
  const bool dns = url.starts_with(kDnsScheme);
  const std::string rest = dns ? url.substr(kDnsScheme.size()) : std::string();
  const auto parsed = client::http::Url::parse(dns ? "http://" + rest : url);
  if (!parsed.ok()) return std::nullopt;
  // The port of a name server that names none is DNS's, not HTTP's.
  const std::string after_host = rest.starts_with('[') ? rest.substr(rest.find(']') + 1) : rest;
  const bool named = after_host.find(':') != std::string::npos;
  return std::pair{parsed->host, dns && !named ? kDnsPort : parsed->port};
}

}  // namespace

std::vector<ManagedPlaces::Place> ManagedPlaces::places_of(const model::ManagedServer& server, const std::vector<model::ServerAccess>& accesses) {
  std::vector<Place> places;
  const auto add = [&](const std::string& url) {
    if (const auto place = place_of(url)) places.push_back({server.product, place->first, place->second, server.id});
  };
  add(server.url);
  for (const model::ServerAccess& access : accesses) {
    if (access.server_id == server.id && access.kind == model::AccessKind::Dns) add(access.url);
  }
  return places;
}

io::Task<void> ManagedPlaces::look_up(io::Resolver* resolver, const std::string* name, Host* host, io::Deadline deadline) {
  const auto endpoints = co_await resolver->resolve(*name, 1, deadline.at_most(kLookUp));
  if (!endpoints.ok()) co_return;
  host->found = true;
  for (const io::Endpoint& endpoint : *endpoints) {
    if (const auto address = ip::Address::parse(endpoint.address); address.ok()) host->addresses.push_back(address->unmapped());
  }
}

io::Task<Result<ManagedPlaces>> ManagedPlaces::find(store::Store& store, io::Resolver& resolver, io::Deadline deadline) {
  std::vector<Place> places;
  std::map<std::string, Host> hosts;
  {
    IPAM_CO_TRY(const auto reader, store.open_reader());
    IPAM_CO_TRY(const auto servers, store::list<model::ManagedServer>(*reader, {.limit = store::kEveryRow - 1}));
    IPAM_CO_TRY(const auto accesses, store::list<model::ServerAccess>(*reader, {.limit = store::kEveryRow - 1}));
    for (const model::ManagedServer& server : servers.items) {
      for (Place& place : places_of(server, accesses.items)) places.push_back(std::move(place));
    }
  }
  for (const Place& place : places) hosts[place.host];
  const io::Executor executor = co_await io::current_executor();
  const io::Deadline all = deadline.at_most(kAllLookUps);
  io::TaskGroup group(executor, kLookUpsAtOnce);
  for (auto& [name, host] : hosts) group.start(look_up(&resolver, &name, &host, all));
  IPAM_CO_CHECK(co_await group.wait());
  ManagedPlaces found;
  for (const Place& place : places) {
    const Host& host = hosts[place.host];
    if (!host.found) found.unplaced_.insert(place.server_id.value);
    for (const ip::Address& address : host.addresses) {
      found.places_.try_emplace({place.product, address, place.port}, place.server_id);
      found.addresses_.insert({place.server_id.value, address});
    }
  }
  co_return found;
}

std::optional<model::Id<model::ManagedServer>> ManagedPlaces::at(model::Product product, const ip::Address& address, std::uint16_t port,
                                                                 std::optional<model::Id<model::ManagedServer>> before) const {
  if (const auto place = places_.find({product, address, port}); place != places_.end()) return place->second;
  if (before && (unplaced_.contains(before->value) || addresses_.contains({before->value, address}))) return before;
  return std::nullopt;
}

}  // namespace ipam::service
