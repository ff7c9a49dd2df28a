// Two ledgers on one PostgreSQL, as two servers have them.
#include "io/blocking.h"
#include "ledger/ledger.h"
#include "store/postgres/postgres_database_suite.h"
#include "tasks/task_lease.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>

namespace ipam::test {
namespace {

using ledger::Priority;
using ledger::Transaction;
using store::postgres::PostgresDatabase;
using store::postgres::PostgresStore;

struct Node {
  Node(const PostgresDatabase& database, const std::string& name) : store(PostgresStore::open(database.options(name)).value()) {
    ledger::load_index(*store, index).value();
    ledger = ledger::Ledger::open(*store, index, clock).value();
  }

  Result<ledger::Receipt> write(ledger::Work work) {
    model::ChangeContext context;
    context.actor = "tester";
    return ledger->commit_and_wait(context, Priority::Interactive, std::move(work));
  }
  template <class T>
  ledger::Written<T> create(T object) {
    T made;
    const auto receipt = write([&](Transaction& transaction) -> Result<void> {
      made = IPAM_TRY(transaction.create(object));
      return {};
    });
    EXPECT_TRUE(receipt.ok()) << receipt.error().describe();
    return {made, receipt.ok() ? receipt->sequence : 0};
  }
  Result<void> wait_for(std::uint64_t sequence, Duration at_most = std::chrono::seconds(30)) {
    return loop.run(ledger->wait_for(sequence, io::Deadline::after(at_most)));
  }

  SystemClock clock;
  io::BlockingLoop loop;
  std::unique_ptr<PostgresStore> store;
  occupancy::Index index;
  std::unique_ptr<ledger::Ledger> ledger;
};

// A store whose next commit is done, and told as lost.
class LosingAnAnswer final : public store::Store, public store::ChangeFeed {
 public:
  explicit LosingAnAnswer(PostgresStore& real) : real_(real) {}
  Result<std::unique_ptr<store::Reader>> open_reader() override { return real_.open_reader(); }
  Result<void> commit(const store::WriteSet& writes) override { return real_.commit(writes); }
  Result<std::uint64_t> size_on_disk() override { return real_.size_on_disk(); }
  store::ChangeFeed* feed() override { return this; }
  const std::string& node() const override { return real_.node(); }
  Result<void> commit(const store::WriteSet& writes, const store::FeedEntry& entry) override {
    auto done = real_.commit(writes, entry);
    if (lost_.exchange(true)) return done;
    return Error(ErrorCode::Unavailable, "it is not known");
  }
  Result<std::unique_ptr<store::Turn>> take_turn() override { return real_.take_turn(); }
  Result<std::optional<std::uint64_t>> wait_for_news(Duration at_most, const std::stop_token& stop) override {
    return real_.wait_for_news(at_most, stop);
  }
  Result<Time> now() override { return real_.now(); }
  void lose_next() { lost_ = false; }

 private:
  PostgresStore& real_;
  std::atomic<bool> lost_ = true;
};

class SeveralNodes : public testing::Test {
 protected:
  SeveralNodes() {
    model::AddressSpace row;
    row.name = "shared";
    space_ = one_.create(row).value;
    EXPECT_TRUE(two_.wait_for(one_.ledger->sequence()).ok());
  }

  // The next free address of a prefix, as the allocation takes it.
  Result<std::pair<ip::Address, std::uint64_t>> allocate(Node& node, const ip::Prefix& from) {
    ip::Address taken;
    const auto receipt = IPAM_TRY(node.write([&](Transaction& transaction) -> Result<void> {
      const auto free = IPAM_TRY(transaction.space(space_.id))->next_free(from);
      if (!free) return Error(ErrorCode::Exhausted, "full");
      model::Address address;
      address.space_id = space_.id;
      address.address = taken = *free;
      IPAM_TRY(transaction.create(address));
      return {};
    }));
    return std::pair(taken, receipt.sequence);
  }

