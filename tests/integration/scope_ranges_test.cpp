// DHCP scopes as ranges of the plan.
#include "service/collection/collector.h"

#include "integration/house.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using driver::FakeServer;
using testing::HasSubstr;

constexpr const char* kUrl = "http://kea1.example:8000/";

class ScopeRanges : public testing::Test {
 protected:
  House house_;
  model::ManagedServer server_;

  void SetUp() override {
    set_pools({{address("10.0.0.100"), address("10.0.0.199"), {}}});
    server_ = house_.put(model::ManagedServer{.name = "kea1", .url = kUrl, .space_id = house_.default_space().id});
  }
  Guarded<FakeServer>& fake() { return house_.drivers.server(kUrl); }
  void set_pools(std::vector<driver::ObservedPool> pools) {
    driver::ObservedScope scope;
    scope.key = "1";
    scope.prefix = prefix("10.0.0.0/24");
    scope.name = "office";
    scope.pools = std::move(pools);
    fake().with([&](FakeServer& server) { server.configuration.scopes = {scope}; });
  }
  std::string collect() {
    return house_.run(house_.collector->collect_configuration(server_, "task/ServerConfiguration", io::Deadline::after(std::chrono::seconds(30))))
        .value();
  }
  std::vector<std::string> ranges() {
    std::vector<std::string> texts;
    for (const model::Range& range : house_.rows<model::Range>()) texts.push_back(display_name(range) + " of " + range.service_instance);
    return texts;
  }
  Result<ledger::Written<model::Range>> rename(model::Id<model::Range> id) {
    const std::function<Result<void>(model::Range&)> change = [](model::Range& range) -> Result<void> {
      range.name = "mine";
      return {};
    };
    return house_.run(house_.planning->update<model::Range>(administrator(), id, std::nullopt, change, {}));
  }
};

TEST_F(ScopeRanges, AScopeBecomesARangeAndItsSubnetIsMade) {
  collect();
  EXPECT_EQ(ranges(), std::vector<std::string>{"10.0.0.100-10.0.0.199 of kea1"});
  const auto range = house_.rows<model::Range>().front();
  EXPECT_EQ(range.managed_by, model::ManagedBy::NonMsDhcp);
  EXPECT_EQ(range.name, "office");
  ASSERT_EQ(house_.rows<model::Subnet>().size(), 1U);
  EXPECT_EQ(house_.rows<model::Subnet>().front().prefix, prefix("10.0.0.0/24"));
  EXPECT_THAT(house_.journal_text(), HasSubstr("task/ServerConfiguration range 10.0.0.100-10.0.0.199"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(ScopeRanges, ASecondCollectionChangesNothing) {
  collect();
  const auto sequence = house_.ledger->sequence();
  collect();
  EXPECT_EQ(house_.ledger->sequence(), sequence);
}

TEST_F(ScopeRanges, PoolsThatTouchAreOneRangeAndOthersAreTheirOwn) {
  set_pools({{address("10.0.0.10"), address("10.0.0.19"), {}},
             {address("10.0.0.20"), address("10.0.0.29"), {}},
             {address("10.0.0.50"), address("10.0.0.59"), {}}});
  collect();
  EXPECT_EQ(ranges(), (std::vector<std::string>{"10.0.0.10-10.0.0.29 of kea1", "10.0.0.50-10.0.0.59 of kea1"}));
}

TEST_F(ScopeRanges, TheRangeFollowsItsPoolAndGoesWithItsScope) {
  collect();
  set_pools({{address("10.0.0.100"), address("10.0.0.149"), {}}});
  collect();
  EXPECT_EQ(ranges(), std::vector<std::string>{"10.0.0.100-10.0.0.149 of kea1"});
  fake().with([](FakeServer& server) { server.configuration.scopes.clear(); });
  collect();
  EXPECT_TRUE(ranges().empty());
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(ScopeRanges, ARangeOfThePlanInItsPlaceIsFlagged) {
  house_.add_subnet("10.0.0.0/24");
  model::Range own;
  own.space_id = server_.space_id;
  own.first = address("10.0.0.150");
  own.last = address("10.0.0.250");
  ASSERT_TRUE(house_.run(house_.planning->create<model::Range>(administrator(), own, {})).ok());
  collect();
  ASSERT_EQ(ranges().size(), 2U);
  for (const model::Range& range : house_.rows<model::Range>()) {
    EXPECT_EQ(house_.planning->overlaps().read(range).value().overlap, service::Overlap::Overlapping) << display_name(range);
  }
}

TEST_F(ScopeRanges, OnlyDescriptionAndOwnerAreThePlanners) {
  collect();
  const auto range = house_.rows<model::Range>().front();
  const auto renamed = rename(range.id);
  ASSERT_FALSE(renamed.ok());
  EXPECT_EQ(renamed.error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(renamed.error().message, HasSubstr("kea1"));
  const std::function<Result<void>(model::Range&)> describe = [](model::Range& each) -> Result<void> {
    each.description = "third floor";
    return {};
  };
  ASSERT_TRUE(house_.run(house_.planning->update<model::Range>(administrator(), range.id, std::nullopt, describe, {})).ok());
  collect();
  EXPECT_EQ(house_.rows<model::Range>().front().description, "third floor");
  const auto erased = house_.run(house_.planning->erase<model::Range>(administrator(), range.id, std::nullopt, {}));
  ASSERT_FALSE(erased.ok());
  EXPECT_EQ(erased.error().code, ErrorCode::FailedPrecondition);
}

TEST_F(ScopeRanges, GoWithTheirServer) {
  collect();
  ASSERT_TRUE(house_.run(house_.inventory->erase_server(administrator(), server_.id, std::nullopt, {})).ok());
  EXPECT_TRUE(ranges().empty());
  EXPECT_EQ(house_.index_defect(), "");
}

}  // namespace
}  // namespace ipam::test
