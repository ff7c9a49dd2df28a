// Import profiles in the API: /api/v1/import_profiles. Thread rule: plain values.
#pragma once

#include "contract/interchange.h"

namespace ipam::contract {

// Which columns of somebody's spreadsheet mean what here.
struct ImportProfile {
  ObjectId id;
  std::string name;
  ImportKind kind = ImportKind::Address;
  std::map<std::string, std::string> map;  // of the file → of this server, or a custom field; empty: left out on purpose
  std::string description;
  std::string user;  // who last changed it
  Time changed_at{};
};
BOOST_DESCRIBE_STRUCT(ImportProfile, (), (id, name, kind, map, description, user, changed_at))

struct ImportProfileCreate {
  std::string name;
  ImportKind kind = ImportKind::Address;
  std::map<std::string, std::string> map;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(ImportProfileCreate, (), (name, kind, map, description))

struct ImportProfilePatch {
  std::optional<std::string> name;
  std::optional<std::map<std::string, std::string>> map;
  Patch<std::string> description;
};
BOOST_DESCRIBE_STRUCT(ImportProfilePatch, (), (name, map, description))

}  // namespace ipam::contract
