#include "service/utilization/utilization_history.h"

#include "ledger/erase_rows.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using model::MeasuredKind;
using model::ScopeUtilization;
using model::UtilizationSample;
using store::Comparison;

std::vector<store::Condition> conditions_of(const UtilizationSample*, MeasuredObject object) {
  return {{"kind", Comparison::Equal, store::to_value(object.kind)}, {"object_id", Comparison::Equal, store::to_value(object.id)}};
}
std::vector<store::Condition> conditions_of(const ScopeUtilization*, MeasuredObject object) {
  return {{"scope_id", Comparison::Equal, store::to_value(object.id)}};
}

UtilizationSample to_sample(UtilizationSample row) { return row; }
UtilizationSample to_sample(const ScopeUtilization& row) {
  return {MeasuredKind::DhcpScope, row.scope_id.value, row.at, row.capacity, row.used, 0, row.reserved, row.leased};
}

// The newest sample up to `from`, and those after it up to `until`.
template <class Row>
Result<std::vector<UtilizationSample>> read_samples(store::Reader& reader, MeasuredObject object, Time from, Time until) {
  std::vector<store::Condition> where = conditions_of(static_cast<const Row*>(nullptr), object);
  std::vector<UtilizationSample> samples;
  where.push_back({"at", Comparison::LessOrEqual, store::to_value(from)});
  for (const Row& row : IPAM_TRY(store::list<Row>(reader, {.where = where, .sort = {{"at", true}}, .limit = 1})).items) {
    samples.push_back(to_sample(row));
  }
  where.back() = {"at", Comparison::Greater, store::to_value(from)};
  where.push_back({"at", Comparison::LessOrEqual, store::to_value(until)});
  IPAM_TRY(store::for_each<Row>(reader, {.where = where, .sort = {{"at"}}}, [&](const Row& row) -> Result<bool> {
    samples.push_back(to_sample(row));
    return true;
  }));
  return samples;
}

Result<bool> exists(store::Reader& reader, MeasuredObject object) {
  switch (object.kind) {
    case MeasuredKind::Block: return IPAM_TRY(store::find(reader, model::Id<model::Block>{object.id})).has_value();
    case MeasuredKind::Subnet: return IPAM_TRY(store::find(reader, model::Id<model::Subnet>{object.id})).has_value();
    case MeasuredKind::Range: return IPAM_TRY(store::find(reader, model::Id<model::Range>{object.id})).has_value();
    case MeasuredKind::DhcpScope: break;
  }
  return IPAM_TRY(store::find(reader, model::Id<model::DhcpScope>{object.id})).has_value();
}

// Whether another sample of the object comes after this one, so that this one holds no more.
constexpr std::string_view kPlanSurpassed =
    "EXISTS (SELECT 1 FROM utilization_sample AS later WHERE later.kind = utilization_sample.kind AND later.object_id = utilization_sample.object_id "
    "AND later.at > utilization_sample.at AND later.at <= ?)";
constexpr std::string_view kScopeSurpassed =
    "EXISTS (SELECT 1 FROM scope_utilization AS later WHERE later.scope_id = scope_utilization.scope_id AND later.at > scope_utilization.at AND "
    "later.at <= ?)";

}  // namespace

Result<std::vector<UtilizationSample>> UtilizationHistory::samples_of(MeasuredObject object, Time from, Time until) {
  const auto reader = IPAM_TRY(store_.open_reader());
  auto samples = object.kind == MeasuredKind::DhcpScope ? IPAM_TRY(read_samples<ScopeUtilization>(*reader, object, from, until))
                                                        : IPAM_TRY(read_samples<UtilizationSample>(*reader, object, from, until));
  if (samples.empty() && !IPAM_TRY(exists(*reader, object))) {
    std::string name = model::enum_to_text(object.kind);
    for (char& c : name) c = c == '_' ? ' ' : c;
    return Error(ErrorCode::NotFound, fmt::format("there is no {} with id {}", name, object.id));
  }
  return samples;
}

Result<std::vector<TrendBucket>> UtilizationHistory::trend(const Principal& principal, MeasuredObject object, Time from, Time until,
                                                           std::size_t buckets) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  if (buckets < 1 || buckets > kMaxBuckets) return Error::field("/buckets", fmt::format("must be within 1 and {}", kMaxBuckets));
  if (until <= from) return Error::field("/until", "must come after from");
  const auto samples = IPAM_TRY(samples_of(object, from, until));
  return trend_of(samples, from, until, buckets, clock_.now());
}

Result<forecast::Forecast> UtilizationHistory::forecast(const Principal& principal, MeasuredObject object, const forecast::Options& options) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  if (!(options.level > 0) || options.level > 1) return Error::field("/level", "must be above 0 and at most 100 percent");
  const Time now = clock_.now();
  const auto samples = IPAM_TRY(samples_of(object, now - std::chrono::hours(24 * forecast::kMostSpan), now));
  const auto peaks = peaks_of(samples, now);
  return forecast::forecast(peaks, options);
}

io::Task<Result<std::uint64_t>> UtilizationHistory::purge(Principal principal, Time before) {
  IPAM_CO_CHECK(authorize(principal, Operation::PurgeUtilization));
  if (before > clock_.now()) co_return Error::field("/before", "must not lie in the future");
  const auto surpassed = [before](std::string_view condition) {
    return store::Query{
        .where = {{"at", Comparison::Less, store::to_value(before)}, {std::string(condition), Comparison::Holds, {}, {store::to_value(before)}}},
        .sort = {{"at"}}};
  };
  const store::Query plan = surpassed(kPlanSurpassed);
  const store::Query scopes = surpassed(kScopeSurpassed);
  const io::Deadline deadline = io::Deadline::never();
  IPAM_CO_TRY(const std::uint64_t of_plan, co_await ledger::erase_rows<UtilizationSample>(store_, ledger_, database_, plan, deadline));
  IPAM_CO_TRY(const std::uint64_t of_scopes, co_await ledger::erase_rows<ScopeUtilization>(store_, ledger_, database_, scopes, deadline));
  co_return of_plan + of_scopes;
}

}  // namespace ipam::service
