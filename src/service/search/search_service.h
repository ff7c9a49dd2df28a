// SearchService: the address plan by queries and words, and one search over everything that has a name or an address.
//
// Errors: InvalidArgument (on /query or /q, with the column of what was not understood), PermissionDenied, those of the store. Thread rule: any
// thread that may block on the database.
#pragma once

#include "service/planning/planning_service.h"

namespace ipam::service {

namespace search {
struct QueryNode;
struct QueryTree;
}  // namespace search

// What is looked for beside a list's own filters.
struct Wanted {
  std::optional<std::string> query;  // in the language of docs/query-language.md
  std::optional<std::string> words;
  // By how full things are; those that are equally full in the list's own order.
  enum class Order : std::uint8_t { Stored, FullestFirst, EmptiestFirst };
  Order order = Order::Stored;
};

// One thing that was found.
struct SearchHit {
  std::string kind;      // "subnet", "lease"
  std::uint64_t id = 0;  // 0: it has none
  std::string name;      // what a person calls it: a prefix, an address, a name
  std::string detail;    // what else it is known by
  std::string space;
  std::string server;
};

struct SearchResult {
  std::string understood_as;         // "address", "prefix", "hardware_address", "words" or "query"
  std::vector<SearchHit> hits;       // the nearest first: by kind, then in the order of their lists
  std::vector<SearchHit> parents;    // of an address or prefix: what it lies in, the innermost first
  std::vector<std::string> more_of;  // kinds of which there is more than was asked for
};

class SearchService {
 public:
  static constexpr std::size_t kMaxHits = 100;  // of a kind
  // Rows that one page of a query about what is computed reads at most.
  static constexpr std::size_t kMaxScanned = 20'000;
  // Objects that are ordered by how full they are at most: each page of such a list looks at all of them.
  static constexpr std::size_t kMaxOrdered = 100'000;

  SearchService(store::Store& store, PlanningService& planning, const Clock& clock) : store_(store), planning_(planning), clock_(clock) {}

  // A page may end before query.limit, with a cursor behind what was looked at. Errors: also InvalidArgument on /sort: more objects than are ordered
  // by how full they are.
  template <Planned T>
  Result<store::Page<T>> list(const Principal& principal, store::Query query, const Wanted& wanted);
  // Errors: also InvalidArgument on /count: a query about what is computed is not counted.
  template <Planned T>
  Result<std::uint64_t> count(const Principal& principal, std::vector<store::Condition> where, const Wanted& wanted);

  // At most `limit` of each kind. What the principal may not read is not looked for.
  Result<SearchResult> find(const Principal& principal, std::string_view text, std::size_t limit);

 private:
  template <Planned T>
  Result<search::QueryTree> understand(const Principal& principal, const std::string& text);
  template <Planned T>
  Result<store::Page<T>> list_computed(const Principal& principal, store::Query query, const search::QueryTree& tree);
  template <Planned T>
  Result<store::Page<T>> list_by_fullness(const Principal& principal, store::Query query, const search::QueryTree* tree, Wanted::Order order);
  template <Planned T>
  Result<std::vector<bool>> matching(const std::vector<T>& rows, const search::QueryTree& tree, const search::QueryNode& sure);
  template <Planned T>
  Result<std::vector<bool>> truths(const T& object, const search::QueryTree& tree, OverlapReader& overlaps) const;

  store::Store& store_;
  PlanningService& planning_;
  const Clock& clock_;
};

}  // namespace ipam::service
