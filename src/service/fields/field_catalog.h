// FieldCatalog: all custom fields, their values and associations as they were at one moment, and how a person's names become an object's values.
// Thread rule: immutable after load; shared freely.
#pragma once

#include "model/object.h"
#include "store/store.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ipam::service {

// Names as a caller gives them: what is named is set or, by nothing or an empty text, removed.
using NamedChanges = std::map<std::string, std::optional<std::string>>;

class FieldCatalog {
 public:
  static Result<FieldCatalog> load(store::Reader& reader);

  // By name, whatever its case, or by id. Null when there is none.
  const model::CustomField* find_field(std::string_view name_or_id) const;
  const model::CustomField* find_field(model::Id<model::CustomField> id) const;
  const model::CustomField* find_field(model::BuiltInField number) const;
  const model::CustomFieldValue* find_value(model::Id<model::CustomField> field, std::string_view text) const;
  const model::CustomFieldValue* find_value(model::Id<model::CustomFieldValue> id) const;
  std::vector<const model::CustomFieldValue*> values_of(model::Id<model::CustomField> field) const;  // by text
  const std::map<std::uint64_t, model::CustomFieldAssociation>& associations() const { return associations_; }

  // What a value means to a person: of a choice its text.
  std::string text_of(const model::CustomField& field, const std::string& value) const;
  std::map<std::string, std::string> texts_of(const model::CustomValues& values) const;
  // The form in which objects keep this text. Errors: InvalidArgument, with the choices where the field has some.
  Result<std::string> value_of(const model::CustomField& field, std::string_view text) const;
  // Sets what is named and what follows by association. Errors: InvalidArgument on /custom_fields/NAME.
  Result<void> apply(model::CustomValues& values, const NamedChanges& changes) const;

 private:
  // Errors: InvalidArgument: values that do not go together.
  Result<void> associate(model::CustomValues& values) const;

  std::map<std::uint64_t, model::CustomField> fields_;
  std::map<std::string, std::uint64_t> fields_by_name_;  // lower case
  std::map<std::uint64_t, model::CustomFieldValue> values_;
  std::map<std::pair<std::uint64_t, std::string>, std::uint64_t> values_by_text_;  // of a field, lower case
  std::map<std::uint64_t, model::CustomFieldAssociation> associations_;
};

}  // namespace ipam::service
