#include "service/history/record_fields.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <algorithm>

namespace ipam::service {

Result<std::optional<boost::json::object>> changed_fields(const model::JournalRecord& record) {
  auto document = json::parse(record.differences);
  auto* object = document.ok() ? document->if_object() : nullptr;
  if (object == nullptr) return Error(ErrorCode::Internal, call(record) + " is not understood", "differences are no JSON object");
  auto* fields = object->if_contains("fields");
  if (fields == nullptr) return std::optional<boost::json::object>{};
  if (!fields->is_object()) return Error(ErrorCode::Internal, call(record) + " is not understood", "fields are no JSON object");
  return std::optional<boost::json::object>(std::move(fields->get_object()));
}

const boost::json::value* side_of(const boost::json::object& fields, std::string_view name, Side side) {
  const auto* change = fields.if_contains(name);
  const auto* both = change != nullptr ? change->if_object() : nullptr;
  return both != nullptr ? both->if_contains(side == Side::Before ? "before" : "after") : nullptr;
}

std::string call(const model::JournalRecord& record) {
  std::string type = record.object_type;
  std::replace(type.begin(), type.end(), '_', ' ');
  return fmt::format("change {} of {} {}", record.sequence, type, record.object_name);
}

Error unknown_field(const model::JournalRecord& record, std::string_view name) {
  return {ErrorCode::FailedPrecondition, fmt::format("{} tells of a field '{}' that this version does not know", call(record), shorten(name, 60))};
}

namespace detail {

std::optional<std::pair<std::string, boost::json::value>> renamed(std::string_view object_type, std::string_view name,
                                                                  const boost::json::value& value) {
  if (object_type != "subnet" || name != "vlan") return std::nullopt;
  boost::json::array vlans;
  if (!value.is_null()) vlans.push_back(value);
  return std::pair<std::string, boost::json::value>{"vlans", std::move(vlans)};
}

}  // namespace detail

}  // namespace ipam::service