  void expect_same_index(Node& node) {
    occupancy::Index fresh;
    ledger::load_index(*node.store, fresh).value();
    const auto all = ip::Prefix::parse("0.0.0.0/0").value();
    EXPECT_EQ(node.index.snapshot(space_.id.value)->usage(all), fresh.snapshot(space_.id.value)->usage(all));
    EXPECT_EQ(node.index.position(), fresh.position());
    EXPECT_TRUE(node.index.snapshot(space_.id.value)->recount().empty());
  }

  PostgresDatabase database_;
  Node one_{database_, "one"}, two_{database_, "two"};
  model::AddressSpace space_;
};

const ip::Prefix kSubnet = ip::Prefix::parse("10.0.0.0/20").value();

TEST_F(SeveralNodes, WhatOneCommitsIsInTheOthersIndexWhenItWasWaitedFor) {
  for (int i = 0; i < 20; ++i) {
    Node& writer = i % 2 == 0 ? one_ : two_;
    Node& reader = i % 2 == 0 ? two_ : one_;
    const auto made = allocate(writer, kSubnet);
    ASSERT_TRUE(made.ok()) << made.error().describe();
    ASSERT_TRUE(reader.wait_for(made->second).ok());
    EXPECT_FALSE(reader.index.snapshot(space_.id.value)->holders(made->first) == occupancy::HolderCounts{});
  }
  EXPECT_GT(one_.ledger->statistics().foreign, 0U);
}

TEST_F(SeveralNodes, BothAllocateFromOneSubnetAndNoAddressComesTwice) {
  std::vector<ip::Address> taken[4];
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < 50; ++n) {
          const auto made = allocate(i % 2 == 0 ? one_ : two_, kSubnet);
          ASSERT_TRUE(made.ok()) << made.error().describe();
          taken[i].push_back(made->first);
        }
      });
    }
  }
  std::set<ip::Address> all;
  for (const auto& each : taken) all.insert(each.begin(), each.end());
  EXPECT_EQ(all.size(), 200U);
  const std::uint64_t newest = std::max(one_.ledger->sequence(), two_.ledger->sequence());
  for (Node* node : {&one_, &two_}) {
    ASSERT_TRUE(node->wait_for(newest).ok());
    expect_same_index(*node);
    EXPECT_TRUE(ledger::verify_journal(*node->store->open_reader().value()).ok());
  }
}

TEST_F(SeveralNodes, ARequestThatFailsWasJudgedOnTheNewestState) {
  // Without a pause: the second node has most likely not heard of the first one's change when it decides.
  for (int i = 0; i < 20; ++i) {
    model::Subnet subnet;
    subnet.space_id = space_.id;
    subnet.prefix = ip::Prefix::parse("10.1." + std::to_string(i) + ".0/24").value();
    const auto made = one_.create(subnet).value;
    const auto seen = two_.write([&](Transaction& transaction) -> Result<void> { return IPAM_TRY(transaction.get(made.id)), Result<void>(); });
    EXPECT_TRUE(seen.ok()) << seen.error().describe();
  }
}

TEST_F(SeveralNodes, AReadThatCannotBeServedInTimeIsUnavailable) {
  const auto late = two_.wait_for(one_.ledger->sequence() + 1, std::chrono::milliseconds(30));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::Unavailable);
}

TEST_F(SeveralNodes, ANodeThatIsTooFarBehindLoadsItsIndexAnew) {
  two_.ledger->stop();
  two_.ledger.reset();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(allocate(one_, kSubnet).ok());
  database_.run("DELETE FROM change_feed WHERE position < (SELECT position FROM feed_head)");
  two_.ledger = ledger::Ledger::open(*two_.store, two_.index, two_.clock).value();
  EXPECT_EQ(two_.ledger->statistics().reloads, 1U);
  expect_same_index(two_);
  EXPECT_TRUE(allocate(two_, kSubnet).ok());
}

TEST_F(SeveralNodes, ADatabaseThatWentBackIsLoadedAnew) {
  ASSERT_TRUE(allocate(one_, kSubnet).ok());
  ASSERT_TRUE(two_.wait_for(one_.ledger->sequence()).ok());
  // As after a failover that lost the last commit.
  one_.ledger->stop();
  database_.run(
      "DELETE FROM address; DELETE FROM journal WHERE sequence = (SELECT max(sequence) FROM journal); "
      "DELETE FROM change_feed WHERE position = (SELECT position FROM feed_head); UPDATE feed_head SET position = position - 1");
  const auto made = allocate(two_, kSubnet);
  ASSERT_TRUE(made.ok()) << made.error().describe();
  EXPECT_GE(two_.ledger->statistics().reloads, 1U);
  expect_same_index(two_);
  EXPECT_TRUE(ledger::verify_journal(*two_.store->open_reader().value()).ok());
}

