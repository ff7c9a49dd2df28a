// ManagedPlaces: at which addresses and ports the managed servers are reached, so that a found server is known for a managed one.
//
// Host names of URLs are looked up by the system's resolver, as a collection does. Thread rule: one executor.
#pragma once

#include "io/resolver.h"
#include "model/managed_server.h"
#include "store/store.h"

#include <map>
#include <set>
#include <tuple>

namespace ipam::service {

class ManagedPlaces {
 public:
  // Errors: those of the store. A name that cannot be looked up now leaves its servers without a place.
  static io::Task<Result<ManagedPlaces>> find(store::Store& store, io::Resolver& resolver, io::Deadline deadline);

  // The managed server of this product at this place. `before` is what it was taken for, as by an accept: believed while that one is at this address,
  // or where it is cannot be told.
  std::optional<model::Id<model::ManagedServer>> at(model::Product product, const ip::Address& address, std::uint16_t port,
                                                    std::optional<model::Id<model::ManagedServer>> before) const;

 private:
  struct Place {
    model::Product product;
    std::string host;
    std::uint16_t port;
    model::Id<model::ManagedServer> server_id;
  };
  struct Host {
    std::vector<ip::Address> addresses;
    bool found = false;
  };

  static std::vector<Place> places_of(const model::ManagedServer& server, const std::vector<model::ServerAccess>& accesses);
  static io::Task<void> look_up(io::Resolver* resolver, const std::string* name, Host* host, io::Deadline deadline);

  std::map<std::tuple<model::Product, ip::Address, std::uint16_t>, model::Id<model::ManagedServer>> places_;
  std::set<std::pair<std::uint64_t, ip::Address>> addresses_;  // of a server
  std::set<std::uint64_t> unplaced_;
};

}  // namespace ipam::service
