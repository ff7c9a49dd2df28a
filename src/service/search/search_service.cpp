#include "service/search/search_service.h"

#include "service/search/fullest.h"
#include "service/search/query_tree.h"
#include "service/search/word_conditions.h"
#include "wire/query_text/parser.h"

#include <map>

namespace ipam::service {
namespace {

using search::QueryNode;
using search::QueryTree;
using store::Comparison;
using store::Page;
using store::Query;

constexpr std::size_t kScannedAtOnce = 1'000;

Error in_parameter(std::string_view parameter, const Error& error) { return Error::field("/" + std::string(parameter), error.message); }

template <class T>
search::QueriedKind kind_of() {
  return {model::type_name<T>(), search::query_fields<T>(), search::kFirstColumn<T>, search::kLastColumn<T>, search::kHasPlace<T>};
}

template <class T>
Result<void> add_words(std::vector<store::Condition>& where, const std::string& words) {
  auto conditions = search::word_conditions(words, search::word_columns<T>(model::type_name<T>()));
  if (!conditions.ok()) return in_parameter("q", conditions.error());
  where.insert(where.end(), conditions->begin(), conditions->end());
  return {};
}

void add(std::vector<store::Condition>& where, std::vector<store::Condition> more) {
  where.insert(where.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

template <Planned T>
Result<QueryTree> SearchService::understand(const Principal& principal, const std::string& text) {
  const auto expression = wire::query_text::parse(text);
  if (!expression.ok()) return in_parameter("query", expression.error());
  search::QueryWords words{IPAM_TRY(planning_.fields().catalog()), {}, clock_.now(), planning_.expiry_alert()};
  words.space = [&](std::string_view name) -> Result<std::int64_t> {
    return static_cast<std::int64_t>(IPAM_TRY(planning_.find_space(principal, name)).id.value);
  };
  auto tree = search::understand(*expression, kind_of<T>(), words);
  if (!tree.ok()) return in_parameter("query", tree.error());
  return tree;
}

template <Planned T>
Result<Page<T>> SearchService::list(const Principal& principal, Query query, const Wanted& wanted) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  if (wanted.words) IPAM_TRY(add_words<T>(query.where, *wanted.words));
  const bool by_fullness = wanted.order != Wanted::Order::Stored;
  if (!wanted.query && by_fullness) return list_by_fullness<T>(principal, std::move(query), nullptr, wanted.order);
  if (!wanted.query) return planning_.list<T>(principal, query);
  const QueryTree tree = IPAM_TRY(understand<T>(principal, *wanted.query));
  add(query.where, conditions_of(tree.may_hold()));
  if (by_fullness) return list_by_fullness<T>(principal, std::move(query), tree.is_computed() ? &tree : nullptr, wanted.order);
  return tree.is_computed() ? list_computed<T>(principal, std::move(query), tree) : planning_.list<T>(principal, query);
}

template <Planned T>
Result<std::uint64_t> SearchService::count(const Principal& principal, std::vector<store::Condition> where, const Wanted& wanted) {
  if (wanted.words) IPAM_TRY(add_words<T>(where, *wanted.words));
  if (wanted.query) {
    const QueryTree tree = IPAM_TRY(understand<T>(principal, *wanted.query));
    if (tree.is_computed())
      return Error::field("/count", "is not possible with a query about what is computed (utilization, overlap, mapped); leave it out");
    add(where, conditions_of(tree.root));
  }
  return planning_.count<T>(principal, where);
}

// The rows that may match, in pages, until enough do.
template <Planned T>
Result<Page<T>> SearchService::list_computed(const Principal& principal, Query query, const QueryTree& tree) {
  const QueryNode sure = tree.may_hold();
  const std::size_t wanted = query.limit;
  Page<T> answer;
  for (std::size_t scanned = 0; scanned < kMaxScanned; scanned += kScannedAtOnce) {
    query.limit = kScannedAtOnce;
    const Page<T> page = IPAM_TRY(planning_.list<T>(principal, query));
    const auto match = IPAM_TRY(matching<T>(page.items, tree, sure));
    for (std::size_t i = 0; i < page.items.size(); ++i) {
      if (!match[i]) continue;
      answer.items.push_back(page.items[i]);
      if (answer.items.size() < wanted) continue;
      // The same page up to here has the cursor that goes on behind this row.
      query.limit = i + 1;
      answer.next_cursor = IPAM_TRY(planning_.list<T>(principal, query)).next_cursor;
      return answer;
    }
    answer.next_cursor = page.next_cursor;
    if (page.next_cursor.empty()) return answer;
    query.after = IPAM_TRY(store::read_cursor(page.next_cursor));
  }
  return answer;
}

// All that match are looked at for each page; of them only a page is kept.
template <Planned T>
Result<Page<T>> SearchService::list_by_fullness(const Principal& principal, Query query, const QueryTree* tree, Wanted::Order order) {
  if constexpr (!search::kHasUtilization<T>) {
    return Error::field("/sort", "such objects have no utilization");
  } else {
    search::FullestPage<T> fullest = IPAM_TRY(search::FullestPage<T>::create(query, order == Wanted::Order::FullestFirst));
    const QueryNode sure = tree != nullptr ? tree->may_hold() : QueryNode{};
    query.limit = kScannedAtOnce;
    query.after.clear();
    for (std::size_t scanned = 0;; scanned += kScannedAtOnce) {
      if (scanned >= kMaxOrdered) {
        return Error::field("/sort",
                            fmt::format("{} objects at most are sorted by utilization; narrow the list by within, space, q or query", kMaxOrdered));
      }
      const Page<T> page = IPAM_TRY(planning_.list<T>(principal, query));
      const auto match = tree != nullptr ? IPAM_TRY(matching<T>(page.items, *tree, sure)) : std::vector<bool>(page.items.size(), true);
      for (std::size_t i = 0; i < page.items.size(); ++i) {
        if (match[i]) fullest.add(page.items[i], percent_used(planning_.usage(page.items[i])));
      }
      if (page.next_cursor.empty()) return std::move(fullest).page();
      query.after = IPAM_TRY(store::read_cursor(page.next_cursor));
    }
  }
}

// Rows with the same truths are told by one condition; most often there is nothing left to ask.
template <Planned T>
Result<std::vector<bool>> SearchService::matching(const std::vector<T>& rows, const QueryTree& tree, const QueryNode& sure) {
  std::map<std::vector<bool>, std::vector<std::size_t>> groups;
  OverlapReader overlaps = planning_.overlaps();
  for (std::size_t i = 0; i < rows.size(); ++i) groups[IPAM_TRY(truths(rows[i], tree, overlaps))].push_back(i);
  std::vector<bool> match(rows.size(), false);
  for (const auto& [known, members] : groups) {
    const QueryNode node = tree.holds(known);
    if (node.kind == QueryNode::Kind::Constant || node == sure) {
      for (const std::size_t i : members) match[i] = node == sure || node.constant;
      continue;
    }
    Query query;
    query.where = conditions_of(node);
    query.limit = members.size();
    store::Condition among{"id", Comparison::In, {}};
    std::map<std::uint64_t, std::size_t> places;
    for (const std::size_t i : members) {
      among.values.push_back(store::to_value(rows[i].id));
      places.emplace(rows[i].id.value, i);
    }
    query.where.push_back(std::move(among));
    const auto reader = IPAM_TRY(store_.open_reader());
    for (const T& found : IPAM_TRY(store::list<T>(*reader, query)).items) match[places.at(found.id.value)] = true;
  }
  return match;
}

namespace {

double number_of(search::Computed what, const occupancy::Usage& usage) {
  switch (what) {
    case search::Computed::Used: return ip::to_double(usage.used);
    case search::Computed::Free: return usage.capacity > usage.used ? ip::to_double(usage.capacity - usage.used) : 0;
    case search::Computed::Capacity: return ip::to_double(usage.capacity);
    default: return percent_used(usage);
  }
}

}  // namespace

template <Planned T>
Result<std::vector<bool>> SearchService::truths(const T& object, const QueryTree& tree, OverlapReader& overlaps) const {
  std::vector<bool> known;
  if constexpr (search::kHasPlace<T>) {
    std::optional<occupancy::Usage> usage;
    for (const search::ComputedTest& test : tree.tests) {
      if (test.what == search::Computed::Mapped) {
        known.push_back(test.holds(planning_.is_mapped(object) ? "true" : "false"));
        continue;
      }
      if constexpr (std::is_same_v<T, model::Range>) {
        if (test.what == search::Computed::Overlap) {
          known.push_back(test.holds(model::enum_to_text(IPAM_TRY(overlaps.read(object)).overlap)));
          continue;
        }
      }
      if constexpr (search::kHasUtilization<T>) {
        if (!usage) usage = planning_.usage(object);
        if (test.what == search::Computed::Status) {
          const Fullness fullness = fullness_of(percent_used(*usage), planning_.thresholds(), object.under_percent, object.over_percent);
          known.push_back(test.holds(model::enum_to_text(fullness)));
        } else {
          known.push_back(test.holds(number_of(test.what, *usage)));
        }
      }
    }
  }
  return known;
}

#define IPAM_SEARCHED(T)                                                                   \
  template Result<Page<T>> SearchService::list<T>(const Principal&, Query, const Wanted&); \
  template Result<std::uint64_t> SearchService::count<T>(const Principal&, std::vector<store::Condition>, const Wanted&)
IPAM_SEARCHED(model::AddressSpace);
IPAM_SEARCHED(model::Block);
IPAM_SEARCHED(model::Subnet);
IPAM_SEARCHED(model::Range);
IPAM_SEARCHED(model::Address);
#undef IPAM_SEARCHED

}  // namespace ipam::service
