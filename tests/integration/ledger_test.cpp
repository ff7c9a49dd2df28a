#include "ledger/ledger.h"

#include "integration/piled_requests.h"

#include <fmt/format.h>

#include <gmock/gmock.h>

#include <thread>

namespace ipam::test {
namespace {

using ledger::Priority;
using ledger::Transaction;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Long enough for a sanitizer not to cut a batch.
constexpr ledger::LedgerOptions kWholeBatches{.max_batch_work = std::chrono::minutes(1)};

// Work that makes a subnet.
ledger::Work make_subnet(House& house, const std::string& text, const std::string& name = "") {
  model::Subnet subnet;
  subnet.space_id = house.default_space().id;
  subnet.prefix = prefix(text);
  subnet.name = name;
  return [subnet](Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.create(subnet));
    return {};
  };
}

bool in_index(House& house, const std::string& text) {
  return house.index->snapshot(house.default_space().id.value)->find(prefix(text), occupancy::PrefixKind::Subnet).has_value();
}

TEST(Ledger, ARequestSeesWhatTheOneBeforeItInItsBatchDid) {
  House house(kWholeBatches);
  PiledRequests piled(house);
  const auto make = piled.add(make_subnet(house, "10.1.0.0/24", "made"));
  std::size_t seen_in_index = 0, seen_by_name = 0;
  const auto look = piled.add([&, space_id = house.default_space().id](Transaction& transaction) -> Result<void> {
    const auto* space = IPAM_TRY(transaction.space(space_id));
    seen_in_index = space->find(prefix("10.1.0.0/24"), occupancy::PrefixKind::Subnet) ? 1 : 0;
    const auto named = [](const model::Subnet& subnet) { return subnet.name == "made"; };
    seen_by_name = IPAM_TRY(transaction.list<model::Subnet>({}, named, 10)).size();
    return {};
  });
  piled.commit();
  EXPECT_TRUE(piled[make].ok() && piled[look].ok());
  EXPECT_EQ(seen_in_index, 1U);
  EXPECT_EQ(seen_by_name, 1U);
}

TEST(Ledger, RequestsThatWaitTogetherShareOneCommit) {
  House house(kWholeBatches);
  const auto before = house.store->commits();
  PiledRequests piled(house);
  for (int i = 0; i < 20; ++i) piled.add(make_subnet(house, fmt::format("10.1.{}.0/24", i)));
  piled.commit();
  EXPECT_EQ(house.store->commits() - before, 2U);
  EXPECT_EQ(house.rows<model::Subnet>().size(), 20U);
}

TEST(Ledger, AFailedRequestLeavesNoTraceInItsBatch) {
  House house(kWholeBatches);
  const auto before = house.ledger->sequence();
  PiledRequests piled(house);
  const auto first = piled.add(make_subnet(house, "10.1.0.0/24"));
  const auto failed = piled.add([make = make_subnet(house, "10.2.0.0/24", "traceless")](Transaction& transaction) -> Result<void> {
    IPAM_TRY(make(transaction));
    transaction.put_row(model::TaskState{.name = "traceless"});
    return Error(ErrorCode::Exhausted, "at the very end");
  });
  const auto last = piled.add(make_subnet(house, "10.3.0.0/24"));
  piled.commit();
  EXPECT_TRUE(piled[first].ok() && piled[last].ok());
  EXPECT_EQ(piled.error(failed), ErrorCode::Exhausted);
  EXPECT_EQ(house.rows<model::Subnet>().size(), 2U);
  EXPECT_TRUE(house.rows<model::TaskState>({{"name", store::Comparison::Equal, std::string("traceless")}}).empty());
  EXPECT_THAT(house.journal_text(), Not(HasSubstr("10.2.0.0")));
  EXPECT_EQ(house.ledger->sequence(), before + 2);
  EXPECT_FALSE(in_index(house, "10.2.0.0/24"));
  EXPECT_TRUE(house.verify_journal().ok());
  EXPECT_EQ(house.index_defect(), "");
}

class LedgerGuilt : public testing::TestWithParam<ErrorCode> {};

TEST_P(LedgerGuilt, OnlyTheRequestThatTheDatabaseRefusesFails) {
  House house(kWholeBatches);
  house.store->fail_commits_when([](const store::WriteSet& writes) -> Result<void> {
    for (const auto& operation : writes.operations) {
      for (const auto& cell : operation.cells) {
        if (cell == store::Value(std::string("guilty"))) return Error(GetParam(), "not this one");
      }
    }
    return {};
  });
  PiledRequests piled(house);
  const auto before = piled.add(make_subnet(house, "10.1.0.0/24"));
  const auto guilty = piled.add(make_subnet(house, "10.2.0.0/24", "guilty"));
  const auto after = piled.add(make_subnet(house, "10.3.0.0/24"));
  piled.commit();
  EXPECT_TRUE(piled[before].ok() && piled[after].ok());
  EXPECT_EQ(piled.error(guilty), GetParam());
  EXPECT_EQ(house.rows<model::Subnet>().size(), 2U);
  EXPECT_EQ(piled[after]->sequence, house.ledger->sequence());
  EXPECT_TRUE(house.verify_journal().ok());
  EXPECT_EQ(house.index_defect(), "");
}
INSTANTIATE_TEST_SUITE_P(Codes, LedgerGuilt, testing::Values(ErrorCode::AlreadyExists, ErrorCode::Conflict),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(Ledger, AnUnavailableDatabaseFailsTheWholeBatchAndTheNextOneWorks) {
  House house(kWholeBatches);
  const auto before = house.ledger->sequence();
  PiledRequests piled(house);
  const auto one = piled.add(make_subnet(house, "10.1.0.0/24"));
  const auto two = piled.add(make_subnet(house, "10.2.0.0/24"));
  std::size_t commits = 0;
  house.store->fail_commits_when([&](const store::WriteSet&) -> Result<void> {
    if (++commits == 1) return {};  // the first request's own
    return Error(ErrorCode::Unavailable, "disk full");
  });
  piled.commit();
  EXPECT_EQ(piled.error(one), ErrorCode::Unavailable);
  EXPECT_EQ(piled.error(two), ErrorCode::Unavailable);
  EXPECT_EQ(commits, 2U) << "what is unavailable is not asked again for each request";
  EXPECT_FALSE(in_index(house, "10.1.0.0/24") || in_index(house, "10.2.0.0/24"));
  EXPECT_EQ(house.ledger->sequence(), before);
  house.store->fail_commits_when(nullptr);
  EXPECT_TRUE(house.write(make_subnet(house, "10.1.0.0/24")).ok());
  EXPECT_TRUE(house.verify_journal().ok());
  EXPECT_EQ(house.index_defect(), "");
}

TEST(Ledger, AFullQueueIsOverloaded) {
  House house({.max_queue = 2});
  PiledRequests piled(house);
  piled.add(make_subnet(house, "10.1.0.0/24"));
  piled.add(make_subnet(house, "10.2.0.0/24"));
  const auto refused = piled.add(make_subnet(house, "10.3.0.0/24"));
  piled.commit();
  EXPECT_EQ(piled.error(refused), ErrorCode::Overloaded);
  EXPECT_EQ(house.rows<model::Subnet>().size(), 2U);
}

TEST(Ledger, AnExceptionFailsItsRequestAloneAndTheWriterGoesOn) {
  House house(kWholeBatches);
  PiledRequests piled(house);
  const auto thrown = piled.add([make = make_subnet(house, "10.1.0.0/24")](Transaction& transaction) -> Result<void> {
    IPAM_TRY(make(transaction));
    throw std::runtime_error("a bug");
  });
  const auto odd = piled.add([](Transaction&) -> Result<void> { throw 42; });
  const auto after = piled.add(make_subnet(house, "10.2.0.0/24"));
  piled.commit();
  EXPECT_EQ(piled.error(thrown), ErrorCode::Internal);
  EXPECT_THAT(piled[thrown].error().message, Not(HasSubstr("a bug")));
  EXPECT_EQ(piled.error(odd), ErrorCode::Internal);
  EXPECT_TRUE(piled[after].ok());
  EXPECT_EQ(house.index_defect(), "");
}

TEST(Ledger, InteractiveRequestsGoBeforeBulkOnes) {
  House house;
  std::vector<std::string> order;
  const auto note = [&order](const std::string& name) {
    return [&order, name](Transaction&) -> Result<void> {
      order.push_back(name);
      return {};
    };
  };
  PiledRequests piled(house);
  piled.add(note("bulk 1"), Priority::Bulk);
  piled.add(note("bulk 2"), Priority::Bulk);
  piled.add(note("interactive 1"));
  piled.add(note("interactive 2"));
  piled.commit();
  EXPECT_THAT(order, ElementsAre("interactive 1", "interactive 2", "bulk 1", "bulk 2"));
}

TEST(Ledger, ASteadyStreamOfInteractiveRequestsDoesNotStarveBulkOnes) {
  House house({.max_batch = 1});
  std::vector<std::string> order;
  PiledRequests piled(house);
  const auto note = [&order](const std::string& name) {
    return [&order, name](Transaction&) -> Result<void> {
      order.push_back(name);
      return {};
    };
  };
  piled.add(note("bulk"), Priority::Bulk);
  for (int i = 0; i < 40; ++i) piled.add(note("interactive"));
  piled.commit();
  EXPECT_EQ(order.front(), "interactive");
  EXPECT_EQ(order.back(), "interactive");
}

TEST(Ledger, ManyWritersShareCommits) {
  House house;
  constexpr int kWriters = 64, kEach = 20;
  const auto before = house.ledger->statistics();
  const auto space = house.default_space().id;
  std::atomic<int> failures = 0;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kEach; ++i) {
        model::Address object;
        object.space_id = space;
        object.address = ip::Address::v4(0x0A000000U + static_cast<std::uint32_t>(writer * 256 + i));
        const auto receipt = house.write([object](Transaction& transaction) -> Result<void> {
          IPAM_TRY(transaction.create(object));
          return {};
        });
        if (!receipt.ok()) ++failures;
      }
    });
  }
  for (auto& writer : writers) writer.join();
  const auto after = house.ledger->statistics();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(after.requests - before.requests, static_cast<std::uint64_t>(kWriters * kEach));
  EXPECT_LT((after.commits - before.commits) * 4, after.requests - before.requests);
  EXPECT_TRUE(house.verify_journal().ok());
  EXPECT_EQ(house.index_defect(), "");
}

TEST(Ledger, AStoppedLedgerRefusesAndWhatWasQueuedIsDone) {
  House house(kWholeBatches);
  PiledRequests piled(house);
  const auto queued = piled.add(make_subnet(house, "10.1.0.0/24"));
  std::thread stopper([&] { house.ledger->stop(); });
  piled.commit();
  stopper.join();
  EXPECT_TRUE(piled[queued].ok());
  const auto late = house.write([](Transaction&) -> Result<void> { return {}; });
  EXPECT_EQ(late.error().code, ErrorCode::Cancelled);
}

TEST(Ledger, IdsAreNotGivenAgainAfterARestart) {
  House house;
  std::uint64_t newest = 0;
  for (int i = 0; i < 3; ++i) {
    const auto subnet = house.add_subnet(fmt::format("10.{}.0.0/16", i));
    EXPECT_GT(subnet.id.value, newest);
    newest = subnet.id.value;
    ASSERT_TRUE(house.write([&](Transaction& transaction) { return transaction.erase(subnet.id); }).ok());
    house.restart();
  }
}

}  // namespace
}  // namespace ipam::test