TEST_F(SeveralNodes, ADatabaseThatWentBackAndOnByAnotherWayIsLoadedAnew) {
  ASSERT_TRUE(allocate(one_, kSubnet).ok());
  // The commit is lost, and others take its position and the next.
  database_.run(
      "DELETE FROM address; DELETE FROM journal WHERE sequence = (SELECT max(sequence) FROM journal); "
      "DELETE FROM change_feed WHERE position = (SELECT position FROM feed_head); UPDATE feed_head SET position = position - 1");
  Node three(database_, "three");
  const ip::Prefix elsewhere = ip::Prefix::parse("10.0.8.0/24").value();
  ASSERT_TRUE(allocate(three, elsewhere).ok());
  const auto newest = allocate(three, elsewhere);
  ASSERT_TRUE(newest.ok());
  ASSERT_TRUE(one_.wait_for(newest->second).ok());
  EXPECT_GE(one_.ledger->statistics().reloads, 1U);
  expect_same_index(one_);
}

TEST_F(SeveralNodes, ACommitWhoseAnswerIsLostIsFoundAndItsIdsAreNotGivenAgain) {
  LosingAnAnswer losing(*two_.store);
  two_.ledger->stop();
  two_.ledger = ledger::Ledger::open(losing, two_.index, two_.clock).value();
  ASSERT_TRUE(allocate(two_, kSubnet).ok());
  losing.lose_next();
  EXPECT_EQ(allocate(two_, kSubnet).error().code, ErrorCode::Unavailable);
  for (int i = 0; i < 3; ++i) {
    const auto made = allocate(two_, kSubnet);
    ASSERT_TRUE(made.ok()) << made.error().describe();
  }
  expect_same_index(two_);
  EXPECT_EQ(store::count(*two_.store->open_reader().value(), store::table<model::Address>(), {}).value(), 5U);
  two_.ledger->stop();  // before the store that it stands on
  two_.ledger.reset();
}

TEST_F(SeveralNodes, OthersAreToldWhichTablesChanged) {
  std::promise<std::vector<std::string>> told;
  std::once_flag once;
  two_.ledger->on_foreign_commit([&](const std::vector<std::string>& tables) { std::call_once(once, [&] { told.set_value(tables); }); });
  one_.create(model::User{.name = "someone"});
  const auto tables = told.get_future().get();
  EXPECT_NE(std::find(tables.begin(), tables.end(), "user_account"), tables.end());
  two_.ledger->stop();  // before what it calls goes
}

TEST_F(SeveralNodes, ALeaseIsOneNodesUntilItEnds) {
  const tasks::TaskLeases ours(*one_.store, *one_.ledger);
  tasks::TaskLeases first(*one_.store, *one_.ledger), second(*two_.store, *two_.ledger);
  EXPECT_FALSE(ours.alone());
  const auto lease = one_.loop.run(first.take("Audit")).value();
  ASSERT_TRUE(lease.has_value());
  EXPECT_FALSE(two_.loop.run(second.take("Audit")).value().has_value());
  EXPECT_TRUE(two_.loop.run(second.take("AddressExpiry")).value().has_value());
  database_.run("UPDATE task_lease SET until = 0 WHERE task = 'Audit'");
  const auto next = two_.loop.run(second.take("Audit")).value();
  ASSERT_TRUE(next.has_value());
  EXPECT_GT(next->token, lease->token);
  // The first holder comes back late: nothing of it is stored.
  const auto late = one_.write([&](Transaction& transaction) { return first.check(transaction, "Audit", *lease); });
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::Conflict);
  two_.loop.run(second.release("Audit", *next));
  EXPECT_TRUE(one_.loop.run(first.take("Audit")).value().has_value());
}

}  // namespace
}  // namespace ipam::test
