// Which columns of somebody's spreadsheet mean what here: mapped once, kept by a name for every import. Bookkeeping. Thread rule: plain values.
#pragma once

#include "model/interchange.h"

#include <map>

namespace ipam::model {

struct ImportProfile {
  Id<ImportProfile> id;
  std::string name;  // unique
  ImportKind kind = ImportKind::Address;
  std::map<std::string, std::string> columns;  // of the file → of this server; empty: left out on purpose
  std::string description;
  std::string user_name;  // who last changed it
  Time changed_at{};

  bool operator==(const ImportProfile&) const = default;
};
BOOST_DESCRIBE_STRUCT(ImportProfile, (), (id, name, kind, columns, description, user_name, changed_at))

}  // namespace ipam::model
