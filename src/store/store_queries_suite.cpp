// The contract, part three: filters match what they say, and pages neither lose nor repeat rows.
#include "store/store_contract_suite.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace ipam::store {
namespace {

using model::Lease;
using model::Subnet;
using Key = std::vector<Value>;  // of a lease

// Leases with many equal names and times, so that the order hangs on every sort key.
std::vector<Lease> leases(std::uint32_t from, std::uint32_t count) {
  std::mt19937 random(from);
  std::vector<Lease> rows(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    rows[i].server_id.value = 1 + random() % 3;
    rows[i].address = random() % 4 == 0 ? ip::Address::v6(from + i) : ip::Address::v4(from + i);
    rows[i].hostname = "host-" + std::to_string(random() % 20);
    rows[i].expires_at = Time(Duration(random() % 7));
    rows[i].state = random() % 2 == 0 ? model::LeaseState::Active : model::LeaseState::Declined;
  }
  return rows;
}

Key key_of(const Lease& lease) { return {to_value(lease.server_id), to_value(lease.address)}; }

WriteSet puts(const std::vector<Lease>& rows) {
  WriteSet writes;
  for (const Lease& row : rows) writes.put(row);
  return writes;
}

// Keys of all rows, page by page, each page in a snapshot of its own.
std::vector<Key> walk(Store& store, Query query, const std::function<void()>& between = {}) {
  std::vector<Key> keys;
  while (true) {
    auto reader = store.open_reader().value();
    const auto page = list<Lease>(*reader, query);
    if (!page.ok()) {
      ADD_FAILURE() << page.error().describe();
      return keys;
    }
    EXPECT_LE(page->items.size(), query.limit);
    for (const Lease& lease : page->items) keys.push_back(key_of(lease));
    if (page->next_cursor.empty()) return keys;
    EXPECT_EQ(page->items.size(), query.limit);
    query.after = read_cursor(page->next_cursor).value();
    reader.reset();
    if (between) between();
  }
}

// The keys in the order that `sort` and the primary key demand, by comparing cells in memory.
std::vector<Key> sorted_keys(const std::vector<Lease>& rows, const std::vector<SortKey>& sort) {
  std::vector<std::vector<Value>> cells;
  for (const Lease& row : rows) cells.push_back(to_cells(row));
  const auto order = total_order(table<Lease>(), {.sort = sort});
  std::sort(cells.begin(), cells.end(), [&](const auto& a, const auto& b) {
    for (const SortKey& key : order) {
      const auto column = static_cast<std::size_t>(table<Lease>().find_column(key.column));
      if (a[column] != b[column]) return (a[column] < b[column]) != key.descending;
    }
    return false;
  });
  std::vector<Key> keys;
  for (const auto& row : cells) keys.push_back({row[0], row[1]});
  return keys;
}

const std::vector<std::vector<SortKey>> kOrders = {
    {},
    {{"hostname"}},
    {{"hostname", true}},
    {{"expires_at"}, {"hostname", true}},
    {{"state", true}, {"expires_at"}, {"hostname"}},
    {{"address", true}},
    {{"hostname"}, {"address", true}, {"server_id"}},
};

TEST_P(StoreQueries, PagesHoldEveryRowOnceInOrder) {
  const auto rows = leases(0, 4'000);
  ASSERT_TRUE(store().commit(puts(rows)).ok());
  for (const auto& sort : kOrders) {
    const auto expected = sorted_keys(rows, sort);
    for (const std::size_t limit : {97UL, 1'000UL}) EXPECT_TRUE(walk(store(), {.sort = sort, .limit = limit}) == expected);
    // The other way round.
    std::vector<SortKey> reversed = sort.empty() ? std::vector<SortKey>{{"server_id", true}} : sort;
    if (!sort.empty()) std::for_each(reversed.begin(), reversed.end(), [](SortKey& key) { key.descending = !key.descending; });
    EXPECT_TRUE(walk(store(), {.sort = reversed, .limit = 97}) == std::vector<Key>(expected.rbegin(), expected.rend()));
  }
}

TEST_P(StoreQueries, PagesOfOneRowEndAfterTheLast) {
  const auto rows = leases(0, 5);
  ASSERT_TRUE(store().commit(puts(rows)).ok());
  EXPECT_EQ(walk(store(), {.sort = {{"hostname"}}, .limit = 1}), sorted_keys(rows, {{"hostname"}}));
  EXPECT_EQ(walk(store(), {.sort = {{"hostname"}}, .limit = 5}).size(), 5U);
}

TEST_P(StoreQueries, RowsThatComeBetweenPagesNeitherHideNorRepeatOthers) {
  const auto rows = leases(0, 2'000);
  ASSERT_TRUE(store().commit(puts(rows)).ok());
  std::uint32_t next = 100'000;
  for (const auto& sort : kOrders) {
    const auto keys = walk(store(), {.where = {{"scope_key", Comparison::NotEqual, std::string("gone")}}, .sort = sort, .limit = 150}, [&] {
      ASSERT_TRUE(store().commit(puts(leases(next, 50))).ok());
      next += 50;
    });
    const std::set<Key> once(keys.begin(), keys.end());
    EXPECT_EQ(once.size(), keys.size());
    for (const Lease& row : rows) EXPECT_TRUE(once.contains(key_of(row)));
  }
}

TEST_P(StoreQueries, PagesKeepTheirFilter) {
  const auto rows = leases(0, 2'000);
  ASSERT_TRUE(store().commit(puts(rows)).ok());
  std::vector<Lease> matching;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(matching),
               [](const Lease& row) { return row.state == model::LeaseState::Declined && row.hostname != "host-3"; });
  const std::vector<Condition> where = {{"state", Comparison::Equal, to_value(model::LeaseState::Declined)},
                                        {"hostname", Comparison::NotEqual, std::string("host-3")}};
  EXPECT_EQ(walk(store(), {.where = where, .sort = {{"expires_at", true}}, .limit = 33}), sorted_keys(matching, {{"expires_at", true}}));
  const auto snapshot = reader();
  EXPECT_EQ(count(*snapshot, table<Lease>(), where).value(), matching.size());
  EXPECT_EQ(count(*snapshot, table<Lease>(), {}).value(), rows.size());
}

// ---- filters, compared with the same filter in memory --------------------------------------------------------------------------------------

bool text_matches(const Value& cell, const Condition& condition) {
  const std::string text = to_lower(std::get<std::string>(cell)), part = to_lower(std::get<std::string>(condition.value));
  return condition.comparison == Comparison::Contains ? text.find(part) != std::string::npos : text.starts_with(part);
}

bool matches(const Value& cell, const Condition& condition) {
  const bool null = std::holds_alternative<std::monostate>(cell);
  if (condition.comparison == Comparison::IsNull) return null;
  if (null) return false;
  switch (condition.comparison) {
    case Comparison::Equal: return cell == condition.value;
    case Comparison::NotEqual: return cell != condition.value;
    case Comparison::Less: return cell < condition.value;
    case Comparison::LessOrEqual: return cell <= condition.value;
    case Comparison::Greater: return cell > condition.value;
    case Comparison::GreaterOrEqual: return cell >= condition.value;
    case Comparison::In: return std::find(condition.values.begin(), condition.values.end(), cell) != condition.values.end();
    case Comparison::IsNotNull: return true;
    default: return text_matches(cell, condition);
  }
}

std::vector<Subnet> subnets() {
  const std::vector<std::string> names = {"", "Alpha", "alphabet", "beta", "50% off", "a_b", "aXb", R"(back\slash)", "zürich", "'; --", "Beta alpha"};
  std::vector<Subnet> rows;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Subnet subnet;
    subnet.id.value = 10 + i;
    subnet.revision = 1;
    subnet.space_id.value = 1;
    subnet.name = names[i];
    if (i % 3 != 0) subnet.vsid = static_cast<std::uint32_t>(100 * i);
    const auto network = i % 2 == 0 ? ip::Address::v4(static_cast<std::uint32_t>(0x0A000000 + (i << 8))) : ip::Address::v6(ip::make_u128(i, 0));
    subnet.prefix = ip::Prefix::create(network, i % 2 == 0 ? 24 : 64).value();
    rows.push_back(subnet);
  }
  return rows;
}

std::vector<Condition> conditions() {
  std::vector<Condition> all;
  const auto rows = subnets();
  for (const Comparison comparison :
       {Comparison::Equal, Comparison::NotEqual, Comparison::Less, Comparison::LessOrEqual, Comparison::Greater, Comparison::GreaterOrEqual}) {
    for (const std::size_t row : {0UL, 3UL, 5UL, 10UL}) {
      all.push_back({"id", comparison, to_value(rows[row].id)});
      all.push_back({"name", comparison, rows[row].name});
      all.push_back({"prefix", comparison, to_value(rows[row].prefix)});
    }
    all.push_back({"vsid", comparison, std::int64_t{500}});
  }
  for (const std::string part : {"", "alpha", "BETA", "%", "_", "\\", "0% o", "a_b", "zürich", "'", "none"}) {
    all.push_back({"name", Comparison::Contains, part});
    all.push_back({"name", Comparison::StartsWith, part});
  }
  for (const std::string column : {"vsid", "name"}) {
    all.push_back({column, Comparison::IsNull, {}});
    all.push_back({column, Comparison::IsNotNull, {}});
  }
  all.push_back({"vsid", Comparison::In, {}, {}});
  all.push_back({"vsid", Comparison::In, {}, {std::int64_t{100}, std::int64_t{700}, std::int64_t{9}}});
  all.push_back({"name", Comparison::In, {}, {std::string("beta"), std::string("'; --"), std::string("beta")}});
  all.push_back({"prefix", Comparison::In, {}, {to_value(rows[1].prefix), to_value(rows[2].prefix)}});
  return all;
}

TEST_P(StoreQueries, EveryComparisonMatchesWhatItSays) {
  model::AddressSpace space;
  space.id.value = 1;
  WriteSet writes;
  writes.insert(space);
  for (const Subnet& subnet : subnets()) writes.insert(subnet);
  ASSERT_TRUE(store().commit(writes).ok());
  const auto snapshot = reader();
  for (const Condition& condition : conditions()) {
    std::vector<Subnet> expected;
    const auto column = static_cast<std::size_t>(table<Subnet>().find_column(condition.column));
    for (const Subnet& subnet : subnets()) {
      if (matches(to_cells(subnet)[column], condition)) expected.push_back(subnet);
    }
    const auto page = list<Subnet>(*snapshot, {.where = {condition}});
    ASSERT_TRUE(page.ok()) << page.error().describe();
    EXPECT_EQ(page->items, expected) << condition.column << " " << static_cast<int>(condition.comparison);
    EXPECT_EQ(count(*snapshot, table<Subnet>(), {condition}).value(), expected.size());
  }
}

TEST_P(StoreQueries, ConditionsAreAllMet) {
  ASSERT_TRUE(store().commit(puts(leases(0, 500))).ok());
  const auto snapshot = reader();
  const std::vector<Condition> where = {{"server_id", Comparison::Equal, std::int64_t{2}}, {"expires_at", Comparison::Less, std::int64_t{3}}};
  const auto page = list<Lease>(*snapshot, {.where = where, .limit = 500});
  ASSERT_FALSE(page->items.empty());
  for (const Lease& lease : page->items) EXPECT_TRUE(lease.server_id.value == 2 && lease.expires_at < Time(Duration(3)));
  EXPECT_TRUE(find_where<Lease>(*snapshot, where)->has_value());
  EXPECT_FALSE(find_where<Lease>(*snapshot, {{"server_id", Comparison::Equal, std::int64_t{9}}})->has_value());
}

TEST_P(StoreQueries, AConditionInSqlTakesItsValuesInTheirOrder) {
  ASSERT_TRUE(store().commit(puts(leases(0, 500))).ok());
  const auto snapshot = reader();
  const std::vector<Condition> in_sql = {{"server_id = ? AND expires_at < ?", Comparison::Holds, {}, {std::int64_t{2}, std::int64_t{3}}},
                                         {"hostname", Comparison::NotEqual, std::string("host-3")}};
  const std::vector<Condition> plain = {{"server_id", Comparison::Equal, std::int64_t{2}},
                                        {"expires_at", Comparison::Less, std::int64_t{3}},
                                        {"hostname", Comparison::NotEqual, std::string("host-3")}};
  const auto found = list<Lease>(*snapshot, {.where = in_sql, .limit = 500});
  ASSERT_TRUE(found.ok()) << found.error().describe();
  ASSERT_FALSE(found->items.empty());
  EXPECT_EQ(found->items, list<Lease>(*snapshot, {.where = plain, .limit = 500})->items);
  EXPECT_EQ(count(*snapshot, table<Lease>(), in_sql).value(), found->items.size());
}

TEST_P(StoreQueries, AQueryEndsWhenItsReceiverSaysSo) {
  ASSERT_TRUE(store().commit(puts(leases(0, 100))).ok());
  const auto snapshot = reader();
  int seen = 0;
  const auto stopped = for_each<Lease>(*snapshot, {}, [&](const Lease&) -> Result<bool> { return ++seen < 10; });
  EXPECT_TRUE(stopped.ok());
  EXPECT_EQ(seen, 10);
  const auto failed = for_each<Lease>(*snapshot, {}, [&](const Lease&) -> Result<bool> { return Error(ErrorCode::Cancelled, "enough"); });
  EXPECT_EQ(failed.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(count(*snapshot, table<Lease>(), {}).value(), 100U);
}

TEST_P(StoreQueries, AReceiverMayQueryTheSameReader) {
  ASSERT_TRUE(store().commit(puts(leases(0, 40))).ok());
  const auto snapshot = reader();
  std::size_t pairs = 0;
  const auto outer = for_each<Lease>(*snapshot, {}, [&](const Lease&) -> Result<bool> {
    IPAM_TRY(for_each<Lease>(*snapshot, {}, [&](const Lease&) -> Result<bool> { return ++pairs <= 40U * 40U; }));
    return pairs <= 40U * 40U;
  });
  EXPECT_TRUE(outer.ok());
  EXPECT_EQ(pairs, 40U * 40U);
  // Also when the inner queries are so many different ones that no engine keeps them all prepared.
  std::size_t rows = 0;
  const auto many = for_each<Lease>(*snapshot, {}, [&](const Lease&) -> Result<bool> {
    for (std::size_t limit = 1; limit <= 20; ++limit) IPAM_TRY(list<Lease>(*snapshot, {.limit = 20 * rows + limit}));
    return ++rows <= 40;
  });
  EXPECT_TRUE(many.ok());
  EXPECT_EQ(rows, 40U);
}

}  // namespace

// Test programs that link this without an engine of their own run none of it.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreQueries);

std::string StoreQueries::name(const testing::TestParamInfo<MakeStoreUnderTest>&) { return "Store"; }

}  // namespace ipam::store
