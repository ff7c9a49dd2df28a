// The differences of a journal record (ledger/differences.h) as values of an object's fields.
//
// A field that earlier versions wrote under another name is taken for what it became; one that nobody knows is an error, so that nothing is made of
// half a record. Thread rule: pure functions.
#pragma once

#include "model/object.h"

#include "json/codec.h"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <utility>

namespace ipam::service {

enum class Side { Before, After };

// name → {"before":…,"after":…}. Nothing for a record that tells of no fields: a summary. Errors: Internal: the record is damaged.
Result<std::optional<boost::json::object>> changed_fields(const model::JournalRecord& record);
// Null when that side does not tell it.
const boost::json::value* side_of(const boost::json::object& fields, std::string_view name, Side side);

// "change 12 of subnet 10.0.0.0/24".
std::string call(const model::JournalRecord& record);
Error unknown_field(const model::JournalRecord& record, std::string_view name);

namespace detail {

// Fields that were renamed, as the field and the value that they are now.
std::optional<std::pair<std::string, boost::json::value>> renamed(std::string_view object_type, std::string_view name,
                                                                  const boost::json::value& value);

template <class T, class Act>
void for_each_field(Act&& act) {
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
    const std::string_view name = member.name;
    if (name != "id" && name != "revision") act(name, member.pointer);
  });
}

template <model::Journaled T>
Result<void> set_field(T& object, std::string_view wanted, const boost::json::value& value, const model::JournalRecord& record) {
  bool known = false;
  std::optional<Error> failed;
  for_each_field<T>([&](std::string_view name, auto pointer) {
    if (name != wanted) return;
    known = true;
    using Field = std::remove_cvref_t<decltype(object.*pointer)>;
    if constexpr (std::is_same_v<Field, Bytes>) {
      failed = unknown_field(record, name);
    } else {
      auto read = json::read_value<Field>(value);
      if (!read.ok()) failed = Error(ErrorCode::Internal, call(record) + " is not understood: field " + std::string(name), read.error().describe());
      if (read.ok()) object.*pointer = std::move(read).value();
    }
  });
  if (failed) return *std::move(failed);
  if (known) return {};
  const auto now = renamed(record.object_type, wanted, value);
  if (!now) return unknown_field(record, wanted);
  return set_field(object, now->first, now->second, record);
}

}  // namespace detail

// Gives the object the values that the record tells of this side; the others stay.
template <model::Journaled T>
Result<void> set_fields(T& object, const boost::json::object& fields, Side side, const model::JournalRecord& record) {
  for (const auto& entry : fields) {
    const std::string_view name(entry.key().data(), entry.key().size());
    if (const auto* value = side_of(fields, name, side)) IPAM_TRY(detail::set_field(object, name, *value, record));
  }
  return {};
}

// The first field in which the two differ; empty when they are equal but for id and revision.
template <model::Journaled T>
std::string first_difference(const T& one, const T& other) {
  std::string found;
  detail::for_each_field<T>([&](std::string_view name, auto pointer) {
    if (found.empty() && !(one.*pointer == other.*pointer)) found = name;
  });
  return found;
}

}  // namespace ipam::service
