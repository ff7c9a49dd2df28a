// Custom fields in the API: /api/v1/custom_fields, custom_field_values, custom_field_associations, logical_groups, and `custom_fields` of every
// object that has them. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

// By the names of the fields; every value is text in the field's canonical form: {"Region": "Emea", "Cost center": "4711"}.
using CustomFieldTexts = std::map<std::string, std::string>;
// In a PATCH: what is named is set or, by null or an empty text, removed; the others stay.
using CustomFieldChanges = std::map<std::string, std::optional<std::string>>;

enum class CustomFieldKind { Text, Integer, Decimal, Boolean, Date, Address, Prefix, Url, Choice };
BOOST_DESCRIBE_ENUM(CustomFieldKind, Text, Integer, Decimal, Boolean, Date, Address, Prefix, Url, Choice)

struct CustomField {
  ObjectId id;
  std::string name;
  CustomFieldKind kind = CustomFieldKind::Text;
  bool built_in = false;
  std::vector<std::string> values;  // of a choice: what it may be
  std::string description;
};
BOOST_DESCRIBE_STRUCT(CustomField, (), (id, name, kind, built_in, values, description))

struct CustomFieldCreate {
  std::string name;
  std::optional<CustomFieldKind> kind;
  std::optional<std::vector<std::string>> values;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(CustomFieldCreate, (), (name, kind, values, description))

struct CustomFieldPatch {
  std::optional<std::string> name;  // objects keep what they say in the field
  Patch<std::string> description;
};
BOOST_DESCRIBE_STRUCT(CustomFieldPatch, (), (name, description))

struct CustomFieldValue {
  ObjectId id;
  ObjectId field_id;
  std::string field;
  std::string text;
  bool built_in = false;
};
BOOST_DESCRIBE_STRUCT(CustomFieldValue, (), (id, field_id, field, text, built_in))

struct CustomFieldValueCreate {
  std::string field;  // name or id of a choice field
  std::string text;
};
BOOST_DESCRIBE_STRUCT(CustomFieldValueCreate, (), (field, text))

struct CustomFieldValuePatch {
  std::string text;  // objects that have the value keep it under its new name
};
BOOST_DESCRIBE_STRUCT(CustomFieldValuePatch, (), (text))

// [value of the first field, value of the second]
struct CustomFieldAssociation {
  ObjectId id;
  std::string first_field;
  std::string second_field;
  std::vector<std::vector<std::string>> pairs;
};
BOOST_DESCRIBE_STRUCT(CustomFieldAssociation, (), (id, first_field, second_field, pairs))

struct CustomFieldAssociationCreate {
  std::string first_field;  // name or id
  std::string second_field;
  std::vector<std::vector<std::string>> pairs;
};
BOOST_DESCRIBE_STRUCT(CustomFieldAssociationCreate, (), (first_field, second_field, pairs))

struct CustomFieldAssociationPatch {
  std::vector<std::vector<std::string>> pairs;
};
BOOST_DESCRIBE_STRUCT(CustomFieldAssociationPatch, (), (pairs))

}  // namespace ipam::contract
