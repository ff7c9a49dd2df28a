// What the whole database is tied to, told once. Errors as in store.h. Thread rule: any thread; calls block.
#pragma once

#include "store/store.h"

namespace ipam::store {

struct DatabaseProperty {
  std::string name;  // "master_key_id"
  std::string value;
};
BOOST_DESCRIBE_STRUCT(DatabaseProperty, (), (name, value))

template <>
struct TableInfo<DatabaseProperty> {
  static constexpr std::string_view name = "database_property";
  static constexpr std::size_t key_columns = 1;
  static constexpr bool versioned = false;
};

// The value that the database has under this name; `value` itself when it had none, which is written then. Of two nodes that come at once both get
// the one value that was written.
Result<std::string> get_or_set_property(Store& store, const std::string& name, const std::string& value);
// The value, if there is one.
Result<std::optional<std::string>> find_property(Store& store, const std::string& name);

}  // namespace ipam::store
