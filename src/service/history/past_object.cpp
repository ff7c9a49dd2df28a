#include "service/history/past_object.h"

#include <algorithm>

namespace ipam::service {
namespace {

using model::JournalRecord;
using store::Comparison;

std::string spoken(std::string_view type) {
  std::string name(type);
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::vector<store::Condition> of(std::string_view type, std::uint64_t id) {
  return {{"object_id", Comparison::Equal, store::to_value(id)}, {"object_type", Comparison::Equal, std::string(type)}};
}

}  // namespace

Error unexplained(std::string_view type, std::uint64_t id, const std::string& why) {
  return {ErrorCode::FailedPrecondition, fmt::format("the journal does not explain {} {}, so its past is not known: {}", spoken(type), id, why)};
}

Error was_not_there(std::string_view type, std::uint64_t id, const Moment& moment, const std::optional<JournalRecord>& last) {
  if (!last) return {ErrorCode::NotFound, fmt::format("there was no {} with id {} yet as of {}", spoken(type), id, moment.to_string())};
  return {ErrorCode::NotFound, fmt::format("{} {} was gone as of {}: change {} deleted it at {}", spoken(type), last->object_name, moment.to_string(),
                                           last->sequence, format_time(last->at))};
}

Result<std::optional<JournalRecord>> last_record_of(store::Reader& reader, std::string_view type, std::uint64_t id, std::uint64_t until) {
  store::Query query{.where = of(type, id), .sort = {{"sequence", true}}, .limit = 1};
  query.where.push_back({"sequence", Comparison::LessOrEqual, store::to_value(until)});
  auto page = IPAM_TRY(store::list<JournalRecord>(reader, query));
  if (page.items.empty()) return std::optional<JournalRecord>{};
  return std::optional<JournalRecord>(std::move(page.items.front()));
}

Result<void> for_each_record_after(store::Reader& reader, std::string_view type, std::uint64_t id, std::uint64_t after,
                                   const std::function<Result<bool>(JournalRecord)>& on_record) {
  store::Query query{.where = of(type, id), .sort = {{"sequence", true}}};
  query.where.push_back({"sequence", Comparison::Greater, store::to_value(after)});
  return store::for_each<JournalRecord>(reader, std::move(query), on_record);
}

}  // namespace ipam::service
