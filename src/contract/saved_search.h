// Saved searches in the API: /api/v1/saved_searches. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

enum class ListedKind { AddressSpace, Block, Subnet, Range, Address };
BOOST_DESCRIBE_ENUM(ListedKind, AddressSpace, Block, Subnet, Range, Address)
enum class Sharing { Own, Everyone };
BOOST_DESCRIBE_ENUM(Sharing, Own, Everyone)

struct SavedSearch {
  ObjectId id;
  std::string name;
  ListedKind kind = ListedKind::Subnet;
  std::string query;
  std::string words;
  std::vector<std::string> columns;
  std::string sort;
  Sharing sharing = Sharing::Own;
  std::string user;
  bool own = false;  // the caller's, who may change it
  Time changed_at{};
};
BOOST_DESCRIBE_STRUCT(SavedSearch, (), (id, name, kind, query, words, columns, sort, sharing, user, own, changed_at))

struct SavedSearchCreate {
  std::string name;
  ListedKind kind = ListedKind::Subnet;
  std::optional<std::string> query;
  std::optional<std::string> words;
  std::optional<std::vector<std::string>> columns;
  std::optional<std::string> sort;
  std::optional<Sharing> sharing;
};
BOOST_DESCRIBE_STRUCT(SavedSearchCreate, (), (name, kind, query, words, columns, sort, sharing))

struct SavedSearchPatch {
  std::optional<std::string> name;
  Patch<std::string> query;
  Patch<std::string> words;
  Patch<std::vector<std::string>> columns;
  Patch<std::string> sort;
  std::optional<Sharing> sharing;
};
BOOST_DESCRIBE_STRUCT(SavedSearchPatch, (), (name, query, words, columns, sort, sharing))

}  // namespace ipam::contract
