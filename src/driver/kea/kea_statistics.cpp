#include "driver/kea/kea_statistics.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/kea_answer.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <limits>
#include <map>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

struct Counters {
  std::optional<std::int64_t> total;
  std::optional<std::int64_t> assigned;
  std::optional<std::int64_t> declined;
};
using CountersByScope = std::map<std::uint64_t, Counters>;

std::optional<std::int64_t>* counter_named(Counters& counters, std::string_view name) {
  if (name == "total-addresses" || name == "total-nas") return &counters.total;
  if (name == "assigned-addresses" || name == "assigned-nas") return &counters.assigned;
  if (name == "declined-addresses" || name == "declined-nas") return &counters.declined;
  return nullptr;
}

// A DHCPv6 scope may have more addresses than Kea's counter can tell: it has then wrapped round below zero, or (since Kea 2.4) outgrows 64 bits.
constexpr std::int64_t kUncountable = std::numeric_limits<std::int64_t>::max();

Result<std::int64_t> whole_number(const json::value& value, std::string_view name) {
  if (value.is_int64()) return value.get_int64() < 0 && name.ends_with("total-nas") ? kUncountable : value.get_int64();
  const bool beyond_64_bits = value.is_uint64() || (value.is_double() && value.get_double() > 9e18);
  if (beyond_64_bits && name.ends_with("total-nas")) return kUncountable;
  return Error(ErrorCode::Malformed, fmt::format("\"{}\" has no whole number", shorten(name, kQuotedBytes)));
}

// A statistic is an array of samples, the latest first; a sample is [value, time].
Result<std::int64_t> latest(const json::value& samples, std::string_view name) {
  const json::array* list = samples.if_array();
  const json::array* sample = list == nullptr || list->empty() ? nullptr : list->front().if_array();
  if (sample == nullptr || sample->empty()) return Error(ErrorCode::Malformed, fmt::format("\"{}\" has no sample", shorten(name, kQuotedBytes)));
  return whole_number(sample->front(), name);
}

Error too_many(const Limits& limits) {
  return {ErrorCode::Malformed, fmt::format("counters of more than {} scopes, which is more than is read", limits.scopes)};
}

Result<CountersByScope> read_named(const Answer& answer, const Limits& limits) {
  CountersByScope scopes;
  if (answer.outcome == Outcome::Empty) return scopes;
  for (const auto& [key, samples] : *IPAM_TRY(as_object(answer.arguments, "\"arguments\""))) {
    // "subnet[7].assigned-addresses"; since Kea 2.4 also "subnet[7].pool[0].assigned-addresses", which is not of interest.
    const std::string_view name(key.data(), key.size());
    const auto end = name.find("].");
    if (!name.starts_with("subnet[") || end == std::string_view::npos) continue;
    const auto id = parse_integer<std::uint64_t>(name.substr(7, end - 7), 1, 0xFFFFFFFFU);
    Counters ignored;
    if (!id || counter_named(ignored, name.substr(end + 2)) == nullptr) continue;
    *counter_named(scopes[*id], name.substr(end + 2)) = IPAM_TRY(latest(samples, name));
    if (scopes.size() > limits.scopes) return too_many(limits);
  }
  return scopes;
}

// {"result-set": {"columns": ["subnet-id", …], "rows": [[1, …], …]}}: the columns stand in any order.
Result<CountersByScope> read_table(const Answer& answer, const Limits& limits) {
  CountersByScope scopes;
  if (answer.outcome == Outcome::Empty) return scopes;
  const json::object* arguments = IPAM_TRY(as_object(answer.arguments, "\"arguments\""));
  const json::value* table = find_field(*arguments, "result-set");
  if (table == nullptr) return Error(ErrorCode::Malformed, "field \"result-set\" is missing");
  const json::array* columns = IPAM_TRY(array_field(*IPAM_TRY(as_object(*table, "\"result-set\"")), "columns"));
  for (const json::value& item : *IPAM_TRY(array_field(table->get_object(), "rows"))) {
    const json::array* row = item.if_array();
    if (row == nullptr || row->size() != columns->size()) return Error(ErrorCode::Malformed, "a row has not as many values as there are columns");
    if (scopes.size() >= limits.scopes) return too_many(limits);
    Counters counters;
    std::int64_t id = 0;
    for (std::size_t i = 0; i < row->size(); ++i) {
      const json::string* column = (*columns)[i].if_string();
      if (column == nullptr) return Error(ErrorCode::Malformed, "a column's name is no text");
      const std::string_view name(column->data(), column->size());
      if (name == "subnet-id") id = IPAM_TRY(whole_number((*row)[i], name));
      if (auto* counter = counter_named(counters, name)) *counter = IPAM_TRY(whole_number((*row)[i], name));
    }
    if (id < 1 || id > 0xFFFFFFFFLL) return Error(ErrorCode::Malformed, fmt::format("\"subnet-id\" is {}", id));
    if (counters.assigned && counters.declined && *counters.assigned >= 0 && *counters.declined >= 0) {
      // A server that has leased more than that would have had to remember them; what does not fit is no count.
      constexpr std::int64_t kMost = 1LL << 32U;
      if (*counters.assigned > kMost || *counters.declined > kMost)
        return Error(ErrorCode::Malformed, fmt::format("scope {}: too many addresses", id));
      *counters.assigned += *counters.declined;
    }
    scopes[static_cast<std::uint64_t>(id)] = counters;
  }
  return scopes;
}

std::vector<ObservedStatistics> complete_ones(Service service, const CountersByScope& scopes) {
  std::vector<ObservedStatistics> list;
  for (const auto& [id, counters] : scopes) {
    const std::int64_t declined = counters.declined.value_or(0);
    if (!counters.total || !counters.assigned || *counters.total < 0 || *counters.assigned < 0 || declined < 0) continue;
    const std::uint64_t total =
        *counters.total == kUncountable ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(*counters.total);
    list.push_back({scope_key(service, id), total, static_cast<std::uint64_t>(*counters.assigned), static_cast<std::uint64_t>(declined)});
  }
  return list;
}

using ReadCounters = Result<CountersByScope> (*)(const Answer&, const Limits&);

Result<std::vector<ObservedStatistics>> read(Service service, std::string_view command, std::string_view body, const Limits& limits,
                                             ReadCounters read_counters) {
  const auto scopes = read_counters(IPAM_TRY(open_answer(service, command, body)), limits);
  if (!scopes.ok()) return located(scopes.error(), command);
  return complete_ones(service, *scopes);
}

}  // namespace

Result<std::vector<ObservedStatistics>> read_statistics(Service service, std::string_view answer, const Limits& limits) {
  return read(service, "statistic-get-all", answer, limits, read_named);
}

Result<std::vector<ObservedStatistics>> read_lease_statistics(Service service, std::string_view answer, const Limits& limits) {
  return read(service, command_of(service, "stat-lease{}-get"), answer, limits, read_table);
}

}  // namespace ipam::driver::kea
