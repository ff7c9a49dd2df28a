#include "service/tracking/lease_history.h"
#include "service/tracking/tracking_service.h"

#include <gmock/gmock.h>

namespace ipam::service {
namespace {

using model::Lease;
using model::LeaseEnding;
using model::LeaseInterval;
using model::LeaseState;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Minutes of one day.
Time minute(int minutes) { return parse_time("2026-11-28T00:00:00Z").value() + std::chrono::minutes(minutes); }

Lease lease(std::uint8_t client, int from, int until, LeaseState state = LeaseState::Active) {
  Lease lease;
  lease.server_id.value = 7;
  lease.address = ip::Address::v4(0x0A000005);
  lease.hardware_address = ip::HardwareAddress::from_bytes(Bytes(6, client)).value();
  lease.hostname = "host" + std::to_string(client);
  lease.state = state;
  lease.starts_at = minute(from);
  lease.expires_at = minute(until);
  return lease;
}

class LeaseHistory : public testing::Test {
 protected:
  // The server tells this now.
  void see(int now, std::optional<Lease> after) {
    const std::optional<LeaseInterval> newest = intervals_.empty() ? std::nullopt : std::optional(intervals_.rbegin()->second);
    for (const LeaseInterval& each : intervals_of(newest, {last_, after}, "kea1", minute(now))) intervals_[each.began_at] = each;
    last_ = std::move(after);
  }
  const LeaseInterval& at(std::size_t index) { return std::next(intervals_.begin(), static_cast<std::ptrdiff_t>(index))->second; }

