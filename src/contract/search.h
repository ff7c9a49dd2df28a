// The search box in the API: /api/v1/search. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

// How a text was understood. Query: the small language of docs/query-language.md.
enum class SearchMeaning { Address, Prefix, HardwareAddress, Words, Query };
BOOST_DESCRIBE_ENUM(SearchMeaning, Address, Prefix, HardwareAddress, Words, Query)

struct SearchHit {
  std::string kind;            // "subnet", "lease"
  std::optional<ObjectId> id;  // of what has one
  std::string name;            // what a person calls it: a prefix, an address, a name
  std::string detail;          // what else it is known by
  std::string space;           // where it is, by name
  std::string server;          // whose it is, by name
};
BOOST_DESCRIBE_STRUCT(SearchHit, (), (kind, id, name, detail, space, server))

struct SearchAnswer {
  SearchMeaning understood_as = SearchMeaning::Words;
  std::vector<SearchHit> items;
  std::vector<SearchHit> parents;    // of an address or prefix: what it lies in, the innermost first
  std::vector<std::string> more_of;  // kinds of which there is more than was asked for
};
BOOST_DESCRIBE_STRUCT(SearchAnswer, (), (understood_as, items, parents, more_of))

}  // namespace ipam::contract
