// Custom fields: what an organisation records of its objects beyond the fields that Cadastre itself works with, and the groups that follow from them.
//
// Microsoft's IPAM calls a field of kind Text free-form and one of kind Choice multi-valued. Its eighteen built-in fields are here from the first
// start, under Microsoft's numbers (MS-IPAMM2, section 3.1.1.1.14). Thread rule: plain values and pure functions.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "model/describe.h"
#include "model/id.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ipam::model {

// What an object says in its custom fields: the field's id in decimal digits → the value. Of a Choice field the value is the id of one of its
// CustomFieldValues, so that a renamed value stays what it was; of the others it is the text in its canonical form. An empty value is not kept.
using CustomValues = std::map<std::string, std::string>;

// Choice: one of the field's values, which are objects of their own. Date: "2026-11-27". Boolean: "true" or "false".
enum class CustomFieldKind : std::uint8_t { Text, Integer, Decimal, Boolean, Date, Address, Prefix, Url, Choice };
BOOST_DESCRIBE_ENUM(CustomFieldKind, Text, Integer, Decimal, Boolean, Date, Address, Prefix, Url, Choice)

struct CustomField {
  Id<CustomField> id;
  std::uint64_t revision = 0;
  std::string name;  // unique, whatever its case
  CustomFieldKind kind = CustomFieldKind::Text;
  std::uint32_t built_in = 0;  // Microsoft's number of a built-in field; 0: one that was added
  std::string description;

  bool operator==(const CustomField&) const = default;
};
BOOST_DESCRIBE_STRUCT(CustomField, (), (id, revision, name, kind, built_in, description))

// One value that a Choice field may take.
struct CustomFieldValue {
  Id<CustomFieldValue> id;
  std::uint64_t revision = 0;
  Id<CustomField> field_id;
  std::string text;  // unique in its field, whatever its case
  bool built_in = false;

  bool operator==(const CustomFieldValue&) const = default;
};
BOOST_DESCRIBE_STRUCT(CustomFieldValue, (), (id, revision, field_id, text, built_in))

struct ValuePair {
  Id<CustomFieldValue> first;
  Id<CustomFieldValue> second;

  auto operator<=>(const ValuePair&) const = default;
};
BOOST_DESCRIBE_STRUCT(ValuePair, (), (first, second))

// Which values of two Choice fields go together. An object that has a value of each must have a pair that stands here; one that has only the first
// gets the second where exactly one belongs to it, and the other way round.
struct CustomFieldAssociation {
  Id<CustomFieldAssociation> id;
  std::uint64_t revision = 0;
  Id<CustomField> first_field_id;
  Id<CustomField> second_field_id;
  std::vector<ValuePair> pairs;  // ascending, none twice

  bool operator==(const CustomFieldAssociation&) const = default;
};
BOOST_DESCRIBE_STRUCT(CustomFieldAssociation, (), (id, revision, first_field_id, second_field_id, pairs))

enum class GroupedKind : std::uint8_t { Subnet, Range, Address, ManagedServer };
BOOST_DESCRIBE_ENUM(GroupedKind, Subnet, Range, Address, ManagedServer)

// A logical group: objects of one kind as a tree, one level for each of its Choice fields. The nodes are computed: a value and its way from the top.
struct LogicalGroup {
  Id<LogicalGroup> id;
  std::uint64_t revision = 0;
  std::string name;  // unique
  GroupedKind kind = GroupedKind::Subnet;
  std::vector<Id<CustomField>> fields;  // 1 to 8, none twice
  bool built_in = false;
  std::string description;

  bool operator==(const LogicalGroup&) const = default;
};
BOOST_DESCRIBE_STRUCT(LogicalGroup, (), (id, revision, name, kind, fields, built_in, description))

// Derived from the custom values of all objects, in the same commit: what is found by a field, and what keeps a field or value from being deleted.
struct CustomUse {
  Id<CustomField> field_id;
  std::string value;  // as in CustomValues
  std::string object_type;
  std::uint64_t object_id = 0;

  auto operator<=>(const CustomUse&) const = default;
};
BOOST_DESCRIBE_STRUCT(CustomUse, (), (field_id, value, object_type, object_id))

// Objects that have custom fields.
template <class T>
concept HasCustomValues = requires(const T& object) {
  { object.custom } -> std::convertible_to<const CustomValues&>;
};

// The value that an object has in a field, or null.
const std::string* find_custom(const CustomValues& values, Id<CustomField> field);
// Sets it; an empty text removes it.
void set_custom(CustomValues& values, Id<CustomField> field, std::string text);
// A text as a field of this kind (not Choice) keeps it: "2026-1-7" is no date, "0012" is the integer 12. Errors: InvalidArgument, saying what is
// expected.
Result<std::string> canonical_custom_text(CustomFieldKind kind, std::string_view text);

// Microsoft's numbers of the built-in fields that Cadastre itself knows of.
enum class BuiltInField : std::uint32_t {
  Rir = 1,
  DeviceType = 7,
  NetworkSite = 14,
  VmNetwork = 15,
  Tenant = 16,
  IsolationMethod = 17,
};

}  // namespace ipam::model
