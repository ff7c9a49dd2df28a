// Which rows of the table custom_use follow from a change of an object's custom values. Thread rule: pure functions.
#pragma once

#include "model/object.h"
#include "store/store.h"

namespace ipam::ledger {

// `before` or `after` may be null (creation, deletion), not both.
template <model::HasCustomValues T>
void write_custom_uses(const T* before, const T* after, store::WriteSet& writes) {
  static const model::CustomValues kNone;
  const model::CustomValues& old_values = before != nullptr ? before->custom : kNone;
  const model::CustomValues& new_values = after != nullptr ? after->custom : kNone;
  if (old_values == new_values) return;
  const std::string type(model::type_name<T>());
  const std::uint64_t id = (after != nullptr ? after : before)->id.value;
  const auto differs = [](const model::CustomValues& other, const auto& entry) {
    const auto found = other.find(entry.first);
    return found == other.end() || found->second != entry.second;
  };
  const auto field_of = [](const std::string& digits) { return model::Id<model::CustomField>{parse_integer<std::uint64_t>(digits).value_or(0)}; };
  for (const auto& entry : old_values) {
    if (!differs(new_values, entry)) continue;
    writes.erase<model::CustomUse>({store::to_value(field_of(entry.first)), entry.second, type, store::to_value(id)});
  }
  for (const auto& entry : new_values) {
    if (differs(old_values, entry)) writes.put(model::CustomUse{field_of(entry.first), entry.second, type, id});
  }
}

}  // namespace ipam::ledger
