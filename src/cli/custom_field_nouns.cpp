// The nouns of custom fields: fields, the values of choices, and which values go together.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/custom_field.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

// Enough of them to know the field by.
Cell few_values(const contract::CustomField& custom_field) {
  constexpr std::size_t kShown = 3;
  Cell few;
  for (std::size_t i = 0; i < custom_field.values.size() && i < kShown; ++i) few.text += (i == 0 ? "" : ", ") + custom_field.values[i];
  if (custom_field.values.size() > kShown) few.text += fmt::format(" and {} more", custom_field.values.size() - kShown);
  return few;
}

Noun field_noun() {
  using T = contract::CustomField;
  Noun noun{"custom-field", {}, "custom field", "custom fields", "/api/v1/custom_fields", {"name"}};
  const std::vector<Column<T>> head{field("Name", &T::name), field("Kind", &T::kind), field("Built in", &T::built_in)};
  const std::vector<Column<T>> tail{field("Description", &T::description)};
  noun.table = view_of(head + std::vector<Column<T>>{computed<T>("Values", few_values)} + tail);
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + head + std::vector<Column<T>>{field("Values", &T::values)} + tail);
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.subject = "NAME";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::CustomFieldCreate>();
  noun.edit = body_of<contract::CustomFieldPatch>();
  noun.list_help = {"List the custom fields.", "ipam custom-field list", "Get-IpamCustomField"};
  noun.show_help = {"Show one custom field and the values that it may take.", "ipam custom-field show 'Network Site'", "Get-IpamCustomField"};
  noun.add_help = {"Make a custom field, which every object of the address plan then has.",
                   "ipam custom-field add Building --values 'Head office,Plant 1,Plant 2'", "Add-IpamCustomField"};
  noun.edit_help = {"Rename or describe a custom field; objects keep what they say in it.", "ipam custom-field edit Building --name House",
                    "Rename-IpamCustomField"};
  noun.delete_help = {"Delete a custom field that nothing uses.", "ipam custom-field delete Building", "Remove-IpamCustomField"};
  return noun;
}

Noun value_noun() {
  using T = contract::CustomFieldValue;
  Noun noun{"custom-field-value", {}, "value of a custom field", "values of custom fields", "/api/v1/custom_field_values", {"text"}};
  const std::vector<Column<T>> columns{field("Field", &T::field), field("Text", &T::text), field("Built in", &T::built_in)};
  noun.table = view_of(columns);
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + columns);
  noun.csv = csv_columns_of<T>();
  noun.filters = {{"--field", "NAME", "field", "Only the values of this field"}};
  noun.qualifiers = {{"--field", "NAME", "field", "The value of this field"}};
  noun.keys = {Key::Name};
  noun.name_query = "text";
  noun.subject = "TEXT";
  noun.subject_fields = {"text"};
  noun.add = body_of<contract::CustomFieldValueCreate>();
  noun.edit = body_of<contract::CustomFieldValuePatch>();
  noun.list_help = {"List the values that custom fields may take.", "ipam custom-field-value list --field 'Network Site'", "Get-IpamCustomField"};
  noun.show_help = {"Show one value.", "ipam custom-field-value show Berlin --field 'Network Site'", ""};
  noun.add_help = {"Add a value to a custom field of kind choice.", "ipam custom-field-value add Berlin --field 'Network Site'",
                   "Add-IpamCustomValue"};
  noun.edit_help = {"Rename a value; objects that have it keep it.", "ipam custom-field-value edit Berlin --text 'Berlin Mitte'",
                    "Rename-IpamCustomValue"};
  noun.delete_help = {"Delete a value that nothing uses.", "ipam custom-field-value delete Berlin --field 'Network Site'", "Remove-IpamCustomValue"};
  return noun;
}

Noun association_noun() {
  using T = contract::CustomFieldAssociation;
  Noun noun{"custom-field-association", {}, "association", "associations of custom fields", "/api/v1/custom_field_associations", {"first_field"}};
  const std::vector<Column<T>> columns{field("Id", &T::id), field("First field", &T::first_field), field("Second field", &T::second_field),
                                       computed<T>(
                                           "Pairs",
                                           [](const T& each) {
                                             Cell whole;
                                             for (const auto& pair : each.pairs) {
                                               if (pair.size() == 2) whole.text += (whole.text.empty() ? "" : "; ") + pair[0] + "=" + pair[1];
                                             }
                                             return whole;
                                           },
                                           Align::Left, Width::MayCut)};
  noun.table = view_of(columns);
  noun.record = view_of(columns);
  noun.csv = csv_columns_of<T>();
  noun.subject = "ID";
  noun.add = body_of<contract::CustomFieldAssociationCreate>();
  noun.edit = body_of<contract::CustomFieldAssociationPatch>();
  noun.list_help = {"List which values of two custom fields go together.", "ipam custom-field-association list", "Get-IpamCustomFieldAssociation"};
  noun.show_help = {"Show one association.", "ipam custom-field-association show 131100", "Get-IpamCustomFieldAssociation"};
  noun.add_help = {"Say which values of two choices go together: the one then sets or confines the other.",
                   "ipam custom-field-association add --first-field 'Logical Network' --second-field 'Network Site' --pairs 'Production=Berlin'",
                   "Add-IpamCustomFieldAssociation"};
  noun.edit_help = {"Change which values go together.", "ipam custom-field-association edit 131100 --pairs 'Production=Berlin;Production=Bonn'",
                    "Set-IpamCustomFieldAssociation"};
  noun.delete_help = {"Let the values of two fields go apart.", "ipam custom-field-association delete 131100", "Remove-IpamCustomFieldAssociation"};
  return noun;
}

Noun group_noun() {
  using T = contract::LogicalGroup;
  Noun noun{"logical-group", {}, "logical group", "logical groups", "/api/v1/logical_groups", {"name"}};
  const std::vector<Column<T>> columns{field("Name", &T::name), field("Kind", &T::kind), field("Fields", &T::fields), field("Built in", &T::built_in),
                                       field("Description", &T::description)};
  noun.table = view_of(columns);
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + columns);
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.subject = "NAME";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::LogicalGroupCreate>();
  noun.edit = body_of<contract::LogicalGroupPatch>();
  noun.list_help = {"List the logical groups.", "ipam logical-group list", "Get-IpamLogicalGroup in the console's pane"};
  noun.show_help = {"Show one logical group.", "ipam logical-group show 'By site'", ""};
  noun.add_help = {"Make a logical group: objects of one kind as a tree, a level for each of the fields.",
                   "ipam logical-group add 'By site' --kind subnet --fields 'Region,Network Site'", "Add IP Address Range Group in the console"};
  noun.edit_help = {"Rename a logical group or change its fields.", "ipam logical-group edit 'By site' --fields 'Network Site'",
                    "Edit IP Address Range Group in the console"};
  noun.delete_help = {"Delete a logical group; the objects stay.", "ipam logical-group delete 'By site'",
                      "Delete IP Address Range Group in the console"};
  return noun;
}

}  // namespace

std::vector<Noun> custom_field_nouns() { return {field_noun(), value_noun(), association_noun(), group_noun()}; }

}  // namespace ipam::cli
