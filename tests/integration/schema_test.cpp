// Both engines have the same tables and columns, and a database that grew step by step has the schema of a fresh one.
#include "store/postgres/schema.h"
#include "store/postgres/postgres_database_suite.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <set>

namespace ipam::test {
namespace {

using store::postgres::PostgresDatabase;

std::set<std::string> lines(store::Reader& reader, std::string_view sql) {
  std::set<std::string> all;
  const auto read = reader.query(sql, {}, [&](const store::Row& row) -> Result<bool> {
    all.insert(std::string(row.text(0)));
    return true;
  });
  EXPECT_TRUE(read.ok()) << read.error().describe();
  return all;
}

// "address.name text not null", and each key: "unique address (space_id,address)".
std::set<std::string> postgres_schema(store::Store& store) {
  const auto reader = store.open_reader().value();
  auto all =
      lines(*reader,
            "SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'integer' WHEN 'bytea' THEN 'blob' ELSE data_type "
            "END || CASE is_nullable WHEN 'YES' THEN '' ELSE ' not null' END FROM information_schema.columns WHERE table_schema = 'public' AND "
            "table_name <> 'schema_version'");
  all.merge(
      lines(*reader,
            "SELECT 'unique ' || c.relname || ' (' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY AS k "
            "(number, n) JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.number) || ')' FROM pg_index AS i JOIN pg_class AS c ON "
            "c.oid = i.indrelid WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace"));
  return all;
}

std::set<std::string> sqlite_schema(store::Store& store) {
  const auto reader = store.open_reader().value();
  auto all =
      lines(*reader,
            "SELECT m.name || '.' || c.name || ' ' || lower(c.type) || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END FROM "
            "sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'");
  all.merge(
      lines(*reader,
            "SELECT 'unique ' || m.name || ' (' || (SELECT group_concat(i.name) FROM pragma_index_info(l.name) AS i) || ')' FROM sqlite_schema AS m, "
            "pragma_index_list(m.name) AS l WHERE m.type = 'table' AND l.\"unique\" = 1"));
  // A primary key that is the row's number has no index of its own.
  all.merge(
      lines(*reader,
            "SELECT 'unique ' || m.name || ' (' || c.name || ')' FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' AND "
            "c.pk = 1 AND (SELECT max(pk) FROM pragma_table_info(m.name)) = 1"));
  return all;
}

// What differs, as text that a failed test shows.
std::string difference(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::string text;
  for (const std::string& line : a) text += b.contains(line) ? "" : "- " + line + "\n";
  for (const std::string& line : b) text += a.contains(line) ? "" : "+ " + line + "\n";
  return text;
}

TEST(Schema, IsTheSameOnBothEngines) {
  const TemporaryFolder folder;
  const auto sqlite = store::sqlite::SqliteStore::open({.path = folder.file("ipam.db")}).value();
  const PostgresDatabase database;
  const auto postgres = store::postgres::PostgresStore::open(database.options()).value();
  EXPECT_GT(sqlite_schema(*sqlite).size(), 100U);
  EXPECT_EQ(difference(sqlite_schema(*sqlite), postgres_schema(*postgres)), "");
  EXPECT_EQ(static_cast<std::size_t>(store::postgres::newest_schema()), std::size(store::sqlite::kMigrations));
}

TEST(Schema, OfAPostgresThatGrewStepByStepIsThatOfAFreshOne) {
  const PostgresDatabase fresh, grown(PostgresDatabase::Content::Empty);
  for (std::int64_t version = 1; version <= store::postgres::newest_schema(); ++version) {
    store::postgres::migrate(*grown.connect(), version).value();
    if (version == 1) grown.run("INSERT INTO counter VALUES ('kept', 7); INSERT INTO credential VALUES (1, 1, 'old', 'none', '', '')");
  }
  const auto one = store::postgres::PostgresStore::open(fresh.options()).value();
  const auto other = store::postgres::PostgresStore::open(grown.options()).value();
  EXPECT_EQ(difference(postgres_schema(*one), postgres_schema(*other)), "");
  const auto kept = store::find_where<store::Counter>(*other->open_reader().value(), {{"name", store::Comparison::Equal, std::string("kept")}});
  EXPECT_EQ(kept->value().value, 7);
}

TEST(Schema, OrdersEveryTextOfPostgresByItsBytes) {
  const PostgresDatabase database;
  const auto postgres = store::postgres::PostgresStore::open(database.options()).value();
  const auto others =
      lines(*postgres->open_reader().value(),
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text' "
            "AND collation_name IS DISTINCT FROM 'C'");
  EXPECT_EQ(difference(others, {}), "");
}

}  // namespace
}  // namespace ipam::test
