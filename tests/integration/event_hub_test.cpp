#include "service/feed/event_hub.h"

#include "integration/house.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using namespace std::chrono_literals;
using service::EventFilter;
using service::EventHub;
using service::Subscription;
using testing::ElementsAre;

class Hub : public testing::Test {
 protected:
  Hub() { house.events->start(); }

  // What comes next, as "change 4" or "operation {}"; nothing when nothing does.
  std::vector<std::string> next(Subscription& subscription, Duration patience = 20s) {
    const auto piece = house.run(subscription.next(io::Deadline::after(patience)));
    std::vector<std::string> told;
    if (!piece.ok()) return {std::string(to_string(piece.error().code))};
    for (const auto& event : piece->events) {
      told.push_back(event.record ? fmt::format("change {}", event.record->sequence) : event.live->type + " " + event.live->data);
    }
    return told;
  }

  House house;
};

TEST_F(Hub, GivesTheJournalFromAnySequenceOnAndGoesOnLive) {
  house.add_subnet("10.1.0.0/24");
  house.add_subnet("10.2.0.0/24");
  Subscription watcher(*house.events, administrator(), 1, {});
  EXPECT_THAT(next(watcher), ElementsAre("change 2", "change 3"));
  house.add_subnet("10.3.0.0/24");
  EXPECT_THAT(next(watcher), ElementsAre("change 4"));
  EXPECT_THAT(next(watcher, 1ms), ElementsAre("deadline_exceeded"));
  EXPECT_EQ(watcher.sequence(), 4U);
}

TEST_F(Hub, ReadsEachCommitOnceForEveryone) {
  Subscription one(*house.events, administrator(), 1, {}), two(*house.events, administrator(), 1, {});
  const auto before = house.store->readers();
  for (int i = 0; i < 10; ++i) house.add_subnet(fmt::format("10.{}.0.0/24", i));
  std::size_t seen = 0;
  while (seen < 20) seen += next(one).size() + next(two).size();
  // One for the ledger's batch of each, and at most one for the hub.
  EXPECT_LE(house.store->readers() - before, 10U + 11U);
}

TEST_F(Hub, LosesNothingForAWatcherThatIsFarBehind) {
  const std::uint64_t start = house.ledger->sequence();
  Subscription slow(*house.events, administrator(), start, {});
  const auto space = house.default_space().id;
  const std::size_t total = EventHub::kRing + 1'000;
  for (std::size_t made = 0; made < total; made += 500) {
    ASSERT_TRUE(house
                    .write([&](ledger::Transaction& transaction) -> Result<void> {
                      for (std::size_t i = made; i < std::min(made + 500, total); ++i) {
                        model::Block block;
                        block.space_id = space;
                        block.prefix = prefix(fmt::format("10.{}.{}.0/24", i / 250, i % 250));
                        IPAM_TRY(transaction.create(block));
                      }
                      return {};
                    })
                    .ok());
    house.settle();
  }
  std::uint64_t expected = start;
  while (expected < start + total) {
    const auto piece = house.run(slow.next(io::Deadline::after(20s)));
    ASSERT_TRUE(piece.ok());
    EXPECT_LE(piece->events.size(), EventHub::kPiece);
    for (const auto& event : piece->events) ASSERT_EQ(event.record->sequence, ++expected);
  }
}

// What a restore does: the journal goes on above everything that is lost by it, with the record of the restoration.
class HubAfterARestore : public Hub, public testing::WithParamInterface<std::uint64_t> {
 protected:
  void restore() {
    ASSERT_TRUE(house
                    .write([](ledger::Transaction& transaction) -> Result<void> {
                      IPAM_TRY(transaction.go_on_above(GetParam(), 0));
                      model::Restoration restoration;
                      restoration.backup = "20261127T170102Z-48213";
                      IPAM_TRY(transaction.create(std::move(restoration)));
                      return {};
                    })
                    .ok());
    house.settle();
  }
  static std::string change(std::uint64_t above) { return fmt::format("change {}", GetParam() + above); }
};

TEST_P(HubAfterARestore, GoesOverTheGapOfTheNumbers) {
  EventFilter of_restorations;
  of_restorations.object_types = {"restoration"};
  Subscription live(*house.events, administrator(), 1, {}), restorations(*house.events, administrator(), 1, of_restorations);
  house.add_subnet("10.1.0.0/24");
  EXPECT_THAT(next(live), ElementsAre("change 2"));
  restore();
  EXPECT_THAT(next(live), ElementsAre(change(1)));
  EXPECT_THAT(next(restorations), ElementsAre(change(1)));
  house.add_subnet("10.2.0.0/24");
  EXPECT_THAT(next(live), ElementsAre(change(2)));
  EXPECT_THAT(next(live, 1ms), ElementsAre("deadline_exceeded"));
  EXPECT_EQ(live.sequence(), GetParam() + 2);
}

TEST_P(HubAfterARestore, GivesWhatWasBeforeAndAfterItToWhoComesLater) {
  house.add_subnet("10.1.0.0/24");
  restore();
  house.add_subnet("10.2.0.0/24");
  Subscription from_the_first(*house.events, administrator(), 1, {});
  // Who was told a change that is lost goes on after it.
  Subscription from_the_gap(*house.events, administrator(), GetParam() - 10, {});
  std::vector<std::string> told;
  while (told.size() < 3) {
    for (std::string& each : next(from_the_first)) told.push_back(std::move(each));
  }
  EXPECT_THAT(told, ElementsAre("change 2", change(1), change(2)));
  told.clear();
  while (told.size() < 2) {
    for (std::string& each : next(from_the_gap)) told.push_back(std::move(each));
  }
  EXPECT_THAT(told, ElementsAre(change(1), change(2)));
}

// Less than the ring holds, more than it holds, and what is left above a database that cannot be read.
INSTANTIATE_TEST_SUITE_P(Gaps, HubAfterARestore, testing::Values(1'000, 3 * EventHub::kRing, std::uint64_t{1} << 32U));

TEST_F(Hub, TellsEachOnlyWhatTheyMaySeeAndAskedFor) {
  Subscription plain(*house.events, member_of(model::Group::IpamUsers), 1, {});
  EventFilter of_blocks;
  of_blocks.object_types = {"block"};
  Subscription blocks(*house.events, administrator(), 1, of_blocks);
  house.put(model::Credential{.name = "secret"});
  house.add_subnet("10.1.0.0/24");
  house.put(model::Block{.space_id = house.default_space().id, .prefix = prefix("10.0.0.0/8")});
  EXPECT_THAT(next(plain), ElementsAre("change 3", "change 4"));
  EXPECT_THAT(next(blocks), ElementsAre("change 4"));
}

TEST_F(Hub, TellsLiveEventsOnceToThoseWhoWatch) {
  house.events->publish({"operation", "{0}", service::Operation::ReadTasks});
  Subscription watcher(*house.events, administrator(), house.ledger->sequence(), {});
  house.events->publish({"operation", "{1}", service::Operation::ReadTasks});
  house.events->publish({"operation", "{2}", service::Operation::ManageUsers});
  EXPECT_THAT(next(watcher), ElementsAre("operation {1}", "operation {2}"));
  EXPECT_THAT(next(watcher, 1ms), ElementsAre("deadline_exceeded"));
}

TEST_F(Hub, EndsEveryWatcherWhenItStops) {
  Subscription watcher(*house.events, administrator(), house.ledger->sequence(), {});
  house.events->stop();
  EXPECT_THAT(next(watcher), ElementsAre("cancelled"));
}

}  // namespace
}  // namespace ipam::test
