#include "store/query.h"

#include "support/rapidcheck.h"

#include <limits>

namespace ipam::store {
namespace {

using model::Address;
using model::AddressSpace;
using model::JournalRecord;
using model::Lease;
using model::Subnet;

constexpr std::string_view kHostile = "name; DROP TABLE subnet; --";

std::string column_names(const std::vector<SortKey>& order) {
  std::string text;
  for (const SortKey& key : order) text += (text.empty() ? "" : " ") + key.column + (key.descending ? "-" : "+");
  return text;
}

void expect_refused(const Result<SqlText>& text, std::string_view pointer) {
  ASSERT_FALSE(text.ok()) << text->sql;
  EXPECT_EQ(text.error().code, ErrorCode::InvalidArgument);
  ASSERT_EQ(text.error().fields.size(), 1U);
  EXPECT_EQ(text.error().fields[0].pointer, pointer);
}

TEST(QueryText, SelectsTheFieldsInTheirOrder) {
  const auto text = select_sql(table<AddressSpace>(), {.limit = 7});
  EXPECT_EQ(text->sql, "SELECT id, revision, name, kind, description, owner, provider_id, custom FROM address_space ORDER BY id LIMIT 7");
  EXPECT_TRUE(text->parameters.empty());
}

TEST(QueryText, RefusesAColumnThatTheTableLacks) {
  const std::string hostile(kHostile);
  expect_refused(select_sql(table<Subnet>(), {.where = {{"color", Comparison::Equal, std::string("red")}}}), "/color");
  expect_refused(select_sql(table<Subnet>(), {.where = {{hostile, Comparison::IsNull, {}}}}), "/" + hostile);
  expect_refused(select_sql(table<Subnet>(), {.sort = {{"color"}}}), "/sort");
  expect_refused(select_sql(table<Subnet>(), {.sort = {{hostile}}}), "/sort");
  expect_refused(count_sql(table<Subnet>(), {{hostile, Comparison::Equal, std::string()}}), "/" + hostile);
  // Another table's column is no column of this one, and names are exact.
  expect_refused(count_sql(table<Subnet>(), {{"hostname", Comparison::Equal, std::string()}}), "/hostname");
  expect_refused(count_sql(table<Subnet>(), {{"NAME", Comparison::Equal, std::string()}}), "/NAME");
}

TEST(QueryText, HoldsNoValueOfACaller) {
  const Value hostile = std::string("x' OR '1'='1");
  std::vector<Condition> where;
  for (const auto comparison : {Comparison::Equal, Comparison::NotEqual, Comparison::Less, Comparison::LessOrEqual, Comparison::Greater,
                                Comparison::GreaterOrEqual, Comparison::Contains, Comparison::StartsWith}) {
    where.push_back({"name", comparison, hostile});
  }
  where.push_back({"name", Comparison::In, {}, {hostile, hostile}});
  where.push_back({"name <> ? AND owner <> ?", Comparison::Holds, {}, {hostile, hostile}});
  const Query query{.where = where, .sort = {{"name"}}, .after = {hostile, std::int64_t{4}}};
  const auto text = select_sql(table<Subnet>(), query);
  ASSERT_TRUE(text.ok()) << text.error().describe();
  EXPECT_EQ(text->sql.find("OR '1'"), std::string::npos) << text->sql;
  EXPECT_EQ(text->parameters.size(), 8U + 2U + 2U + 2U);
}

TEST(QueryText, NumbersParametersByFirstAppearance) {
  // SQLite gives "$n" its number at its first appearance, whatever n is: the first uses must ascend.
  const Query query{.where = {{"vsid", Comparison::In, {}, {std::int64_t{1}, std::int64_t{2}}},
                              {"owner", Comparison::Contains, std::string("x")},
                              {"vsid > ? OR vsid < ?", Comparison::Holds, {}, {std::int64_t{3}, std::int64_t{4}}}},
                    .sort = {{"name", true}, {"prefix"}},
                    .after = {std::string("n"), Bytes{4, 10, 0, 0, 0, 8}, std::int64_t{9}}};
  const auto text = select_sql(table<Subnet>(), query);
  ASSERT_TRUE(text.ok()) << text.error().describe();
  std::size_t seen = 0;
  for (auto at = text->sql.find('$'); at != std::string::npos; at = text->sql.find('$', at + 1)) {
    const auto number = static_cast<std::size_t>(std::atoi(text->sql.c_str() + at + 1));
    ASSERT_LE(number, seen + 1) << text->sql;
    seen = std::max(seen, number);
  }
  EXPECT_EQ(seen, text->parameters.size());
}

TEST(QueryText, EscapesThePatternCharactersOfLike) {
  const auto pattern = [](Comparison comparison, const std::string& text) {
    return std::get<std::string>(count_sql(table<Subnet>(), {{"name", comparison, text}})->parameters.at(0));
  };
  EXPECT_EQ(pattern(Comparison::Contains, R"(50%_a\b)"), R"(%50\%\_a\\b%)");
  EXPECT_EQ(pattern(Comparison::StartsWith, "%"), R"(\%%)");
  EXPECT_EQ(pattern(Comparison::Contains, ""), "%%");
}

TEST(QueryText, RefusesAValueThatTheColumnCannotHold) {
  expect_refused(count_sql(table<Subnet>(), {{"vsid", Comparison::Equal, std::string("7")}}), "/vsid");
  expect_refused(count_sql(table<Subnet>(), {{"prefix", Comparison::GreaterOrEqual, std::string("10.0.0.0/8")}}), "/prefix");
  expect_refused(count_sql(table<Subnet>(), {{"id", Comparison::In, {}, {std::int64_t{1}, Bytes{2}}}}), "/id");
  expect_refused(count_sql(table<Subnet>(), {{"vsid", Comparison::Contains, std::string("7")}}), "/vsid");
  expect_refused(count_sql(table<Subnet>(), {{"vsid", Comparison::Contains, std::int64_t{7}}}), "/vsid");
  // SQL's NULL equals nothing, which is never what a caller means.
  expect_refused(count_sql(table<Subnet>(), {{"vsid", Comparison::Equal, {}}}), "/vsid");
}

TEST(QueryText, RefusesToSortByAFieldThatMayBeEmpty) {
  // Pages go by comparison with the last row, and nothing is less or greater than NULL: such rows would be lost.
  expect_refused(select_sql(table<Subnet>(), {.sort = {{"vsid"}}}), "/sort");
  expect_refused(select_sql(table<Lease>(), {.sort = {{"hostname"}, {"client_id", true}}}), "/sort");
}

TEST(QueryText, AnEmptyListMatchesNothing) {
  EXPECT_EQ(count_sql(table<Subnet>(), {{"id", Comparison::In, {}, {}}})->sql, "SELECT COUNT(*) FROM subnet WHERE 1 = 0");
}

TEST(TotalOrder, EndsWithThePrimaryKeyOnce) {
  EXPECT_EQ(column_names(total_order(table<Subnet>(), {})), "id+");
  EXPECT_EQ(column_names(total_order(table<Subnet>(), {.sort = {{"name"}}})), "name+ id+");
  EXPECT_EQ(column_names(total_order(table<Subnet>(), {.sort = {{"name", true}}})), "name- id-");
  EXPECT_EQ(column_names(total_order(table<Subnet>(), {.sort = {{"id", true}, {"name"}}})), "id- name+");
  EXPECT_EQ(column_names(total_order(table<Lease>(), {.sort = {{"hostname"}, {"address", true}}})), "hostname+ address- server_id+");
  EXPECT_EQ(column_names(total_order(table<JournalRecord>(), {.sort = {{"at", true}}})), "at- sequence-");
}

const std::vector<Value> kEveryType = {std::int64_t{0},
                                       std::numeric_limits<std::int64_t>::min(),
                                       std::numeric_limits<std::int64_t>::max(),
                                       std::string(),
                                       std::string("i5;t0;\0;", 8),
                                       std::string("Zürich – 東京"),
                                       Bytes{},
                                       Bytes{0, 255, ';', 'n'},
                                       Value{}};

TEST(Cursor, EveryTypeOfCellReadsBack) {
  for (const Value& cell : kEveryType) {
    const auto read = read_cursor(write_cursor({cell}));
    ASSERT_TRUE(read.ok()) << write_cursor({cell});
    EXPECT_EQ(*read, std::vector<Value>{cell});
  }
  EXPECT_EQ(*read_cursor(write_cursor(kEveryType)), kEveryType);
}

RC_GTEST_PROP(Cursor, AnyCellsReadBack, (std::int64_t integer, const std::string& text, const Bytes& bytes)) {
  const std::vector<Value> cells = {bytes, integer, text, integer};
  RC_ASSERT(read_cursor(write_cursor(cells)).value() == cells);
}

TEST(Cursor, OfTheLongestDescriptionReadsBack) {
  const std::vector<Value> cells = {std::string(4000, 'd'), std::string(255, 'n'), std::int64_t{-1}};
  EXPECT_TRUE(read_cursor(write_cursor(cells)).ok());
}

TEST(Cursor, OnlyWhatThisServerWritesIsRead) {
  const auto encoded = [](std::string_view text) { return to_base64url(as_bytes(text)); };
  for (const std::string_view text : {"i", "i;", "ix;", "i1", "i1;i", "x1;", "t5;abc", "t-1;", "t-0;", "t03;abc", "i01;", "i+1;", "n7;", "n;",
                                      "b9999999999;", "i9223372036854775808;", ";", "t3;abcd"}) {
    const auto read = read_cursor(encoded(text));
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(read.error().fields.at(0).pointer, "/cursor");
  }
  for (const std::string_view cursor : {"", "=", "aTE7=", "aTE7====", " aTE7", "aTE7\n", "%", "aTE", "Ö"})
    EXPECT_FALSE(read_cursor(cursor).ok()) << cursor;
  EXPECT_TRUE(read_cursor("aTE7").ok());
  EXPECT_FALSE(read_cursor(std::string(100'000, 'A')).ok());
}

TEST(Cursor, DamagedAtAnyPlaceIsRefusedOrAnotherCursor) {
  const std::string good = write_cursor({std::string("branch-17"), Bytes{4, 10, 0, 0, 0, 24}, std::int64_t{4711}});
  const auto expect_exact = [](const std::string& damaged) {
    const auto read = read_cursor(damaged);
    EXPECT_TRUE(!read.ok() || write_cursor(*read) == damaged) << damaged;
  };
  for (std::size_t at = 0; at < good.size(); ++at) {
    expect_exact(good.substr(0, at));
    for (const char c : {'A', 'z', '0', '_', '='}) {
      std::string damaged = good;
      damaged[at] = c;
      expect_exact(damaged);
    }
  }
}

TEST(Cursor, OfAnotherListIsRefused) {
  const Query by_name{.sort = {{"name"}}};
  const auto with_after = [&](std::vector<Value> cells) {
    Query query = by_name;
    query.after = std::move(cells);
    return select_sql(table<Subnet>(), query);
  };
  EXPECT_TRUE(with_after({std::string("n"), std::int64_t{1}}).ok());
  expect_refused(with_after({std::string("n")}), "/cursor");
  expect_refused(with_after({std::string("n"), std::int64_t{1}, std::int64_t{1}}), "/cursor");
  expect_refused(with_after({std::int64_t{1}, std::int64_t{1}}), "/cursor");
  expect_refused(with_after({std::string("n"), Bytes{1}}), "/cursor");
  expect_refused(with_after({Value{}, std::int64_t{1}}), "/cursor");
}

}  // namespace
}  // namespace ipam::store
