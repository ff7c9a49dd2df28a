// Two stores on one database: the feed is gapless, in the order of the commits, and no commit is made on what is no longer so.
#include "store/postgres/postgres_database_suite.h"
#include "store/postgres/postgres_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace ipam::store::postgres {
namespace {

WriteSet put_counter(const std::string& name, std::int64_t value) {
  WriteSet writes;
  writes.put(Counter{name, value});
  return writes;
}

FeedEntry entry_at(std::uint64_t position) {
  FeedEntry entry;
  entry.position = position;
  entry.sequence = position * 10;
  entry.content = {1, 2, 3};
  return entry;
}

std::uint64_t position_of(Store& store) { return ChangeFeed::position(*store.open_reader().value()).value(); }

class PostgresFeed : public testing::Test {
 protected:
  PostgresDatabase database_;
  std::unique_ptr<PostgresStore> one_ = PostgresStore::open(database_.options("one")).value();
  std::unique_ptr<PostgresStore> two_ = PostgresStore::open(database_.options("two")).value();
};

TEST_F(PostgresFeed, OnlyTheNextPositionIsTaken) {
  EXPECT_EQ(position_of(*one_), 0U);
  ASSERT_TRUE(one_->commit(put_counter("a", 1), entry_at(1)).ok());
  for (const std::uint64_t position : {0U, 1U, 3U}) {
    const auto refused = two_->commit(put_counter("b", 1), entry_at(position));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::Stale) << position << ": " << refused.error().describe();
  }
  ASSERT_TRUE(two_->commit(put_counter("c", 1), entry_at(2)).ok());
  EXPECT_EQ(position_of(*one_), 2U);
  const auto reader = one_->open_reader().value();
  EXPECT_EQ(count(*reader, table<Counter>(), {}).value(), 2U);
  const auto entries = list<FeedEntry>(*reader, {}).value().items;
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].node, "two");
  EXPECT_EQ(entries[1].sequence, 20U);
  EXPECT_EQ(entries[1].content, (Bytes{1, 2, 3}));
}

TEST_F(PostgresFeed, NobodyCommitsDuringATurn) {
  auto turn = one_->take_turn().value();
  Result<void> other = Error();
  std::atomic<bool> over = false;
  std::jthread waiting([&] {
    other = two_->commit(put_counter("b", 1), entry_at(1));
    over = true;
  });
  ASSERT_TRUE(turn->commit(put_counter("a", 1), entry_at(1)).ok());
  waiting.join();
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::Stale);
  // A turn that is not used lets the others go on.
  turn = one_->take_turn().value();
  turn.reset();
  EXPECT_TRUE(two_->commit(put_counter("b", 1), entry_at(2)).ok());
}

TEST_F(PostgresFeed, ManyWritersLeaveNoGapAndLoseNoUpdate) {
  const auto add = [](PostgresStore& store, int times) {
    for (int done = 0; done < times;) {
      const auto turn = store.take_turn().value();
      const auto reader = store.open_reader().value();
      const auto before = find_where<Counter>(*reader, {{"name", Comparison::Equal, std::string("sum")}}).value();
      const std::uint64_t next = ChangeFeed::position(*reader).value() + 1;
      if (turn->commit(put_counter("sum", before ? before->value + 1 : 1), entry_at(next)).ok()) ++done;
    }
  };
  {
    std::jthread first([&] { add(*one_, 60); }), second([&] { add(*two_, 60); });
  }
  const auto reader = one_->open_reader().value();
  EXPECT_EQ(find_where<Counter>(*reader, {{"name", Comparison::Equal, std::string("sum")}}).value()->value, 120);
  EXPECT_EQ(count(*reader, table<FeedEntry>(), {}).value(), 120U);
  EXPECT_EQ(ChangeFeed::position(*reader).value(), 120U);
}

TEST_F(PostgresFeed, ACommitOfOneNodeIsNewsToTheOther) {
  const std::stop_source stop;
  ASSERT_FALSE(two_->wait_for_news(std::chrono::seconds(0), stop.get_token()).value());  // begins to listen
  ASSERT_TRUE(one_->commit(put_counter("a", 1), entry_at(1)).ok());
  EXPECT_EQ(two_->wait_for_news(std::chrono::seconds(30), stop.get_token()).value(), 1U);
  EXPECT_FALSE(two_->wait_for_news(std::chrono::milliseconds(20), stop.get_token()).value());
}

TEST_F(PostgresFeed, OldEntriesGoAndTheNewestStays) {
  PostgresOptions options = database_.options("three");
  options.feed_entries = 10;
  const auto store = PostgresStore::open(options).value();
  database_.run("UPDATE feed_head SET position = 998; INSERT INTO change_feed SELECT n, 0, 'x', n, '' FROM generate_series(1, 998) AS n");
  ASSERT_TRUE(store->commit(put_counter("a", 1), entry_at(999)).ok());
  ASSERT_TRUE(store->commit(put_counter("a", 2), entry_at(1'000)).ok());
  const auto reader = store->open_reader().value();
  const auto left = list<FeedEntry>(*reader, {}).value().items;
  ASSERT_FALSE(left.empty());
  EXPECT_GT(left.front().position, 990U);
  EXPECT_EQ(left.back().position, 1'000U);
}

TEST_F(PostgresFeed, ItsClockIsTheDatabases) {
  const Time first = one_->now().value(), second = two_->now().value();
  EXPECT_LE(first, second);
  EXPECT_LT(second - first, std::chrono::minutes(1));
}

}  // namespace
}  // namespace ipam::store::postgres
