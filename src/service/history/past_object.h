// One object as it was, walked back from what it is now through its journal records, newest first. Each record must tell what was found: an object
// that was put into the database past the journal, or changed past it, is refused and never answered as it might have been.
//
// The object's revision is that of then. Errors: NotFound (saying whether it was not there yet or no more), FailedPrecondition (the journal does
// not explain the object), Internal. Thread rule: blocks on the database; the reader's thread.
#pragma once

#include "service/history/moment.h"
#include "service/history/record_fields.h"

#include <fmt/format.h>

namespace ipam::service {

Error unexplained(std::string_view type, std::uint64_t id, const std::string& why);
Error was_not_there(std::string_view type, std::uint64_t id, const Moment& moment, const std::optional<model::JournalRecord>& last);
// The newest record of the object until this sequence.
Result<std::optional<model::JournalRecord>> last_record_of(store::Reader& reader, std::string_view type, std::uint64_t id, std::uint64_t until);
// Its records after this sequence, newest first.
Result<void> for_each_record_after(store::Reader& reader, std::string_view type, std::uint64_t id, std::uint64_t after,
                                   const std::function<Result<bool>(model::JournalRecord)>& on_record);

// Makes the object what it was before the record.
template <model::Journaled T>
Result<void> take_back(std::optional<T>& object, model::Id<T> id, const model::JournalRecord& record) {
  const auto fields = IPAM_TRY(changed_fields(record));
  if (!fields) return {};
  const auto wrong = [&](const std::string& why) { return unexplained(record.object_type, id.value, call(record) + " " + why); };
  if (record.kind == model::ChangeKind::Deleted) {
    if (object) return wrong("deleted it, and it is there afterwards");
    object.emplace();
    object->id = id;
    return set_fields(*object, *fields, Side::Before, record);
  }
  if (!object) return wrong("left it there, and it is gone afterwards without a record");
  T told = *object;
  IPAM_TRY(set_fields(told, *fields, Side::After, record));
  if (const std::string field = first_difference(told, *object); !field.empty())
    return wrong("does not tell of its field " + field + " as it was then");
  if (record.kind == model::ChangeKind::Created) {
    object.reset();
    return {};
  }
  return set_fields(*object, *fields, Side::Before, record);
}

// Nothing where there was no such object; `last`, if given, gets its newest record until then.
template <model::Journaled T>
Result<std::optional<T>> find_at(store::Reader& reader, model::Id<T> id, std::uint64_t sequence,
                                 std::optional<model::JournalRecord>* last_record = nullptr) {
  const std::string_view type = model::type_name<T>();
  std::optional<T> object = IPAM_TRY(store::find(reader, id));
  std::uint64_t revision = object ? object->revision : 0;
  IPAM_TRY(for_each_record_after(reader, type, id.value, sequence, [&](const model::JournalRecord& record) -> Result<bool> {
    if (revision != 0 && revision != record.sequence) return unexplained(type, id.value, fmt::format("no record tells of its revision {}", revision));
    revision = 0;
    IPAM_TRY(take_back(object, id, record));
    return true;
  }));
  auto last = IPAM_TRY(last_record_of(reader, type, id.value, sequence));
  if (object) {
    if (!last || last->kind == model::ChangeKind::Deleted) return unexplained(type, id.value, "no record tells of its creation");
    if (revision != 0 && revision != last->sequence) return unexplained(type, id.value, fmt::format("no record tells of its revision {}", revision));
    object->revision = last->sequence;
  }
  if (last_record != nullptr) *last_record = std::move(last);
  return object;
}

// Errors: NotFound too.
template <model::Journaled T>
Result<T> get_at(store::Reader& reader, model::Id<T> id, const Moment& moment) {
  std::optional<model::JournalRecord> last;
  auto object = IPAM_TRY(find_at(reader, id, moment.sequence, &last));
  if (!object) return was_not_there(model::type_name<T>(), id.value, moment, last);
  return *std::move(object);
}

}  // namespace ipam::service
