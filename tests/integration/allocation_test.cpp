#include "service/allocation/allocation_service.h"

#include "integration/house.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>
#include <thread>

namespace ipam::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using From = std::variant<ip::Range, model::Id<model::Range>>;

class AllocationTest : public testing::Test {
 protected:
  House house_;
  model::Id<model::AddressSpace> space_ = house_.default_space().id;

  Result<ledger::Written<service::Allocation>> allocate(From from, std::uint32_t count = 1) {
    service::AllocationRequest request;
    request.from = {from};
    request.count = count;
    request.fields.space_id = space_;
    return house_.run(house_.allocation->allocate(administrator(), request, {}));
  }
  std::vector<std::string> taken(From from, std::uint32_t count) {
    const auto written = allocate(from, count);
    if (!written.ok()) return {std::string(to_string(written.error().code))};
    std::vector<std::string> texts;
    for (const auto& each : written->value.addresses) texts.push_back(each.address.to_string());
    return texts;
  }
  void hold_lease(const std::string& text, model::LeaseState state) {
    const model::Lease lease{.server_id = {1}, .address = address(text), .space_id = space_, .state = state};
    ASSERT_TRUE(house_
                    .write([&](ledger::Transaction& transaction) -> Result<void> {
                      transaction.put_lease(std::nullopt, lease);
                      return {};
                    })
                    .ok());
  }
};

TEST_F(AllocationTest, SkipsNetworkAndBroadcastAddress) {
  house_.add_subnet("10.0.0.0/30");
  EXPECT_THAT(taken(prefix("10.0.0.0/30"), 2), ElementsAre("10.0.0.1", "10.0.0.2"));
}

TEST_F(AllocationTest, TakesBothAddressesOfAPointToPointLink) {
  house_.add_subnet("10.0.0.0/31");
  EXPECT_THAT(taken(prefix("10.0.0.0/31"), 2), ElementsAre("10.0.0.0", "10.0.0.1"));
}

TEST_F(AllocationTest, SkipsWhatRecordsReservationsAndLiveLeasesHold) {
  house_.add_subnet("10.0.0.0/24");
  house_.put(model::Address{.space_id = space_, .address = address("10.0.0.1"), .state = model::AddressState::Inactive});
  house_.put(model::DhcpReservation{
      .scope_id = house_.add_scope("10.0.0.0/24").id, .space_id = space_, .address = address("10.0.0.2"), .identifier = Bytes{1}});
  hold_lease("10.0.0.3", model::LeaseState::Active);
  hold_lease("10.0.0.4", model::LeaseState::Declined);
  hold_lease("10.0.0.5", model::LeaseState::Expired);
  EXPECT_THAT(taken(prefix("10.0.0.0/24"), 2), ElementsAre("10.0.0.5", "10.0.0.6"));
}

TEST_F(AllocationTest, SkipsPoolsAndRangesOfOtherServices) {
  const auto subnet = house_.add_subnet("10.0.0.0/24");
  house_.put(
      model::DhcpPool{.scope_id = house_.add_scope("10.0.0.0/24").id, .space_id = space_, .first = address("10.0.0.1"), .last = address("10.0.0.9")});
  house_.put(model::Range{.space_id = space_,
                          .subnet_id = subnet.id,
                          .first = address("10.0.0.11"),
                          .last = address("10.0.0.19"),
                          .managed_by = model::ManagedBy::VmManager});
  EXPECT_THAT(taken(prefix("10.0.0.0/24"), 2), ElementsAre("10.0.0.10", "10.0.0.20"));
}

