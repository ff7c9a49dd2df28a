// Holds and cool-downs: what is set aside for a while, confirmed, lapses, and what is not given again at once.
#include "service/allocation/hold_sweeper.h"

#include "integration/house.h"

#include <gmock/gmock.h>

#include <thread>

namespace ipam::test {
namespace {

using model::AddressState;
using service::ReleaseMode;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;

class HoldsTest : public testing::Test {
 protected:
  House house_;
  model::Id<model::AddressSpace> space_ = house_.default_space().id;
  model::Subnet subnet_ = house_.add_subnet("10.0.0.0/24");

  Result<model::Address> allocate(std::optional<Duration> hold = std::nullopt) {
    service::AllocationRequest request;
    request.from = {ip::Range(prefix("10.0.0.0/24"))};
    request.hold = hold;
    request.fields.space_id = space_;
    request.fields.name = "app7";
    const auto written = house_.run(house_.allocation->allocate(administrator(), request, {}));
    if (!written.ok()) return written.error();
    return written->value.addresses.front();
  }
  Result<model::Address> confirm(model::Id<model::Address> id) {
    std::function<Result<void>(model::Address&)> change = [](model::Address& address) -> Result<void> {
      address.owner = "Web team";
      return {};
    };
    const auto written = house_.run(house_.allocation->confirm(administrator(), id, std::nullopt, change, {}));
    if (!written.ok()) return written.error();
    return written->value;
  }
  Result<std::uint64_t> release(model::Id<model::Address> id, ReleaseMode mode = ReleaseMode::CoolDown) {
    return house_.run(house_.planning->erase<model::Address>(administrator(), id, std::nullopt, {}, service::Below::Refuse, mode));
  }
  std::uint64_t sweep() {
    service::HoldSweeper sweeper(*house_.store, *house_.ledger, *house_.database, house_.clock);
    auto swept = house_.run(sweeper.sweep());
    EXPECT_TRUE(swept.ok()) << swept.error().describe();
    return swept.ok() ? *swept : 0;
  }
  void set_cooldown(std::uint32_t of_subnet) {
    std::function<Result<void>(model::Subnet&)> change = [of_subnet](model::Subnet& subnet) -> Result<void> {
      subnet.cooldown_seconds = of_subnet;
      return {};
    };
    ASSERT_TRUE(house_.run(house_.planning->update<model::Subnet>(administrator(), subnet_.id, std::nullopt, change, {})).ok());
  }
};

TEST_F(HoldsTest, AHoldIsTakenAndConfirmedWithItsFields) {
  const auto held = allocate(minutes(15)).value();
  EXPECT_EQ(held.state, AddressState::Held);
  EXPECT_EQ(held.held_until, house_.clock.now() + minutes(15));
  EXPECT_EQ(allocate().value().address, address("10.0.0.2")) << "the held one is taken";
  house_.clock.advance(minutes(14));
  EXPECT_EQ(sweep(), 0U);
  const auto confirmed = confirm(held.id).value();
  EXPECT_EQ(confirmed.state, AddressState::InUse);
  EXPECT_EQ(confirmed.owner, "Web team");
  EXPECT_FALSE(confirmed.held_until.has_value());
  house_.clock.advance(hours(1));
  EXPECT_EQ(sweep(), 0U);
  EXPECT_THAT(confirm(held.id).error().message, HasSubstr("is not held"));
}

TEST_F(HoldsTest, ALapsedHoldIsFreedByTheServerAndJournaled) {
  const auto held = allocate(minutes(15)).value();
  house_.clock.advance(minutes(15));
  EXPECT_EQ(confirm(held.id).error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(confirm(held.id).error().message, HasSubstr("the hold of 10.0.0.1 has lapsed at 2026-11-23T08:15:00"));
  house_.restart();
  EXPECT_EQ(sweep(), 1U);
  EXPECT_EQ(sweep(), 0U);
  EXPECT_THAT(house_.rows<model::Address>(), IsEmpty());
  EXPECT_THAT(house_.journal_text(), HasSubstr("server/holds address 10.0.0.1"));
  EXPECT_THAT(confirm(held.id).error().message, HasSubstr("a hold that is not confirmed in time frees its address"));
  EXPECT_EQ(allocate().value().address, held.address);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(HoldsTest, AHoldLastsASecondToThirtyDays) {
  EXPECT_EQ(allocate(Duration::zero()).error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(allocate(hours(24 * 30) + seconds(1)).error().code, ErrorCode::InvalidArgument);
  EXPECT_TRUE(allocate(hours(24 * 30)).ok());
}

TEST_F(HoldsTest, OfAConfirmationAndALapseTheFirstInTheLedgerWins) {
  constexpr int kHolds = 40;
  std::vector<model::Id<model::Address>> ids;
  for (int i = 0; i < kHolds; ++i) ids.push_back(allocate(minutes(1)).value().id);
  std::atomic<int> confirmed = 0;
  std::thread client([&] {
    io::BlockingLoop loop;
    for (const auto id : ids) {
      const std::function<Result<void>(model::Address&)> nothing = [](model::Address&) -> Result<void> { return {}; };
      if (loop.run(house_.allocation->confirm(administrator(), id, std::nullopt, nothing, {})).ok()) ++confirmed;
    }
  });
  house_.run_until([&] { return confirmed > kHolds / 4; });
  house_.clock.advance(minutes(1));
  std::uint64_t freed = sweep();
  client.join();
  freed += sweep();
  EXPECT_EQ(static_cast<std::uint64_t>(confirmed) + freed, static_cast<std::uint64_t>(kHolds));
  const auto left = house_.rows<model::Address>();
  EXPECT_EQ(left.size(), static_cast<std::size_t>(confirmed));
  for (const model::Address& each : left) EXPECT_EQ(each.state, AddressState::InUse);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(HoldsTest, WithoutACooldownAnAddressIsFreeAtOnce) {
  const auto taken = allocate().value();
  ASSERT_TRUE(release(taken.id).ok());
  EXPECT_THAT(house_.rows<model::Address>(), IsEmpty());
}

TEST_F(HoldsTest, AReleasedAddressCoolsDownAndThenIsFree) {
  house_.planning->set_release_cooldown(hours(4));
  const auto taken = allocate().value();
  ASSERT_TRUE(release(taken.id).ok());
  const auto cooling = house_.rows<model::Address>().front();
  EXPECT_EQ(cooling.state, AddressState::Cooling);
  EXPECT_EQ(cooling.held_until, house_.clock.now() + hours(4));
  EXPECT_EQ(house_.planning->usage(subnet_).used, 0U) << "it is in nobody's use";
  EXPECT_EQ(allocate().value().address, address("10.0.0.2")) << "and yet not free";
  EXPECT_EQ(house_.index_defect(), "");
  EXPECT_EQ(release(taken.id).error().code, ErrorCode::FailedPrecondition);
  model::Address by_hand{.space_id = space_, .address = taken.address};
  const auto refused = house_.run(house_.planning->create(administrator(), by_hand, {}));
  EXPECT_THAT(refused.error().message, HasSubstr("10.0.0.1 was released and cools down until 2026-11-23T12:00:00"));
  house_.clock.advance(hours(4));
  EXPECT_EQ(sweep(), 1U);
  EXPECT_EQ(allocate().value().address, taken.address);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(HoldsTest, TheSubnetsCooldownGoesBeforeTheSettings) {
  house_.planning->set_release_cooldown(hours(4));
  set_cooldown(60);
  const auto first = allocate().value();
  ASSERT_TRUE(release(first.id).ok());
  EXPECT_EQ(house_.rows<model::Address>().front().held_until, house_.clock.now() + minutes(1));
  set_cooldown(0);
  const auto second = allocate().value();
  ASSERT_TRUE(release(second.id).ok());
  EXPECT_EQ(house_.rows<model::Address>().size(), 1U);
}

TEST_F(HoldsTest, ALiveLeaseCoolsLonger) {
  house_.planning->set_release_cooldown(hours(1));
  const auto taken = allocate().value();
  const Time end = house_.clock.now() + hours(9);
  const model::Lease lease{.server_id = {1}, .address = taken.address, .space_id = space_, .state = model::LeaseState::Active, .expires_at = end};
  ASSERT_TRUE(house_
                  .write([&](ledger::Transaction& transaction) -> Result<void> {
                    transaction.put_lease(std::nullopt, lease);
                    return {};
                  })
                  .ok());
  ASSERT_TRUE(release(taken.id).ok());
  EXPECT_EQ(house_.rows<model::Address>().front().held_until, end);
}

TEST_F(HoldsTest, ForceAndAHoldNeedNoCooldown) {
  house_.planning->set_release_cooldown(hours(4));
  const auto taken = allocate().value();
  ASSERT_TRUE(release(taken.id, ReleaseMode::AtOnce).ok());
  EXPECT_THAT(house_.rows<model::Address>(), IsEmpty());
  const auto held = allocate(minutes(5)).value();
  ASSERT_TRUE(release(held.id).ok());
  EXPECT_THAT(house_.rows<model::Address>(), IsEmpty());
  const auto cooling = allocate().value();
  ASSERT_TRUE(release(cooling.id).ok());
  ASSERT_TRUE(release(cooling.id, ReleaseMode::AtOnce).ok());
  EXPECT_THAT(house_.rows<model::Address>(), IsEmpty());
}

TEST_F(HoldsTest, HeldAndCoolingAreNoStatesThatAPersonGives) {
  model::Address address_of_hand{.space_id = space_, .address = address("10.0.0.9"), .state = AddressState::Held};
  EXPECT_EQ(house_.run(house_.planning->create(administrator(), address_of_hand, {})).error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace ipam::test
