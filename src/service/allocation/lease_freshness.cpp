#include "service/allocation/lease_freshness.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace ipam::service {
namespace {

using model::Id;
using store::Comparison;

}  // namespace

Result<std::vector<ip::Prefix>> LeaseFreshness::served(Id<model::AddressSpace> space, const std::vector<ip::Address>& places) const {
  return index_.with(space.value, [&](const occupancy::SpaceIndex& now) {
    std::set<ip::Prefix> served;
    std::optional<ip::Prefix> last;
    for (const ip::Address& place : places) {
      if (last && last->contains(place)) continue;
      const auto found = now.longest_match(place, occupancy::PrefixKind::Subnet);
      if (found) last = found->prefix;
      // Most subnets have no DHCP pool: the index says so without asking the database.
      if (found && !now.ranges_overlapping(found->prefix, 1).empty()) served.insert(found->prefix);
    }
    return std::vector<ip::Prefix>(served.begin(), served.end());
  });
}

Result<std::vector<LeaseFreshness::Source>> LeaseFreshness::sources(Id<model::AddressSpace> space, const std::vector<ip::Prefix>& subnets) const {
  std::map<std::uint64_t, Source> found;
  const auto reader = IPAM_TRY(store_.open_reader());
  for (const ip::Prefix& subnet : subnets) {
    const ip::Prefix last = ip::Prefix::containing(subnet.last(), ip::bit_count(subnet.family()));
    const std::vector<store::Condition> where{{"space_id", Comparison::Equal, store::to_value(space)},
                                              {"prefix", Comparison::GreaterOrEqual, store::to_value(subnet)},
                                              {"prefix", Comparison::LessOrEqual, store::to_value(last)}};
    const auto scopes = IPAM_TRY(store::list<model::DhcpScope>(*reader, {.where = where, .limit = 100}));
    for (const model::DhcpScope& scope : scopes.items) {
      if (found.contains(scope.server_id.value)) continue;
      const Id<model::ServerStatus> status_id{scope.server_id.value};
      const auto status = IPAM_TRY(store::find_where<model::ServerStatus>(*reader, {{"id", Comparison::Equal, store::to_value(status_id)}}));
      found[scope.server_id.value] = {scope.server_id, status ? status->leases_collected_at : std::nullopt};
    }
  }
  std::vector<Source> all;
  for (const auto& [id, source] : found) all.push_back(source);
  return all;
}

Result<std::optional<Time>> LeaseFreshness::oldest(Id<model::AddressSpace> space, const std::vector<ip::Prefix>& subnets) const {
  std::optional<Time> oldest;
  if (subnets.empty()) return oldest;
  for (const Source& source : IPAM_TRY(sources(space, subnets))) {
    if (source.collected_at && (!oldest || *source.collected_at < *oldest)) oldest = source.collected_at;
  }
  return oldest;
}

Result<std::vector<LeaseFreshness::Source>> LeaseFreshness::stale(Id<model::AddressSpace> space, const std::vector<ip::Prefix>& subnets,
                                                                  Duration most) const {
  std::vector<Source> stale;
  const Time now = clock_->now();
  for (const Source& source : IPAM_TRY(sources(space, subnets))) {
    if (!source.collected_at || now - *source.collected_at > most) stale.push_back(source);
  }
  return stale;
}

Error LeaseFreshness::refusal(const Source& source, const std::string& name, Duration most) const {
  const std::string age = source.collected_at
                              ? "are " + format_duration(std::chrono::floor<std::chrono::seconds>(clock_->now() - *source.collected_at)) + " old"
                              : std::string("were never read");
  return {ErrorCode::Stale, fmt::format("the leases of DHCP server {} {}, at most {} is asked for; collect them, or ask with refresh", name, age,
                                        format_duration(most))};
}

io::Task<Result<void>> LeaseFreshness::ensure(Id<model::AddressSpace> space, std::vector<ip::Prefix> subnets, Duration most,
                                              WhenStale when_stale) const {
  if (clock_ == nullptr) co_return Error(ErrorCode::Unsupported, "this server cannot tell how old lease data is");
  IPAM_CO_TRY(const std::vector<Source> found, stale(space, subnets, most));
  const io::Deadline deadline = io::Deadline::after(kCollectingPatience);
  for (const Source& source : found) {
    IPAM_CO_TRY(const auto reader, store_.open_reader());
    IPAM_CO_TRY(const auto server, store::find(*reader, source.server));
    if (!server) continue;  // it went meanwhile, and its leases with it
    if (when_stale == WhenStale::Refuse) co_return refusal(source, server->name, most);
    const auto collected = co_await collect_(*server, deadline);
    if (!collected.ok()) {
      co_return Error(ErrorCode::Stale,
                      fmt::format("the leases of DHCP server {} are too old and cannot be read now: {}", server->name, collected.error().message));
    }
  }
  if (found.empty() || when_stale == WhenStale::Refuse) co_return Result<void>{};
  IPAM_CO_TRY(const std::vector<Source> left, stale(space, subnets, most));
  if (left.empty()) co_return Result<void>{};
  co_return refusal(left.front(), left.front().server.to_string(), most);
}

}  // namespace ipam::service
