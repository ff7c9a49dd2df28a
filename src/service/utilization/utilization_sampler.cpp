#include "service/utilization/utilization_sampler.h"

#include "base/log.h"
#include "ledger/erase_rows.h"

#include <absl/hash/hash.h>
#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using model::MeasuredKind;
using model::ScopeUtilization;
using model::UtilizationSample;
using store::Comparison;

constexpr std::size_t kObjectsAStep = 5'000;
constexpr std::size_t kRowsAStep = 500;

template <class T>
constexpr MeasuredKind kind_of() {
  if constexpr (std::is_same_v<T, model::Block>) return MeasuredKind::Block;
  if constexpr (std::is_same_v<T, model::Subnet>) return MeasuredKind::Subnet;
  return MeasuredKind::Range;
}

double percent_of(const UtilizationSample& sample) {
  occupancy::Usage usage;
  usage.used = sample.used;
  usage.capacity = sample.capacity;
  return percent_used(usage);
}

std::uint64_t digest_of(const UtilizationSample& sample) {
  return absl::HashOf(sample.capacity, sample.used, sample.assigned, sample.reserved, sample.leased, sample.networks, sample.networks_used);
}

// The time between two thinnings that is looked at together.
constexpr Duration kSlice = std::chrono::hours(24);

std::pair<MeasuredKind, std::uint64_t> group_of(const UtilizationSample& row) { return {row.kind, row.object_id}; }
std::uint64_t group_of(const ScopeUtilization& row) { return row.scope_id.value; }

std::vector<store::SortKey> order_of(const UtilizationSample*) { return {{"kind"}, {"object_id"}, {"at"}}; }
std::vector<store::SortKey> order_of(const ScopeUtilization*) { return {{"scope_id"}, {"at"}}; }

}  // namespace

io::Task<Result<std::string>> UtilizationSampler::run(io::Deadline deadline) {
  const Time now = clock_.now();
  crossings_ = 0;
  if (!newest_known_) {
    const auto read = [this] { return read_newest(); };
    IPAM_CO_TRY(Digests newest, co_await database_.run(read, deadline));
    *newest_.lock() = std::move(newest);
    newest_known_ = true;
  }
  IPAM_CO_TRY(const std::uint64_t blocks, co_await sample_all<model::Block>(now, deadline));
  IPAM_CO_TRY(const std::uint64_t subnets, co_await sample_all<model::Subnet>(now, deadline));
  IPAM_CO_TRY(const std::uint64_t ranges, co_await sample_all<model::Range>(now, deadline));
  const std::string of_plan = "utilization_sample thinned";
  const std::string of_scopes = "scope_utilization thinned";
  IPAM_CO_TRY(const std::uint64_t thinned, co_await thin<UtilizationSample>(of_plan, now, deadline));
  IPAM_CO_TRY(const std::uint64_t thinned_scopes, co_await thin<ScopeUtilization>(of_scopes, now, deadline));
  std::string text = fmt::format("utilization changed of {}, {} and {}; {} thinned out", count_of(blocks, "block"), count_of(subnets, "subnet"),
                                 count_of(ranges, "range"), count_of(thinned + thinned_scopes, "old sample"));
  if (crossings_ > 0) text += fmt::format("; {} crossed", count_of(crossings_, "threshold"));
  co_return text;
}

Result<UtilizationSampler::Digests> UtilizationSampler::read_newest() const {
  const auto reader = IPAM_TRY(store_.open_reader());
  Digests newest;
  constexpr std::string_view kNewest =
      "SELECT kind, object_id, at, capacity, used, assigned, reserved, leased, networks, networks_used FROM utilization_sample AS sample WHERE at = "
      "(SELECT max(at) FROM "
      "utilization_sample AS other WHERE other.kind = sample.kind AND other.object_id = sample.object_id)";
  IPAM_TRY(reader->query(kNewest, {}, [&](const store::Row& row) -> Result<bool> {
    const auto sample = IPAM_TRY(store::from_row<UtilizationSample>(row));
    newest[{sample.kind, sample.object_id}] = {digest_of(sample), percent_of(sample)};
    return true;
  }));
  return newest;
}

template <class T>
Result<UtilizationSampler::Measured> UtilizationSampler::measure(std::uint64_t last_id, Time now) const {
  const auto reader = IPAM_TRY(store_.open_reader());
  const auto page =
      IPAM_TRY(store::list<T>(*reader, {.where = {{"id", Comparison::Greater, store::to_value(last_id)}}, .sort = {{"id"}}, .limit = kObjectsAStep}));
  Measured measured;
  std::map<std::uint64_t, std::optional<occupancy::SpaceIndex>> spaces;
  const auto newest = newest_.lock();
  for (const T& object : page.items) {
    const auto [space, fresh] = spaces.try_emplace(object.space_id.value);
    if (fresh) space->second = index_.snapshot(object.space_id.value);
    if (!space->second) continue;  // it went meanwhile
    const occupancy::Usage usage = usage_of(*space->second, object);
    UtilizationSample sample;
    sample.kind = kind_of<T>();
    sample.object_id = object.id.value;
    sample.at = now;
    sample.capacity = ip::saturate_to_u64(usage.capacity);
    sample.used = ip::saturate_to_u64(usage.used);
    sample.assigned = ip::saturate_to_u64(usage.assigned);
    sample.reserved = ip::saturate_to_u64(usage.reserved);
    sample.leased = ip::saturate_to_u64(usage.leased);
    sample.networks = usage.networks;
    sample.networks_used = usage.networks_used;
    const auto known = newest->find(Key{sample.kind, sample.object_id});
    if (known != newest->end() && known->second.digest == digest_of(sample)) continue;
    measured.changed.push_back(sample);
    if (known == newest->end()) continue;
    const Fullness before = fullness_of(known->second.percent, thresholds_, object.under_percent, object.over_percent);
    const Fullness after = fullness_of(percent_of(sample), thresholds_, object.under_percent, object.over_percent);
    if (before != after) measured.crossings.push_back({sample.kind, model::display_name(object), before, after, percent_of(sample)});
  }
  if (page.items.size() == kObjectsAStep) measured.last_id = page.items.back().id.value;
  return measured;
}