  std::optional<Lease> last_;
  std::map<Time, LeaseInterval> intervals_;
};

TEST_F(LeaseHistory, ALeaseBeginsAnIntervalAndItsRenewalsProlongIt) {
  see(10, lease(1, 5, 65));
  see(40, lease(1, 35, 95));
  ASSERT_THAT(intervals_, SizeIs(1));
  EXPECT_EQ(at(0).began_at, minute(5));
  EXPECT_EQ(at(0).renewed_at, minute(35));
  EXPECT_EQ(at(0).expires_at, minute(95));
  EXPECT_EQ(at(0).ending, LeaseEnding::Open);
  EXPECT_EQ(at(0).server, "kea1");
}

TEST_F(LeaseHistory, AnotherClientEndsTheOneBefore) {
  see(10, lease(1, 5, 65));
  see(40, lease(2, 30, 90));
  ASSERT_THAT(intervals_, SizeIs(2));
  EXPECT_EQ(at(0).ending, LeaseEnding::Replaced);
  EXPECT_EQ(at(0).ended_at, minute(30));
  EXPECT_EQ(at(1).hostname, "host2");
}

TEST_F(LeaseHistory, AnotherClientAfterItsTimeFindsItExpired) {
  see(10, lease(1, 5, 65));
  see(200, lease(2, 180, 240));
  EXPECT_EQ(at(0).ending, LeaseEnding::Expired);
  EXPECT_EQ(at(0).ended_at, minute(65));
}

TEST_F(LeaseHistory, TheSameClientAfterItsTimeBeginsAgain) {
  see(10, lease(1, 5, 65));
  see(200, lease(1, 180, 240));
  ASSERT_THAT(intervals_, SizeIs(2));
  EXPECT_EQ(at(0).ending, LeaseEnding::Expired);
  EXPECT_EQ(at(1).began_at, minute(180));
}

TEST_F(LeaseHistory, WhatIsGoneBeforeItsTimeEndedInBetween) {
  see(10, lease(1, 5, 65));
  see(20, std::nullopt);
  EXPECT_EQ(at(0).ending, LeaseEnding::Gone);
  EXPECT_EQ(at(0).ended_at, minute(20));
  // It was there all the time: the server had not told it.
  see(30, lease(1, 5, 65));
  ASSERT_THAT(intervals_, SizeIs(1));
  EXPECT_EQ(at(0).ending, LeaseEnding::Open);
  EXPECT_FALSE(at(0).ended_at.has_value());
}

TEST_F(LeaseHistory, StatesOfTheServerEndIt) {
  see(10, lease(1, 5, 65));
  see(20, lease(1, 5, 65, LeaseState::Released));
  EXPECT_EQ(at(0).ending, LeaseEnding::Released);
  EXPECT_EQ(at(0).ended_at, minute(20));
  see(30, lease(1, 25, 85));
  see(90, lease(1, 25, 85, LeaseState::Expired));
  ASSERT_THAT(intervals_, SizeIs(2));
  EXPECT_EQ(at(1).ending, LeaseEnding::Expired);
  EXPECT_EQ(at(1).ended_at, minute(85));
  see(100, lease(1, 95, 155));
  Lease declined = lease(1, 110, 1000, LeaseState::Declined);
  declined.hardware_address.reset();
  see(120, declined);
  ASSERT_THAT(intervals_, SizeIs(3));
  EXPECT_EQ(at(2).ending, LeaseEnding::Declined);
  EXPECT_EQ(at(2).ended_at, minute(110));
}

TEST_F(LeaseHistory, WhatAServerTellsAsOverIsHistoryToo) {
  see(100, lease(1, 5, 65, LeaseState::Expired));
  ASSERT_THAT(intervals_, SizeIs(1));
  EXPECT_EQ(at(0).began_at, minute(5));
  EXPECT_EQ(at(0).ended_at, minute(65));
  EXPECT_EQ(at(0).ending, LeaseEnding::Expired);
}

TEST_F(LeaseHistory, ClientsAreToldApartByClientIdWhereBothHaveOne) {
  Lease one = lease(1, 5, 65), other = lease(1, 20, 80);
  one.client_id = ip::ClientId::parse("01:02:03:04").value();
  other.client_id = ip::ClientId::parse("01:02:03:05").value();
  see(10, one);
  see(30, other);
  EXPECT_THAT(intervals_, SizeIs(2));
}

LeaseInterval interval(LeaseEnding ending, std::optional<Time> ended_at) {
  LeaseInterval interval;
  interval.began_at = minute(0);
  interval.renewed_at = minute(30);
  interval.expires_at = minute(90);
  interval.ending = ending;
  interval.ended_at = ended_at;
  return interval;
}

TEST(CertaintyOfALease, IsCertainUpToTheLastTransaction) {
  EXPECT_EQ(certainty_at(interval(LeaseEnding::Open, std::nullopt), minute(30), std::nullopt)->first, Certainty::Certain);
  EXPECT_EQ(certainty_at(interval(LeaseEnding::Replaced, minute(60)), minute(10), std::nullopt)->first, Certainty::Certain);
}

TEST(CertaintyOfALease, IsLikelyWhileItRuns) {
  EXPECT_EQ(certainty_at(interval(LeaseEnding::Open, std::nullopt), minute(60), minute(70))->first, Certainty::Likely);
  EXPECT_EQ(certainty_at(interval(LeaseEnding::Expired, minute(90)), minute(89), std::nullopt)->first, Certainty::Likely);
}

TEST(CertaintyOfALease, IsPossibleWhereItsEndIsNotKnown) {
  const auto released = certainty_at(interval(LeaseEnding::Released, minute(60)), minute(45), std::nullopt);
  ASSERT_TRUE(released);
  EXPECT_EQ(released->first, Certainty::Possible);
  EXPECT_THAT(released->second, HasSubstr("was released; when exactly is not known"));
  const auto late = certainty_at(interval(LeaseEnding::Open, std::nullopt), minute(100), minute(80));
  ASSERT_TRUE(late);
  EXPECT_THAT(late->second, HasSubstr("the server was not read since"));
}

TEST(CertaintyOfALease, IsNoneAfterItsEnd) {
  EXPECT_FALSE(certainty_at(interval(LeaseEnding::Replaced, minute(60)), minute(60), std::nullopt));
  EXPECT_FALSE(certainty_at(interval(LeaseEnding::Open, std::nullopt), minute(100), minute(95)));
}

}  // namespace
}  // namespace ipam::service
