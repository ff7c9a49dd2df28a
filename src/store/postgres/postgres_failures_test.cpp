// What becomes of a store whose server is gone, slow, read-only, or of another schema: a typed error, and recovery without a new start.
#include "store/postgres/postgres_database_suite.h"
#include "store/postgres/postgres_store.h"
#include "store/postgres/schema.h"
#include "store/workload_suite.h"
#include "support/postgres_cluster.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace ipam::store::postgres {
namespace {

using test::shared_postgres_cluster;

WriteSet one_counter(const std::string& name) {
  WriteSet writes;
  writes.insert(Counter{name, 1});
  return writes;
}

Result<std::uint64_t> counters(Store& store) {
  const auto reader = IPAM_TRY(store.open_reader());
  return count(*reader, table<Counter>(), {});
}

class PostgresFailures : public testing::Test {
 protected:
  std::unique_ptr<PostgresStore> open() { return PostgresStore::open(database_.options()).value(); }
  static ErrorCode code_of(const Result<void>& result) { return result.ok() ? ErrorCode::Internal : result.error().code; }

  PostgresDatabase database_;
};

TEST_F(PostgresFailures, AServerThatIsGoneIsUnavailableUntilItIsBack) {
  const auto store = open();
  ASSERT_TRUE(store->commit(one_counter("first")).ok());
  shared_postgres_cluster().stop_immediately();
  EXPECT_EQ(code_of(store->commit(one_counter("second"))), ErrorCode::Unavailable);
  EXPECT_EQ(store->open_reader().error().code, ErrorCode::Unavailable);
  EXPECT_EQ(PostgresStore::open(database_.options()).error().code, ErrorCode::Unavailable);
  shared_postgres_cluster().start();
  EXPECT_TRUE(store->commit(one_counter("second")).ok());
  EXPECT_EQ(counters(*store).value(), 2U);
}

TEST_F(PostgresFailures, AReaderWhoseServerGoesAwayTellsSo) {
  const auto store = open();
  const auto reader = store->open_reader().value();
  shared_postgres_cluster().stop_immediately();
  EXPECT_EQ(count(*reader, table<Counter>(), {}).error().code, ErrorCode::Unavailable);
  shared_postgres_cluster().start();
  EXPECT_TRUE(counters(*store).ok());
}

TEST_F(PostgresFailures, AServerThatStopsAnsweringCostsTheDeadline) {
  PostgresOptions options = database_.options();
  options.read_timeout = options.write_timeout = options.patience = std::chrono::seconds(2);
  const auto store = PostgresStore::open(options).value();
  ASSERT_TRUE(store->commit(one_counter("first")).ok());
  shared_postgres_cluster().pause();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of(store->commit(one_counter("second"))), ErrorCode::DeadlineExceeded);
  EXPECT_FALSE(store->open_reader().ok());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  shared_postgres_cluster().resume();
  EXPECT_TRUE(counters(*open()).ok());
}

TEST_F(PostgresFailures, ALockedRowIsSlow) {
  PostgresOptions options = database_.options();
  options.write_timeout = std::chrono::milliseconds(100);
  const auto store = PostgresStore::open(options).value();
  ASSERT_TRUE(store->commit(one_counter("first")).ok());
  const auto other = database_.connect();
  other->run("BEGIN; LOCK TABLE counter", io::Deadline::after(std::chrono::seconds(10))).value();
  EXPECT_EQ(code_of(store->commit(one_counter("second"))), ErrorCode::DeadlineExceeded);
  other->run("ROLLBACK", io::Deadline::after(std::chrono::seconds(10))).value();
  EXPECT_TRUE(store->commit(one_counter("second")).ok());
}

