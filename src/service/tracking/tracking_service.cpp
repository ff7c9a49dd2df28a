#include "service/tracking/tracking_service.h"

#include "crypto/random.h"
#include "service/tracking/lease_history.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using model::LeaseEnding;
using model::LeaseInterval;
using store::Comparison;

// More than any address has in the time that is kept; what a hostile server makes of it is cut off.
constexpr std::size_t kMaxOfAnAddress = 10'000;

void add_holder(std::vector<Holder>& holders, Certainty certainty, std::string reason, LeaseInterval interval) {
  const auto same =
      std::find_if(holders.begin(), holders.end(), [&](const Holder& each) { return is_same_client(each.intervals.front(), interval); });
  if (same == holders.end()) {
    holders.push_back({certainty, std::move(reason), {std::move(interval)}});
    return;
  }
  // The surer server speaks for both.
  if (certainty < same->certainty) {
    same->certainty = certainty;
    same->reason = std::move(reason);
    same->intervals.insert(same->intervals.begin(), std::move(interval));
  } else {
    same->intervals.push_back(std::move(interval));
  }
}

Result<std::vector<TrackingSource>> sources_of(store::Reader& reader, model::Id<model::AddressSpace> space) {
  const store::Query here{.where = {{"space_id", Comparison::Equal, store::to_value(space)}}, .sort = {{"name"}}};
  std::vector<TrackingSource> sources;
  IPAM_TRY(store::for_each<model::ManagedServer>(reader, here, [&](const model::ManagedServer& server) -> Result<bool> {
    if (model::serves_dhcp(server.product)) sources.push_back({server.id, server.name, std::nullopt});
    return true;
  }));
  for (TrackingSource& source : sources) {
    const auto status = IPAM_TRY(store::find_where<model::ServerStatus>(reader, {{"id", Comparison::Equal, store::to_value(source.server_id)}}));
    if (status) source.complete_until = status->leases_collected_at;
  }
  return sources;
}

std::optional<Time> complete_until(const std::vector<TrackingSource>& sources, model::Id<model::ManagedServer> server) {
  const auto source = std::find_if(sources.begin(), sources.end(), [&](const TrackingSource& each) { return each.server_id == server; });
  return source == sources.end() ? std::nullopt : source->complete_until;
}

}  // namespace

std::optional<std::pair<Certainty, std::string>> certainty_at(const LeaseInterval& interval, Time at, std::optional<Time> complete_until) {
  using Answer = std::optional<std::pair<Certainty, std::string>>;
  if (at <= interval.renewed_at) return Answer({Certainty::Certain, {}});
  if (interval.ended_at) {
    if (at >= *interval.ended_at) return std::nullopt;
    if (interval.ending == LeaseEnding::Expired) return Answer({Certainty::Likely, "its lease was running; it was not renewed again"});
    return Answer({Certainty::Possible, fmt::format("between {} and {} the lease {}; when exactly is not known", format_time(interval.renewed_at),
                                                    format_time(*interval.ended_at),
                                                    interval.ending == LeaseEnding::Released   ? "was released"
                                                    : interval.ending == LeaseEnding::Replaced ? "passed to another client"
                                                    : interval.ending == LeaseEnding::Declined ? "was declined"
                                                                                               : "went from the server")});
  }
  if (at <= interval.expires_at) {
    const bool was_read_since = complete_until && *complete_until >= at;
    if (was_read_since) return Answer({Certainty::Likely, "its lease was running, and the server had it still when it was read later"});
    return Answer({Certainty::Likely, "its lease was running; the server was not read since"});
  }
  if (complete_until && *complete_until > interval.expires_at) return std::nullopt;
  return Answer({Certainty::Possible,
                 fmt::format("its lease ran out at {} unless it was renewed, and the server was not read since", format_time(interval.expires_at))});
}

Result<WhoHeld> TrackingService::who_held(const Principal& principal, model::Id<model::AddressSpace> space, const ip::Address& address, Time at) {
  IPAM_TRY(authorize(principal, Operation::ReadTracking));
  const auto reader = IPAM_TRY(store_.open_reader());
  WhoHeld answer;
  answer.sources = IPAM_TRY(sources_of(*reader, space));
  store::Query query{.where = {{"address", Comparison::Equal, store::to_value(address)},
                               {"space_id", Comparison::Equal, store::to_value(space)},
                               {"began_at", Comparison::LessOrEqual, store::to_value(at)}},
                     .sort = {{.column = "began_at", .descending = true}},
                     .limit = kMaxOfAnAddress};
  for (LeaseInterval& interval : IPAM_TRY(store::list<LeaseInterval>(*reader, query)).items) {
    auto certainty = certainty_at(interval, at, complete_until(answer.sources, interval.server_id));
    if (certainty) add_holder(answer.holders, certainty->first, std::move(certainty->second), std::move(interval));
  }
  std::stable_sort(answer.holders.begin(), answer.holders.end(), [](const Holder& a, const Holder& b) { return a.certainty < b.certainty; });
  return answer;
}

Result<store::Page<LeaseInterval>> TrackingService::list_intervals(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadTracking));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<LeaseInterval>(*reader, query);
}

Result<store::Page<model::TrackingQuery>> TrackingService::list_queries(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadTracking));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<model::TrackingQuery>(*reader, query);
}

Result<std::uint64_t> TrackingService::count_queries(const Principal& principal, const std::vector<store::Condition>& where) {
  IPAM_TRY(authorize(principal, Operation::ReadTracking));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<model::TrackingQuery>(), where);
}

io::Task<Result<void>> TrackingService::record(Principal principal, std::string question, std::string purpose, std::uint64_t answers,
                                               model::ChangeContext request) {
  model::TrackingQuery query;
  query.id.value = crypto::random_number() >> 2U;
  query.at = clock_.now();
  query.user_name = principal.user_name;
  query.question = std::move(question);
  query.purpose = std::move(purpose);
  query.request_id = request.request_id;
  query.answers = answers;
  ledger::Work work = [query](ledger::Transaction& transaction) -> Result<void> {
    transaction.put_row(query);
    return {};
  };
  IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Interactive, work));
  co_return Result<void>();
}

}  // namespace ipam::service