template <class T>
io::Task<Result<std::uint64_t>> UtilizationSampler::sample_all(Time now, io::Deadline deadline) {
  std::uint64_t changed = 0;
  std::uint64_t last_id = 0;
  do {
    const auto step = [this, last_id, now] { return measure<T>(last_id, now); };
    IPAM_CO_TRY(const Measured measured, co_await database_.run(step, deadline));
    const std::vector<UtilizationSample>& samples = measured.changed;
    last_id = measured.last_id;
    for (std::size_t first = 0; first < samples.size(); first += kRowsAStep) {
      const std::size_t last = std::min(first + kRowsAStep, samples.size());
      const std::vector<UtilizationSample> part(samples.begin() + static_cast<std::ptrdiff_t>(first),
                                                samples.begin() + static_cast<std::ptrdiff_t>(last));
      ledger::Work put = [part](Transaction& transaction) -> Result<void> {
        for (const UtilizationSample& sample : part) transaction.put_row(sample);
        return {};
      };
      IPAM_CO_CHECK(co_await ledger_.commit(Priority::Bulk, put));
      const auto newest = newest_.lock();
      for (const UtilizationSample& sample : part) (*newest)[{sample.kind, sample.object_id}] = {digest_of(sample), percent_of(sample)};
      changed += part.size();
    }
    tell(measured.crossings);
  } while (last_id != 0);
  co_return changed;
}

void UtilizationSampler::tell(const std::vector<Crossing>& crossings) {
  for (const Crossing& crossing : crossings) {
    if (++crossings_ > kToldInOneRun) continue;
    const std::string percent = fmt::format("{:.1f}", crossing.percent);
    const log::Fields fields{{"kind", model::enum_to_text(crossing.kind)},
                             {"name", crossing.name},
                             {"percent", percent},
                             {"before", model::enum_to_text(crossing.before)},
                             {"now", model::enum_to_text(crossing.after)}};
    if (crossing.after == Fullness::Over) {
      log::warning("IPAM-4032 utilization is over its threshold", fields);
    } else {
      log::info("utilization crossed a threshold", fields);
    }
  }
}

template <class Row>
io::Task<Result<std::uint64_t>> UtilizationSampler::thin(std::string counter, Time now, io::Deadline deadline) {
  const Time until = std::chrono::floor<std::chrono::days>(now - kWhole);
  const auto read_start = [this, counter]() -> Result<Time> {
    const auto reader = IPAM_TRY(store_.open_reader());
    const auto done = IPAM_TRY(store::find_where<store::Counter>(*reader, {{"name", Comparison::Equal, counter}}));
    if (done) return Time(Duration(done->value));
    const auto oldest = IPAM_TRY(store::list<Row>(*reader, {.sort = {{"at"}}, .limit = 1}));
    return oldest.items.empty() ? Time{} : std::chrono::floor<std::chrono::days>(oldest.items.front().at);
  };
  IPAM_CO_TRY(Time at, co_await database_.run(read_start, deadline));
  std::uint64_t removed = 0;
  if (at == Time{}) co_return removed;
  while (at < until) {
    const Time end = std::min(at + kSlice, until);
    const auto read_surplus = [this, at, end]() -> Result<std::vector<Row>> {
      const auto reader = IPAM_TRY(store_.open_reader());
      std::vector<Row> rows;
      const std::vector<store::Condition> slice{{"at", Comparison::GreaterOrEqual, store::to_value(at)},
                                                {"at", Comparison::Less, store::to_value(end)}};
      IPAM_TRY(store::for_each<Row>(*reader, {.where = slice, .sort = order_of(static_cast<const Row*>(nullptr))}, [&](Row row) -> Result<bool> {
        rows.push_back(std::move(row));
        return true;
      }));
      return surplus_of(rows, [](const Row& row) { return group_of(row); });
    };
    IPAM_CO_TRY(const std::vector<Row> surplus, co_await database_.run(read_surplus, deadline));
    for (std::size_t first = 0; first <= surplus.size(); first += kRowsAStep) {
      const std::size_t last = std::min(first + kRowsAStep, surplus.size());
      const std::vector<Row> part(surplus.begin() + static_cast<std::ptrdiff_t>(first), surplus.begin() + static_cast<std::ptrdiff_t>(last));
      const bool whole = last == surplus.size();
      ledger::Work erase = [part, whole, counter, end](Transaction& transaction) -> Result<void> {
        for (const Row& row : part) transaction.erase_row<Row>(ledger::key_of(row));
        if (whole) transaction.put_row(store::Counter{counter, end.time_since_epoch().count()});
        return {};
      };
      IPAM_CO_CHECK(co_await ledger_.commit(Priority::Bulk, erase));
      removed += part.size();
      if (whole) break;
    }
    at = end;
  }
  const store::Query too_old{.where = {{"at", Comparison::Less, store::to_value(now - kKept)}}, .sort = {{"at"}}};
  IPAM_CO_TRY(const std::uint64_t gone, co_await ledger::erase_rows<Row>(store_, ledger_, database_, too_old, deadline));
  co_return removed + gone;
}

}  // namespace ipam::service