TEST_F(PostgresFailures, AReadOnlyDatabaseCanBeReadUntilItCanBeWrittenAgain) {
  // As a standby behaves, and after its promotion: what a session may do is decided when it begins.
  database_.run("ALTER DATABASE " + database_.name() + " SET default_transaction_read_only = on");
  const auto store = open();
  for (int i = 0; i < 2; ++i) {
    const auto refused = store->commit(one_counter("first"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
    EXPECT_NE(refused.error().message.find("standby"), std::string::npos);
    EXPECT_EQ(counters(*store).value(), 0U);
  }
  const auto other = database_.connect();
  for (const std::string& sql :
       {std::string("SET default_transaction_read_only = off"), "ALTER DATABASE " + database_.name() + " RESET default_transaction_read_only"}) {
    other->run(sql, io::Deadline::after(std::chrono::seconds(10))).value();
  }
  EXPECT_TRUE(store->commit(one_counter("first")).ok());
}

TEST_F(PostgresFailures, ANewerSchemaIsLeftAloneAndAnOlderOneIsSaid) {
  const auto store = open();
  database_.run("UPDATE schema_version SET version = 99");
  const auto newer = PostgresStore::open(database_.options());
  ASSERT_FALSE(newer.ok());
  EXPECT_EQ(newer.error().code, ErrorCode::FailedPrecondition);
  EXPECT_NE(newer.error().message.find("newer version"), std::string::npos);
  EXPECT_EQ(store->open_reader().error().code, ErrorCode::FailedPrecondition);
  database_.run("UPDATE schema_version SET version = 1");
  EXPECT_EQ(store->open_reader().error().code, ErrorCode::FailedPrecondition);
  database_.run("UPDATE schema_version SET version = " + std::to_string(newest_schema()));
  EXPECT_TRUE(store->open_reader().ok());
}

TEST_F(PostgresFailures, SeveralProgramsMayMakeTheSchemaAtOnce) {
  const PostgresDatabase empty(PostgresDatabase::Content::Empty);
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { failures += PostgresStore::open(empty.options()).ok() ? 0 : 1; });
  }
  EXPECT_EQ(failures, 0);
}

TEST_F(PostgresFailures, TooManyReadersAtOnceAreOverload) {
  PostgresOptions options = database_.options();
  options.max_readers = 2;
  options.patience = std::chrono::seconds(3);
  const auto store = PostgresStore::open(options).value();
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 2; ++i) readers.push_back(store->open_reader().value());
  EXPECT_EQ(store->open_reader().error().code, ErrorCode::Overloaded);
  readers.pop_back();
  EXPECT_TRUE(store->open_reader().ok());
}

TEST_F(PostgresFailures, NoImmediateStopLosesAnAcknowledgedCommitOrKeepsAHalf) {
  const auto store = open();
  std::uint64_t acknowledged = 0;
  for (int stop = 0; stop < 3; ++stop) {
    std::atomic<std::uint64_t> done = acknowledged;
    std::jthread writer([&] {
      for (std::uint64_t number = done + 1;; ++number) {
        if (!store->commit(numbered_write_set(number)).ok()) return;
        done = number;
      }
    });
    while (done < acknowledged + 30) std::this_thread::yield();
    shared_postgres_cluster().stop_immediately();
    writer.join();
    shared_postgres_cluster().start();
    const auto reader = store->open_reader().value();
    const auto whole = whole_write_sets(*reader, 1);
    ASSERT_TRUE(whole.ok()) << whole.error().describe();
    EXPECT_GE(*whole, done.load());
    EXPECT_LE(*whole, done.load() + 1);  // one that was done, but not told
    acknowledged = *whole;
  }
}

TEST_F(PostgresFailures, UpdatesOfOneStatementThatNeedTheirOrderGetIt) {
  const auto store = open();
  const auto space = [](std::uint64_t id, const std::string& name, std::uint64_t revision) {
    model::AddressSpace row;
    row.id.value = id;
    row.revision = revision;
    row.name = name;
    return row;
  };
  WriteSet first;
  for (std::uint64_t i = 1; i <= 50; ++i) first.insert(space(i, "name-" + std::to_string(i), 1));
  ASSERT_TRUE(store->commit(first).ok());
  // Each takes the name that the one before it has just given up.
  WriteSet chain;
  chain.update(space(50, "free", 2), 1);
  for (std::uint64_t i = 49; i >= 1; --i) chain.update(space(i, "name-" + std::to_string(i + 1), 2), 1);
  const auto done = store->commit(chain);
  EXPECT_TRUE(done.ok()) << done.error().describe();
}

}  // namespace
}  // namespace ipam::store::postgres
