#include "api/fields.h"
#include "contract/utilization.h"
#include "service/planning/group_nodes.h"
#include "service/utilization/filling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ipam::api {
namespace {

constexpr std::size_t kDefaultBuckets = 12;
constexpr std::size_t kMostOfAGroup = 2'000;
constexpr Duration kDefaultPeriod = std::chrono::hours(24 * 30);

double rounded(double value) { return std::round(value * 100.0) / 100.0; }

Result<model::MeasuredKind> read_kind(const Call& call) {
  const auto type = call.query().find("object_type");
  if (!type) return Error::field("/object_type", "is missing; it is one of " + model::enum_choices<model::MeasuredKind>());
  const auto kind = model::enum_from_text<model::MeasuredKind>(*type);
  if (!kind) return Error::field("/object_type", "must be one of " + model::enum_choices<model::MeasuredKind>());
  return *kind;
}

Result<service::MeasuredObject> read_object(const Call& call) {
  const auto kind = IPAM_TRY(read_kind(call));
  const auto text = call.query().find("object_id");
  if (!text) return Error::field("/object_id", "is missing");
  const auto id = contract::ObjectId::parse(*text);
  if (!id.ok()) return Error::field("/object_id", id.error().message);
  return service::MeasuredObject{kind, id->value};
}

Result<std::optional<Time>> read_time(const Call& call, const char* name) {
  const auto text = call.query().find(name);
  if (!text) return std::optional<Time>{};
  const auto time = parse_time(*text);
  if (!time.ok()) return Error::field("/" + std::string(name), time.error().message);
  return std::optional<Time>(*time);
}

// From when until when: ?from and ?until, or ?period up to now.
Result<std::pair<Time, Time>> read_span(const Call& call, Time now) {
  const auto until = IPAM_TRY(read_time(call, "until"));
  const auto from = IPAM_TRY(read_time(call, "from"));
  Duration period = kDefaultPeriod;
  if (const auto text = call.query().find("period")) {
    if (from) return Error::field("/period", "takes the place of from; give one of them");
    const auto given = parse_duration(*text);
    if (!given.ok() || *given <= Duration::zero()) return Error::field("/period", "must be a duration, such as 7d");
    period = *given;
  }
  const Time end = until.value_or(now);
  return std::pair(from.value_or(end - period), end);
}

contract::UtilizationPeriod convert(const service::TrendBucket& bucket) {
  contract::UtilizationPeriod period;
  period.from = bucket.from;
  period.until = bucket.until;
  if (!bucket.measured) return period;
  period.capacity = bucket.capacity;
  period.used = rounded(bucket.used);
  period.peak = bucket.peak;
  period.assigned = rounded(bucket.assigned);
  period.reserved = rounded(bucket.reserved);
  period.leased = rounded(bucket.leased);
  if (bucket.capacity > 0) {
    period.percent = rounded(bucket.used / bucket.capacity * 100);
    period.peak_percent = rounded(bucket.peak / bucket.capacity * 100);
  }
  if (bucket.networks > 0) {
    period.networks_64 = bucket.networks;
    period.networks_64_used = rounded(bucket.networks_used);
  }
  return period;
}

std::size_t read_buckets(const Call& call) {
  const auto text = call.query().find("buckets");
  return text ? parse_integer<std::size_t>(*text).value_or(0) : kDefaultBuckets;  // 0 is refused below
}

void add(service::TrendBucket& sum, const service::TrendBucket& more) {
  if (!more.measured) return;
  sum.measured = true;
  sum.capacity += more.capacity;
  sum.used += more.used;
  sum.peak += more.peak;
  sum.assigned += more.assigned;
  sum.reserved += more.reserved;
  sum.leased += more.leased;
  sum.networks += more.networks;
  sum.networks_used += more.networks_used;
}

// ?node=Europe&node=Berlin&period=90d: what lies below that node, summed.
Result<Reply> group_trend(Services& services, const Call& call) {
  const auto group = IPAM_TRY(services.planning.fields().get<model::LogicalGroup>(call.principal, IPAM_TRY(call.id<model::LogicalGroup>())));
  constexpr std::array<std::string_view, 4> kKnown{"period", "from", "until", "buckets"};
  std::vector<std::string> way;
  for (const auto& [name, value] : call.query()) {
    if (name == "node") {
      way.push_back(value);
    } else if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      return Error::field("/" + name, "is not a parameter of this request; there are node, period, from, until and buckets");
    }
  }
  const auto [from, until] = IPAM_TRY(read_span(call, services.clock.now()));
  const auto ids = IPAM_TRY(service::group_members(services.store, services.planning, call.principal, group, way, kMostOfAGroup));
  const auto kind = group.kind == model::GroupedKind::Range ? model::MeasuredKind::Range : model::MeasuredKind::Subnet;
  std::vector<service::TrendBucket> sums;
  for (const std::uint64_t id : ids) {
    const auto trend = services.utilization.trend(call.principal, {kind, id}, from, until, read_buckets(call));
    if (!trend.ok() && trend.error().code == ErrorCode::NotFound) continue;  // it went meanwhile
    if (!trend.ok()) return trend.error();
    if (sums.empty()) {
      sums = *trend;
      continue;
    }
    for (std::size_t i = 0; i < sums.size(); ++i) add(sums[i], (*trend)[i]);
  }
  contract::GroupTrend answer{ids.size(), from, until, {}};
  for (const service::TrendBucket& bucket : sums) answer.periods.push_back(convert(bucket));
  return Reply::json(answer);
}

