// Column: one field of an object as a file names it: how its text is read into an object and written from it.
//
// A file's header may write a name in any case, with or without spaces, hyphens and underscores: "IP Address", "IpAddress" and "ip_address" are one
// column. The first name is what exports write, as Microsoft's IPAM does where it has the column. Thread rule: constants and pure functions.
#pragma once

#include "base/result.h"
#include "model/address_plan.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::service::interchange {

// Lower case, without what header names differ by.
std::string column_key(std::string_view name);

// Key: says which object is meant, and must be there. Field: set when the file has the column. Place: where the object lies (space, network): read by
// the importer itself. Derived: written for people, passed over when it is read.
enum class Role { Key, Field, Place, Derived };

// Names that objects have only as ids, looked up for an export.
struct Surroundings {
  std::string space;
  std::string network;                        // of a range: its subnet
  std::map<std::string, std::string> custom;  // of its custom fields, by their names
};

template <class T>
struct Column {
  std::vector<std::string_view> names;
  Role role = Role::Field;
  // Trimmed text into the object; an empty one empties the field. Errors: InvalidArgument, of this text. Null: Place, Derived.
  Result<void> (*read)(T& object, std::string_view text) = nullptr;
  std::string (*write)(const T& object, const Surroundings& around) = nullptr;  // null: exports leave it out
};

// The columns of a kind, in the order of exports.
template <class T>
std::span<const Column<T>> columns();
template <>
std::span<const Column<model::Block>> columns();
template <>
std::span<const Column<model::Subnet>> columns();
template <>
std::span<const Column<model::Range>> columns();
template <>
std::span<const Column<model::Address>> columns();

// The column that a header means; null when there is none.
template <class T>
const Column<T>* find_column(std::string_view header) {
  const std::string key = column_key(header);
  for (const Column<T>& column : columns<T>()) {
    for (const std::string_view name : column.names) {
      if (column_key(name) == key) return &column;
    }
  }
  return nullptr;
}

}  // namespace ipam::service::interchange
