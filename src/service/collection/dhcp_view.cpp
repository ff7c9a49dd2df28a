#include "service/collection/dhcp_view.h"

#include <algorithm>

namespace ipam::service {

using store::Comparison;

std::vector<ip::Range> pool_union(const std::vector<model::DhcpPool>& pools) {
  std::vector<ip::Range> ranges;
  for (const model::DhcpPool& pool : pools) {
    if (pool.delegated_length) continue;  // what is delegated is prefixes, not addresses of the scope
    if (const auto range = ip::Range::create(pool.first, pool.last); range.ok()) ranges.push_back(*range);
  }
  std::sort(ranges.begin(), ranges.end());
  std::vector<ip::Range> merged;
  for (const ip::Range& range : ranges) {
    if (merged.empty() || !merged.back().overlaps(range)) {
      merged.push_back(range);
    } else if (merged.back().last() < range.last()) {
      merged.back() = ip::Range::create(merged.back().first(), range.last()).value();
    }
  }
  return merged;
}

occupancy::Usage usage_of(const occupancy::SpaceIndex& space, const std::vector<ip::Range>& ranges) {
  occupancy::Usage sum;
  for (const ip::Range& range : ranges) {
    const occupancy::Usage part = space.usage(range);
    sum.used += part.used;
    sum.assigned += part.assigned;
    sum.reserved += part.reserved;
    sum.leased += part.leased;
    sum.capacity += part.capacity;
  }
  return sum;
}

Result<ScopeView> DhcpView::view(store::Reader& reader, model::DhcpScope scope) const {
  ScopeView view;
  const store::Value id = store::to_value(scope.id);
  IPAM_TRY(store::for_each<model::DhcpPool>(reader, {.where = {{"scope_id", Comparison::Equal, id}}, .sort = {{.column = "first"}}},
                                            [&](model::DhcpPool pool) -> Result<bool> {
                                              view.pools.push_back(std::move(pool));
                                              return true;
                                            }));
  const auto samples = IPAM_TRY(store::list<model::ScopeUtilization>(
      reader, {.where = {{"scope_id", Comparison::Equal, id}}, .sort = {{.column = "at", .descending = true}}, .limit = 1}));
  if (!samples.items.empty()) view.last = samples.items.front();
  view.usage = index_.with(scope.space_id.value, [&](const occupancy::SpaceIndex& space) { return usage_of(space, pool_union(view.pools)); })
                   .value_or(occupancy::Usage{});
  view.scope = std::move(scope);
  return view;
}

Result<store::Page<model::DhcpServer>> DhcpView::list_servers(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<model::DhcpServer>(*reader, query);
}

Result<model::DhcpServer> DhcpView::get_server(const Principal& principal, model::Id<model::DhcpServer> id) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto server = IPAM_TRY(store::find(*reader, id));
  if (!server) return Error(ErrorCode::NotFound, "there is no DHCP server with id " + id.to_string());
  return *std::move(server);
}

Result<store::Page<ScopeView>> DhcpView::list_scopes(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto scopes = IPAM_TRY(store::list<model::DhcpScope>(*reader, query));
  store::Page<ScopeView> page;
  page.next_cursor = std::move(scopes.next_cursor);
  for (model::DhcpScope& scope : scopes.items) page.items.push_back(IPAM_TRY(view(*reader, std::move(scope))));
  return page;
}

Result<ScopeView> DhcpView::get_scope(const Principal& principal, model::Id<model::DhcpScope> id) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto scope = IPAM_TRY(store::find(*reader, id));
  if (!scope) return Error(ErrorCode::NotFound, "there is no DHCP scope with id " + id.to_string());
  return view(*reader, *std::move(scope));
}

Result<std::vector<model::DhcpReservation>> DhcpView::list_reservations(const Principal& principal, model::Id<model::DhcpScope> id,
                                                                        std::size_t limit) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto page = IPAM_TRY(store::list<model::DhcpReservation>(
      *reader, {.where = {{"scope_id", Comparison::Equal, store::to_value(id)}}, .sort = {{.column = "address"}}, .limit = limit}));
  return std::move(page.items);
}

// A server may have more scopes than a query takes values.
store::Condition DhcpView::of_server(model::Id<model::ManagedServer> server) {
  return {"scope_id IN (SELECT id FROM dhcp_scope WHERE server_id = ?)", Comparison::Holds, {}, {store::to_value(server)}};
}

Result<store::Page<ReservationView>> DhcpView::list_all_reservations(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto reservations = IPAM_TRY(store::list<model::DhcpReservation>(*reader, query));
  store::Page<ReservationView> page;
  page.next_cursor = std::move(reservations.next_cursor);
  for (model::DhcpReservation& reservation : reservations.items) {
    auto scope = IPAM_TRY(store::find(*reader, reservation.scope_id));
    page.items.push_back({std::move(reservation), scope ? *std::move(scope) : model::DhcpScope{}});
  }
  return page;
}

Result<ReservationView> DhcpView::get_reservation(const Principal& principal, model::Id<model::DhcpReservation> id) {
  auto page = IPAM_TRY(list_all_reservations(principal, {.where = {{"id", Comparison::Equal, store::to_value(id)}}, .limit = 1}));
  if (page.items.empty()) return Error(ErrorCode::NotFound, "there is no DHCP reservation with id " + id.to_string());
  return std::move(page.items.front());
}

Result<std::uint64_t> DhcpView::count_all_reservations(const Principal& principal, const std::vector<store::Condition>& where) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<model::DhcpReservation>(), where);
}

Result<store::Page<model::Lease>> DhcpView::list_leases(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<model::Lease>(*reader, query);
}

Result<std::uint64_t> DhcpView::count_reservations(const Principal& principal, model::Id<model::DhcpScope> id) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<model::DhcpReservation>(), {{"scope_id", Comparison::Equal, store::to_value(id)}});
}

Result<std::uint64_t> DhcpView::count_servers(const Principal& principal, const std::vector<store::Condition>& where) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<model::DhcpServer>(), where);
}

Result<std::uint64_t> DhcpView::count_scopes(const Principal& principal, const std::vector<store::Condition>& where) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<model::DhcpScope>(), where);
}

Result<std::uint64_t> DhcpView::count_leases(const Principal& principal, const std::vector<store::Condition>& where) {
  IPAM_TRY(authorize(principal, Operation::ReadDhcp));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<model::Lease>(), where);
}

}  // namespace ipam::service
