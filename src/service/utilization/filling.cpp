#include "service/utilization/filling.h"

namespace ipam::service {
namespace {

using model::MeasuredKind;
using store::Comparison;

constexpr std::size_t kAtOnce = 500;

bool is_soon(const forecast::Forecast& when, std::int64_t last_day) {
  if (when.answer == forecast::Answer::Reached) return true;
  return when.answer == forecast::Answer::Within && when.expected && *when.expected <= last_day;
}

template <class T>
Result<FillingPage> look(store::Store& store, UtilizationHistory& history, const Principal& principal, const FillingQuestion& question, Time now) {
  const std::int64_t today = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  const std::int64_t last_day = today + question.days;
  const forecast::Options options{.level = question.level, .horizon_days = static_cast<int>(std::max<std::int64_t>(question.days, 1))};
  FillingPage page;
  std::uint64_t after = question.after_id;
  for (std::size_t looked = 0; looked < kMaxForecasts; looked += kAtOnce) {
    store::Query query;
    query.where.push_back({"id", Comparison::Greater, static_cast<std::int64_t>(after)});
    if (question.space) query.where.push_back({"space_id", Comparison::Equal, store::to_value(*question.space)});
    query.sort.push_back({"id", false});
    query.limit = kAtOnce;
    const auto reader = IPAM_TRY(store.open_reader());
    const auto objects = IPAM_TRY(store::list<T>(*reader, query)).items;
    for (const T& object : objects) {
      after = object.id.value;
      const auto when = history.forecast(principal, {question.kind, object.id.value}, options);
      if (!when.ok() && when.error().code == ErrorCode::NotFound) continue;  // it went meanwhile
      if (!when.ok()) return when.error();
      if (!is_soon(*when, last_day)) continue;
      page.items.push_back({object.id.value, model::display_name(object), object.space_id, *when});
      if (page.items.size() == question.limit) {
        page.next_after = after;
        return page;
      }
    }
    if (objects.size() < kAtOnce) return page;
  }
  page.next_after = after;
  return page;
}

}  // namespace

Result<FillingPage> find_filling(store::Store& store, UtilizationHistory& history, const Principal& principal, const FillingQuestion& question,
                                 Time now) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  switch (question.kind) {
    case MeasuredKind::Block: return look<model::Block>(store, history, principal, question, now);
    case MeasuredKind::Subnet: return look<model::Subnet>(store, history, principal, question, now);
    case MeasuredKind::Range: return look<model::Range>(store, history, principal, question, now);
    case MeasuredKind::DhcpScope: break;
  }
  return look<model::DhcpScope>(store, history, principal, question, now);
}

}  // namespace ipam::service
