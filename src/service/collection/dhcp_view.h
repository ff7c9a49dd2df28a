// DhcpView: what was collected of DHCP, for reading: DHCP servers, scopes with their pools, reservations and utilization, and leases.
// Errors: NotFound, PermissionDenied, Unavailable. Thread rule: any thread; each call blocks on the database for one page at most.
#pragma once

#include "ledger/ledger.h"
#include "service/access/principal.h"

namespace ipam::service {

struct ScopeView {
  model::DhcpScope scope;
  std::vector<model::DhcpPool> pools;           // ascending
  occupancy::Usage usage;                       // of the pools' union, live from the index
  std::optional<model::ScopeUtilization> last;  // the newest sample, with the server's own counters
};

struct ReservationView {
  model::DhcpReservation reservation;
  model::DhcpScope scope;
};

// The pools' addresses as disjoint ranges, ascending: pools may overlap.
std::vector<ip::Range> pool_union(const std::vector<model::DhcpPool>& pools);
occupancy::Usage usage_of(const occupancy::SpaceIndex& space, const std::vector<ip::Range>& ranges);

class DhcpView {
 public:
  DhcpView(store::Store& store, const occupancy::Index& index) : store_(store), index_(index) {}

  Result<store::Page<model::DhcpServer>> list_servers(const Principal& principal, const store::Query& query);
  Result<model::DhcpServer> get_server(const Principal& principal, model::Id<model::DhcpServer> id);
  Result<store::Page<ScopeView>> list_scopes(const Principal& principal, const store::Query& query);
  Result<ScopeView> get_scope(const Principal& principal, model::Id<model::DhcpScope> id);
  // All of one scope, at most `limit`, ascending by address.
  Result<std::vector<model::DhcpReservation>> list_reservations(const Principal& principal, model::Id<model::DhcpScope> id, std::size_t limit);
  // Narrows a query of reservations to the scopes of one server.
  static store::Condition of_server(model::Id<model::ManagedServer> server);
  // Of every scope.
  Result<store::Page<ReservationView>> list_all_reservations(const Principal& principal, const store::Query& query);
  Result<ReservationView> get_reservation(const Principal& principal, model::Id<model::DhcpReservation> id);
  Result<std::uint64_t> count_all_reservations(const Principal& principal, const std::vector<store::Condition>& where);
  Result<store::Page<model::Lease>> list_leases(const Principal& principal, const store::Query& query);
  Result<std::uint64_t> count_reservations(const Principal& principal, model::Id<model::DhcpScope> id);
  Result<std::uint64_t> count_servers(const Principal& principal, const std::vector<store::Condition>& where);
  Result<std::uint64_t> count_scopes(const Principal& principal, const std::vector<store::Condition>& where);
  Result<std::uint64_t> count_leases(const Principal& principal, const std::vector<store::Condition>& where);

 private:
  Result<ScopeView> view(store::Reader& reader, model::DhcpScope scope) const;

  store::Store& store_;
  const occupancy::Index& index_;
};

}  // namespace ipam::service