Result<Reply> history(Services& services, const Call& call) {
  const auto object = IPAM_TRY(read_object(call));
  const auto [from, until] = IPAM_TRY(read_span(call, services.clock.now()));
  const std::size_t buckets = read_buckets(call);
  const auto trend = IPAM_TRY(services.utilization.trend(call.principal, object, from, until, buckets));
  contract::UtilizationHistory answer{convert_enum<contract::MeasuredKind>(object.kind), {object.id}, from, until, {}};
  for (const service::TrendBucket& bucket : trend) answer.periods.push_back(convert(bucket));
  return Reply::json(answer);
}

// Of a forecast: the answer as text, and its days.
template <class Answer>
void tell_days(const forecast::Forecast& when, Answer& answer) {
  answer.answer = convert_enum<contract::ForecastAnswer>(when.answer);
  answer.text = forecast::describe(when);
  if (when.answer != forecast::Answer::Within) return;
  answer.earliest = forecast::day_text(when.earliest);
  if (when.expected) answer.expected = forecast::day_text(*when.expected);
  if (when.latest) answer.latest = forecast::day_text(*when.latest);
}

// ?object_type=subnet&full_within=7d: what is or will be full; the cursor is the id of the last one that was looked at.
Result<Reply> filling(Services& services, const Call& call) {
  constexpr std::int64_t kMostDays = 365;
  constexpr std::array<std::string_view, 6> kKnown{"object_type", "full_within", "level", "space", "limit", "cursor"};
  for (const auto& [name, value] : call.query()) {
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      return Error::field("/" + name, "is not a parameter of this list; there are object_type, full_within, level, space, limit and cursor");
    }
  }
  service::FillingQuestion question;
  question.kind = IPAM_TRY(read_kind(call));
  const auto within = call.query().find("full_within");
  const auto time = within ? parse_duration(*within) : Result<Duration>(Error(ErrorCode::InvalidArgument, ""));
  if (!time.ok() || *time < Duration::zero() || *time > std::chrono::days(kMostDays)) {
    return Error::field("/full_within", fmt::format("must be a duration of at most {} days, such as 7d", kMostDays));
  }
  question.days = std::chrono::floor<std::chrono::days>(*time).count();
  if (const auto text = call.query().find("level")) question.level = parse_integer<int>(*text).value_or(0) / 100.0;  // 0 is refused below
  if (const auto space = call.query().find("space")) question.space = IPAM_TRY(services.planning.find_space(call.principal, *space)).id;
  if (const auto text = call.query().find("limit")) {
    const auto limit = parse_integer<std::size_t>(*text, 1, ListQuery::kMaxLimit);
    if (!limit) return Error::field("/limit", fmt::format("must be within 1 and {}", ListQuery::kMaxLimit));
    question.limit = *limit;
  }
  if (const auto text = call.query().find("cursor")) {
    const auto after = parse_integer<std::uint64_t>(*text);
    if (!after) return Error::field("/cursor", "does not belong to this list; start again without it");
    question.after_id = *after;
  }
  const auto page = IPAM_TRY(service::find_filling(services.store, services.utilization, call.principal, question, services.clock.now()));
  contract::List<contract::FillingObject> answer;
  for (const service::FillingObject& object : page.items) {
    contract::FillingObject& told = answer.items.emplace_back();
    told.object_type = convert_enum<contract::MeasuredKind>(question.kind);
    told.object_id = {object.id};
    told.name = object.name;
    told.space = services.planning.space_name(object.space_id);
    tell_days(object.when, told);
  }
  if (page.next_after != 0) answer.next_cursor = std::to_string(page.next_after);
  return Reply::json(answer);
}

Result<Reply> forecast(Services& services, const Call& call) {
  const auto object = IPAM_TRY(read_object(call));
  forecast::Options options;
  if (const auto text = call.query().find("level")) {
    options.level = parse_integer<int>(*text).value_or(0) / 100.0;  // 0 is refused below
  }
  const auto when = IPAM_TRY(services.utilization.forecast(call.principal, object, options));
  contract::UtilizationForecast answer;
  answer.object_type = convert_enum<contract::MeasuredKind>(object.kind);
  answer.object_id = {object.id};
  answer.level = rounded(options.level * 100);
  tell_days(when, answer);
  answer.coverage = rounded(when.coverage * 100);
  answer.probability = rounded(when.probability * 100);
  answer.growth_a_week = rounded(when.growth_a_week);
  answer.days = when.days;
  return Reply::json(answer);
}

io::Task<Result<Reply>> purge(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::UtilizationPurge>());
  IPAM_CO_TRY(const std::uint64_t removed, co_await services->utilization.purge(call.principal, body.before));
  co_return Reply::json(contract::UtilizationPurgeAnswer{removed});
}

}  // namespace

void add_utilization_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/utilization_history", [all](Call call) { return on_pool(all, history, std::move(call)); });
  routes.add("GET", "/api/v1/logical_groups/{id}/trend", [all](Call call) { return on_pool(all, group_trend, std::move(call)); });
  routes.add("GET", "/api/v1/utilization_forecast", [all](Call call) { return on_pool(all, forecast, std::move(call)); });
  routes.add("GET", "/api/v1/utilization_forecasts", [all](Call call) { return on_pool(all, filling, std::move(call)); });
  routes.add("POST", "/api/v1/utilization_history:purge", [all](Call call) { return purge(all, std::move(call)); }, {.key = RequestKey::Refused});
}

}  // namespace ipam::api
