#include "service/fields/field_catalog.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using model::CustomField;
using model::CustomFieldAssociation;
using model::CustomFieldKind;
using model::CustomFieldValue;
using model::CustomValues;
using model::Id;

constexpr std::size_t kChoicesInMessage = 12;

std::string pointer_of(std::string_view name) {
  // RFC 6901, section 3.
  std::string pointer = "/custom_fields/";
  for (const char c : name) pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return pointer;
}

template <class T>
Result<void> read_all(store::Reader& reader, std::map<std::uint64_t, T>& objects) {
  return store::for_each<T>(reader, {}, [&](T object) -> Result<bool> {
    const std::uint64_t id = object.id.value;
    objects.emplace(id, std::move(object));
    return true;
  });
}

Id<CustomFieldValue> value_id(const std::string& digits) { return {parse_integer<std::uint64_t>(digits).value_or(0)}; }

}  // namespace

Result<FieldCatalog> FieldCatalog::load(store::Reader& reader) {
  FieldCatalog catalog;
  IPAM_TRY(read_all(reader, catalog.fields_));
  IPAM_TRY(read_all(reader, catalog.values_));
  IPAM_TRY(read_all(reader, catalog.associations_));
  for (const auto& [id, field] : catalog.fields_) catalog.fields_by_name_[to_lower(field.name)] = id;
  for (const auto& [id, value] : catalog.values_) catalog.values_by_text_[{value.field_id.value, to_lower(value.text)}] = id;
  return catalog;
}

const CustomField* FieldCatalog::find_field(std::string_view name_or_id) const {
  const auto named = fields_by_name_.find(to_lower(name_or_id));
  if (named != fields_by_name_.end()) return &fields_.at(named->second);
  const auto id = parse_integer<std::uint64_t>(name_or_id);
  return id ? find_field(Id<CustomField>{*id}) : nullptr;
}

const CustomField* FieldCatalog::find_field(Id<CustomField> id) const {
  const auto found = fields_.find(id.value);
  return found == fields_.end() ? nullptr : &found->second;
}

const CustomField* FieldCatalog::find_field(model::BuiltInField number) const {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&](const auto& entry) { return entry.second.built_in == static_cast<std::uint32_t>(number); });
  return found == fields_.end() ? nullptr : &found->second;
}

const CustomFieldValue* FieldCatalog::find_value(Id<CustomField> field, std::string_view text) const {
  const auto found = values_by_text_.find({field.value, to_lower(text)});
  return found == values_by_text_.end() ? nullptr : &values_.at(found->second);
}

const CustomFieldValue* FieldCatalog::find_value(Id<CustomFieldValue> id) const {
  const auto found = values_.find(id.value);
  return found == values_.end() ? nullptr : &found->second;
}

std::vector<const CustomFieldValue*> FieldCatalog::values_of(Id<CustomField> field) const {
  std::vector<const CustomFieldValue*> values;
  for (auto entry = values_by_text_.lower_bound({field.value, {}}); entry != values_by_text_.end() && entry->first.first == field.value; ++entry) {
    values.push_back(&values_.at(entry->second));
  }
  return values;
}

std::string FieldCatalog::text_of(const CustomField& field, const std::string& value) const {
  if (field.kind != CustomFieldKind::Choice) return value;
  const CustomFieldValue* choice = find_value(value_id(value));
  return choice != nullptr ? choice->text : value;
}

std::map<std::string, std::string> FieldCatalog::texts_of(const CustomValues& values) const {
  std::map<std::string, std::string> texts;
  for (const auto& [digits, value] : values) {
    const CustomField* field = find_field(Id<CustomField>{parse_integer<std::uint64_t>(digits).value_or(0)});
    if (field != nullptr) texts.emplace(field->name, text_of(*field, value));
  }
  return texts;
}

Result<std::string> FieldCatalog::value_of(const CustomField& field, std::string_view text) const {
  if (field.kind != CustomFieldKind::Choice) return model::canonical_custom_text(field.kind, text);
  if (const CustomFieldValue* choice = find_value(field.id, text)) return choice->id.to_string();
  const auto choices = values_of(field.id);
  std::vector<std::string> texts;
  for (const CustomFieldValue* choice : choices) {
    if (texts.size() < kChoicesInMessage) texts.push_back(choice->text);
  }
  if (texts.size() < choices.size()) texts.push_back(fmt::format("and {} more", choices.size() - texts.size()));
  return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is no value of field {}; there are: {}", shorten(text, 60), field.name,
                                                       texts.empty() ? std::string("none yet") : join(texts, ", ")));
}

Result<void> FieldCatalog::apply(CustomValues& values, const NamedChanges& changes) const {
  for (const auto& [name, text] : changes) {
    const CustomField* field = find_field(name);
    if (field == nullptr) {
      return Error::field(pointer_of(name), fmt::format("there is no custom field '{}'; GET /api/v1/custom_fields lists them", shorten(name, 60)));
    }
    if (!text || text->empty()) {
      model::set_custom(values, field->id, {});
      continue;
    }
    auto value = value_of(*field, *text);
    if (!value.ok()) return Error::field(pointer_of(name), value.error().message);
    model::set_custom(values, field->id, std::move(value).value());
  }
  return associate(values);
}

Result<void> FieldCatalog::associate(CustomValues& values) const {
  for (const auto& [id, association] : associations_) {
    const std::string* first = model::find_custom(values, association.first_field_id);
    const std::string* second = model::find_custom(values, association.second_field_id);
    if ((first == nullptr && second == nullptr) || association.pairs.empty()) continue;
    std::vector<model::ValuePair> fitting;
    for (const model::ValuePair& pair : association.pairs) {
      const bool fits = (first == nullptr || pair.first == value_id(*first)) && (second == nullptr || pair.second == value_id(*second));
      if (fits) fitting.push_back(pair);
    }
    const CustomField* first_field = find_field(association.first_field_id);
    const CustomField* second_field = find_field(association.second_field_id);
    if (first_field == nullptr || second_field == nullptr) continue;
    if (first != nullptr && second != nullptr) {
      if (!fitting.empty()) continue;
      return Error::field(pointer_of(second_field->name),
                          fmt::format("{} '{}' does not belong to {} '{}'", second_field->name, text_of(*second_field, *second), first_field->name,
                                      text_of(*first_field, *first)));
    }
    if (fitting.size() != 1) continue;
    if (first == nullptr) model::set_custom(values, association.first_field_id, fitting.front().first.to_string());
    if (second == nullptr) model::set_custom(values, association.second_field_id, fitting.front().second.to_string());
  }
  return {};
}

}  // namespace ipam::service
