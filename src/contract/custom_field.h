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

enum class GroupedKind { Subnet, Range, Address, ManagedServer };
BOOST_DESCRIBE_ENUM(GroupedKind, Subnet, Range, Address, ManagedServer)

// Objects of one kind as a tree, one level for each of its fields.
struct LogicalGroup {
  ObjectId id;
  std::string name;
  GroupedKind kind = GroupedKind::Subnet;
  std::vector<std::string> fields;
  bool built_in = false;
  std::string description;
};
BOOST_DESCRIBE_STRUCT(LogicalGroup, (), (id, name, kind, fields, built_in, description))

struct LogicalGroupCreate {
  std::string name;
  GroupedKind kind = GroupedKind::Subnet;
  std::vector<std::string> fields;  // names or ids of choice fields, the top of the tree first
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(LogicalGroupCreate, (), (name, kind, fields, description))

struct LogicalGroupPatch {
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> fields;
  Patch<std::string> description;
};
BOOST_DESCRIBE_STRUCT(LogicalGroupPatch, (), (name, fields, description))

// One node of a logical group.
struct GroupNode {
  std::string value;  // empty: objects that say nothing in this field
  std::uint64_t objects = 0;
  bool leaf = false;                       // the last level
  std::optional<Utilization> utilization;  // of subnets and ranges, summed
};
BOOST_DESCRIBE_STRUCT(GroupNode, (), (value, objects, leaf, utilization))

}  // namespace ipam::contract
