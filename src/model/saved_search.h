// A list as a person wants to see it again: which kind, which objects, which columns. Bookkeeping. Thread rule: plain values.
#pragma once

#include "model/access.h"

namespace ipam::model {

// What a list shows. The texts are those of the API: its parameters and its fields.
enum class ListedKind : std::uint8_t { AddressSpace, Block, Subnet, Range, Address };
BOOST_DESCRIBE_ENUM(ListedKind, AddressSpace, Block, Subnet, Range, Address)

enum class Sharing : std::uint8_t { Own, Everyone };
BOOST_DESCRIBE_ENUM(Sharing, Own, Everyone)

struct SavedSearch {
  Id<SavedSearch> id;
  Id<User> user_id;
  std::string user_name;
  std::string name;  // unique among those of a user
  ListedKind kind = ListedKind::Subnet;
  std::string query;                 // in the language of docs/query-language.md; empty: everything
  std::string words;                 // as in the search box
  std::vector<std::string> columns;  // fields of the kind or of its custom fields, in order; none: the usual ones
  std::string sort;                  // as the list's parameter
  Sharing sharing = Sharing::Own;    // who else sees it; changed by its user alone
  Time changed_at{};

  bool operator==(const SavedSearch&) const = default;
};
BOOST_DESCRIBE_STRUCT(SavedSearch, (), (id, user_id, user_name, name, kind, query, words, columns, sort, sharing, changed_at))

}  // namespace ipam::model