TEST_F(AllocationTest, TakesFromARangeOfThePlan) {
  const auto subnet = house_.add_subnet("10.0.0.0/24");
  const auto range = house_.put(
      model::Range{.space_id = space_, .subnet_id = subnet.id, .first = address("10.0.0.50"), .last = address("10.0.0.51"), .name = "phones"});
  EXPECT_THAT(taken(range.id, 2), ElementsAre("10.0.0.50", "10.0.0.51"));
  EXPECT_THAT(taken(range.id, 1), ElementsAre("exhausted"));
  EXPECT_THAT(taken(model::Id<model::Range>{99'999}, 1), ElementsAre("invalid_argument"));
}

TEST_F(AllocationTest, LeavesARangeOfAnotherServiceToThatService) {
  const auto subnet = house_.add_subnet("10.0.0.0/24");
  const auto range = house_.put(model::Range{.space_id = space_,
                                             .subnet_id = subnet.id,
                                             .first = address("10.0.0.50"),
                                             .last = address("10.0.0.51"),
                                             .managed_by = model::ManagedBy::MsDhcp});
  EXPECT_THAT(taken(range.id, 1), ElementsAre("failed_precondition"));
}

TEST_F(AllocationTest, ExhaustionTakesNothing) {
  house_.add_subnet("10.0.0.0/29");
  ASSERT_EQ(taken(prefix("10.0.0.0/29"), 4).size(), 4U);
  const auto before = house_.ledger->sequence();
  const auto refused = allocate(prefix("10.0.0.0/29"), 3);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Exhausted);
  EXPECT_THAT(refused.error().message, HasSubstr("has 2 free addresses, 3 were asked for"));
  EXPECT_EQ(house_.rows<model::Address>().size(), 4U);
  EXPECT_EQ(house_.ledger->sequence(), before);
  EXPECT_EQ(taken(prefix("10.0.0.0/29"), 2).size(), 2U);
}

TEST_F(AllocationTest, RefusesAPlaceOutsideOrBeyondASubnet) {
  house_.add_subnet("10.0.0.0/24");
  EXPECT_THAT(taken(prefix("10.9.0.0/24"), 1), ElementsAre("invalid_argument"));
  EXPECT_THAT(taken(prefix("10.0.0.0/16"), 1), ElementsAre("invalid_argument"));
  EXPECT_THAT(taken(range("10.0.0.200-10.0.1.5"), 1), ElementsAre("invalid_argument"));
}

TEST_F(AllocationTest, RefusesACountOutOfBounds) {
  house_.add_subnet("10.0.0.0/16");
  EXPECT_THAT(taken(prefix("10.0.0.0/16"), 0), ElementsAre("invalid_argument"));
  EXPECT_THAT(taken(prefix("10.0.0.0/16"), 1'001), ElementsAre("invalid_argument"));
  EXPECT_EQ(taken(prefix("10.0.0.0/16"), 1'000).size(), 1'000U);
}

TEST_F(AllocationTest, PassesOverTheRouterAnycastAddressOfAnIpv6Subnet) {
  house_.add_subnet("2001:db8::/64");
  EXPECT_THAT(taken(prefix("2001:db8::/64"), 3), ElementsAre("2001:db8::1", "2001:db8::2", "2001:db8::3"));
  house_.add_subnet("2001:db8:1::/127");
  EXPECT_THAT(taken(prefix("2001:db8:1::/127"), 2), ElementsAre("2001:db8:1::", "2001:db8:1::1")) << "RFC 6164";
}

TEST_F(AllocationTest, IsJournaledAndDurable) {
  house_.add_subnet("10.0.0.0/24");
  const auto written = allocate(prefix("10.0.0.0/24"), 2).value();
  EXPECT_EQ(written.sequence, house_.ledger->sequence());
  EXPECT_THAT(house_.journal_text(), HasSubstr("10.0.0.2"));
  house_.restart();
  EXPECT_THAT(taken(prefix("10.0.0.0/24"), 1), ElementsAre("10.0.0.3"));
}

TEST_F(AllocationTest, TellsTheAgeOfTheOldestLeaseDataItReliedOn) {
  house_.add_subnet("10.0.0.0/24");
  EXPECT_FALSE(allocate(prefix("10.0.0.0/24")).value().value.lease_data_as_of.has_value());
  const auto scope = house_.add_scope("10.0.0.0/24");
  house_.put(model::DhcpPool{.scope_id = scope.id, .space_id = space_, .first = address("10.0.0.100"), .last = address("10.0.0.200")});
  const Time collected = house_.clock.now() - std::chrono::hours(1);
  ASSERT_TRUE(house_
                  .write([&](ledger::Transaction& transaction) -> Result<void> {
                    transaction.put_row(model::ServerStatus{.id = {scope.server_id.value}, .leases_collected_at = collected});
                    return {};
                  })
                  .ok());
  EXPECT_EQ(allocate(prefix("10.0.0.0/24")).value().value.lease_data_as_of, collected);
}

class StaleLeasesTest : public AllocationTest {
 protected:
  StaleLeasesTest() {
    house_.add_subnet("10.0.0.0/24");
    scope_ = house_.add_scope("10.0.0.0/24");
    house_.put(model::DhcpPool{.scope_id = scope_.id, .space_id = space_, .first = address("10.0.0.100"), .last = address("10.0.0.200")});
    house_.allocation->leases().set_collector(
        house_.clock, [this](model::ManagedServer server, io::Deadline deadline) { return collect(this, std::move(server), std::move(deadline)); });
  }
  static io::Task<Result<std::string>> collect(StaleLeasesTest* test, model::ManagedServer server, io::Deadline /*deadline*/) {
    test->asked_.push_back(server.name);
    if (test->server_is_dead_) co_return Error(ErrorCode::Unavailable, "connection refused");
    test->set_collected(test->house_.clock.now());
    co_return std::string("read");
  }
  void set_collected(Time at) {
    const auto put = house_.write([&](ledger::Transaction& transaction) -> Result<void> {
      transaction.put_row(model::ServerStatus{.id = {scope_.server_id.value}, .leases_collected_at = at});
      return {};
    });
    ASSERT_TRUE(put.ok());
  }
  Result<ledger::Written<service::Allocation>> ask(Duration most, service::WhenStale when_stale = service::WhenStale::Refuse) {
    service::AllocationRequest request;
    request.from = {ip::Range(prefix("10.0.0.0/24"))};
    request.max_lease_age = most;
    request.when_stale = when_stale;
    request.fields.space_id = space_;
    return house_.run(house_.allocation->allocate(administrator(), request, {}));
  }

  model::DhcpScope scope_;
  std::vector<std::string> asked_;
  bool server_is_dead_ = false;
};

TEST_F(StaleLeasesTest, LeasesThatAreTooOldAreRefusedNamingTheServer) {
  const auto never = ask(std::chrono::minutes(15));
  ASSERT_EQ(never.error().code, ErrorCode::Stale);
  EXPECT_THAT(never.error().message, HasSubstr("DHCP server dhcp of 10.0.0.0/24 were never read"));
  set_collected(house_.clock.now() - std::chrono::hours(1));
  EXPECT_EQ(ask(std::chrono::minutes(15)).error().code, ErrorCode::Stale);
  EXPECT_TRUE(ask(std::chrono::hours(1)).ok());
  EXPECT_THAT(asked_, testing::IsEmpty());
  EXPECT_EQ(house_.rows<model::Address>().size(), 1U);
}

TEST_F(StaleLeasesTest, LeasesAreCollectedFirstWhereThatIsAskedFor) {
  const auto written = ask(std::chrono::minutes(15), service::WhenStale::CollectFirst);
  ASSERT_TRUE(written.ok()) << written.error().describe();
  EXPECT_THAT(asked_, ElementsAre("dhcp of 10.0.0.0/24"));
  EXPECT_EQ(written->value.lease_data_as_of, house_.clock.now());
  EXPECT_TRUE(ask(std::chrono::minutes(15), service::WhenStale::CollectFirst).ok());
  EXPECT_EQ(asked_.size(), 1U) << "they are fresh now";
}

TEST_F(StaleLeasesTest, AServerThatDoesNotAnswerMakesARefusal) {
  server_is_dead_ = true;
  const auto refused = ask(std::chrono::minutes(15), service::WhenStale::CollectFirst);
  ASSERT_EQ(refused.error().code, ErrorCode::Stale);
  EXPECT_THAT(refused.error().message, HasSubstr("cannot be read now: connection refused"));
  EXPECT_TRUE(house_.rows<model::Address>().empty());
}

TEST(Allocation, ManyCallersNeverGetTheSameAddressAndLeaveNoGap) {
  constexpr std::size_t kCallers = 64, kEach = 25;
  // They outlive what completes their coroutines.
  std::vector<io::BlockingLoop> loops(kCallers);
  House house;
  house.add_subnet("10.0.0.0/16");
  const auto space = house.default_space().id;
  Guarded<std::multiset<ip::Address>> taken;
  std::atomic<int> failures = 0;
  std::vector<std::thread> callers;
  for (std::size_t caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      io::BlockingLoop& loop = loops[caller];
      for (std::size_t i = 0; i < kEach; ++i) {
        service::AllocationRequest request;
        request.from = {ip::Range(prefix("10.0.0.0/16"))};
        request.count = 1 + static_cast<std::uint32_t>(i % 2);
        request.fields.space_id = space;
        const auto written = loop.run(house.allocation->allocate(administrator(), request, {}));
        if (!written.ok()) {
          ++failures;
          continue;
        }
        for (const auto& each : written->value.addresses) taken.lock()->insert(each.address);
      }
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(failures, 0);
  const auto all = *taken.lock();
  const std::set<ip::Address> distinct(all.begin(), all.end());
  constexpr std::size_t kExpected = kCallers * (kEach + kEach / 2);
  EXPECT_EQ(all.size(), kExpected);
  EXPECT_EQ(distinct.size(), kExpected);
  EXPECT_EQ(*distinct.begin(), address("10.0.0.1"));
  EXPECT_TRUE(distinct.rbegin()->number() - distinct.begin()->number() == kExpected - 1);
  EXPECT_EQ(house.rows<model::Address>().size(), kExpected);
  EXPECT_EQ(house.index_defect(), "");
}

}  // namespace
}  // namespace ipam::test
