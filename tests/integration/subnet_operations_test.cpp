// Split, merge, resize and plan of subnets: what lies inside follows, and what is in the way is named.
#include "service/planning/subnet_operations.h"

#include "integration/house.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using service::SubnetMerge;
using service::SubnetOperations;
using service::SubnetResize;
using service::SubnetSplit;
using testing::ElementsAre;
using testing::HasSubstr;

class SubnetOperationsTest : public testing::Test {
 protected:
  House house_;
  SubnetOperations operations_{*house_.ledger};
  model::Id<model::AddressSpace> space_ = house_.default_space().id;

  template <class Answer>
  static std::vector<std::string> texts(const Answer& written) {
    if (!written.ok()) return {written.error().message};
    std::vector<std::string> all;
    for (const model::Subnet& each : written->value) all.push_back(each.prefix.to_string());
    return all;
  }
  std::vector<std::string> split(const model::Subnet& subnet, int length) {
    return texts(house_.run(operations_.split(administrator(), {subnet.id, {}, length, {}}, {})));
  }
  std::vector<std::string> keep(const model::Subnet& subnet, const std::vector<const char*>& parts) {
    SubnetSplit request{.id = subnet.id};
    for (const char* part : parts) request.parts.push_back(prefix(part));
    return texts(house_.run(operations_.split(administrator(), request, {})));
  }
  std::vector<std::string> merge(const std::vector<model::Subnet>& subnets) {
    SubnetMerge request;
    for (const model::Subnet& each : subnets) request.ids.push_back(each.id);
    return texts(house_.run(operations_.merge(administrator(), request, {})));
  }
  std::vector<std::string> resize(const model::Subnet& subnet, const char* to) {
    return texts(house_.run(operations_.resize(administrator(), {subnet.id, {}, prefix(to), {}}, {})));
  }
  model::Range add_range(const model::Subnet& subnet, const char* first, const char* last, const char* name = "") {
    return house_.put(model::Range{.space_id = space_, .subnet_id = subnet.id, .first = address(first), .last = address(last), .name = name});
  }
  void add_address(const char* text, const char* name = "") {
    house_.put(model::Address{.space_id = space_, .address = address(text), .name = name});
  }
  std::string subnet_of_range(model::Id<model::Range> id) {
    for (const auto& range : house_.rows<model::Range>()) {
      for (const auto& subnet : house_.rows<model::Subnet>()) {
        if (range.id == id && subnet.id == range.subnet_id) return subnet.prefix.to_string();
      }
    }
    return "none";
  }
};

TEST_F(SubnetOperationsTest, SplitMakesPartsAndWhatLiesInsideFollows) {
  const auto whole = house_.add_subnet("10.0.0.0/24");
  const auto low = add_range(whole, "10.0.0.10", "10.0.0.20");
  const auto high = add_range(whole, "10.0.0.200", "10.0.0.254");
  add_address("10.0.0.66");
  EXPECT_THAT(split(whole, 26), ElementsAre("10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26", "10.0.0.192/26"));
  EXPECT_EQ(house_.rows<model::Subnet>().front().id, whole.id);
  EXPECT_EQ(subnet_of_range(low.id), "10.0.0.0/26");
  EXPECT_EQ(subnet_of_range(high.id), "10.0.0.192/26");
  EXPECT_EQ(house_.planning->usage(space_, prefix("10.0.0.64/26")).assigned, 1U);
  EXPECT_EQ(house_.index_defect(), "");
  EXPECT_TRUE(house_.verify_journal().ok());
}

TEST_F(SubnetOperationsTest, SplitNamesWhatIsInTheWayAndLeavesEverythingAsItWas) {
  const auto whole = house_.add_subnet("10.0.0.0/24");
  add_address("10.0.0.63", "app7");
  EXPECT_THAT(split(whole, 26), ElementsAre("10.0.0.63 (app7) would be the broadcast address of 10.0.0.0/26"));
  add_range(whole, "10.0.0.120", "10.0.0.130", "printers");
  EXPECT_THAT(split(whole, 25), ElementsAre(HasSubstr("range 10.0.0.120-10.0.0.130 reaches beyond 10.0.0.0/25")));
  EXPECT_THAT(split(whole, 24), ElementsAre(HasSubstr("must be within 25 and 32")));
  EXPECT_THAT(split(whole, 33), ElementsAre(HasSubstr("must be within 25 and 32")));
  EXPECT_EQ(house_.rows<model::Subnet>().size(), 1U);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(SubnetOperationsTest, SplitKeepsOnlyTheNamedPartsWhereTheRestIsEmpty) {
  const auto whole = house_.add_subnet("10.0.0.0/24");
  add_address("10.0.0.70", "db");
  EXPECT_THAT(keep(whole, {"10.0.0.128/25", "10.0.0.0/26"}), ElementsAre(HasSubstr("10.0.0.70 (db) would lie in no subnet")));
  EXPECT_THAT(keep(whole, {"10.0.0.0/25", "10.0.0.64/26"}), ElementsAre(HasSubstr("overlap")));
  EXPECT_THAT(keep(whole, {"10.0.1.0/25"}), ElementsAre(HasSubstr("is no part of 10.0.0.0/24")));
  EXPECT_THAT(keep(whole, {"10.0.0.192/27", "10.0.0.64/26"}), ElementsAre("10.0.0.64/26", "10.0.0.192/27"));
  EXPECT_EQ(house_.rows<model::Subnet>().size(), 2U);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(SubnetOperationsTest, SplitOfAPointToPointLinkHasNoBoundaries) {
  const auto link = house_.add_subnet("10.0.0.0/31");
  add_address("10.0.0.0");
  add_address("10.0.0.1");
  EXPECT_THAT(split(link, 32), ElementsAre("10.0.0.0/32", "10.0.0.1/32"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(SubnetOperationsTest, MergeKeepsTheLowestAndGivesItAllRanges) {
  const auto a = house_.add_subnet("10.0.0.0/26");
  const auto b = house_.add_subnet("10.0.0.64/26");
  const auto c = house_.add_subnet("10.0.0.128/25");
  const auto range = add_range(c, "10.0.0.130", "10.0.0.140");
  EXPECT_THAT(merge({c, a}), ElementsAre(HasSubstr("10.0.0.0/24 would overlap subnet 10.0.0.64/26")));
  EXPECT_THAT(merge({a}), ElementsAre(HasSubstr("must be within 2")));
  EXPECT_THAT(merge({a, a}), ElementsAre(HasSubstr("named twice")));
  EXPECT_THAT(merge({c, a, b}), ElementsAre("10.0.0.0/24"));
  ASSERT_EQ(house_.rows<model::Subnet>().size(), 1U);
  EXPECT_EQ(house_.rows<model::Subnet>().front().id, a.id);
  EXPECT_EQ(subnet_of_range(range.id), "10.0.0.0/24");
  add_address("10.0.0.127");
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(SubnetOperationsTest, MergeLeavesBlocksAlone) {
  const auto a = house_.add_subnet("10.0.0.0/25");
  const auto b = house_.add_subnet("10.0.0.128/25");
  house_.put(model::Block{.space_id = space_, .prefix = prefix("10.0.0.128/25")});
  EXPECT_THAT(merge({a, b}), ElementsAre(HasSubstr("would contain block 10.0.0.128/25")));
}

TEST_F(SubnetOperationsTest, ResizeGrowsIntoFreeSpaceOnly) {
  const auto subnet = house_.add_subnet("10.0.1.0/24");
  add_address("10.0.1.254");
  EXPECT_THAT(resize(subnet, "10.0.0.0/23"), ElementsAre("10.0.0.0/23"));
  house_.add_subnet("10.0.2.0/24");
  EXPECT_THAT(resize(subnet, "10.0.0.0/22"), ElementsAre("10.0.0.0/22 would overlap subnet 10.0.2.0/24"));
  EXPECT_THAT(resize(subnet, "10.0.9.0/24"), ElementsAre(HasSubstr("neither holds 10.0.0.0/23 nor lies inside it")));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(SubnetOperationsTest, ResizeShrinksWhereNothingIsLost) {
  const auto subnet = house_.add_subnet("10.0.0.0/24");
  add_address("10.0.0.128", "edge");
  add_address("10.0.0.30", "web");
  const auto range = add_range(subnet, "10.0.0.200", "10.0.0.210", "phones");
  EXPECT_THAT(resize(subnet, "10.0.0.0/25"), ElementsAre(HasSubstr("range 10.0.0.200-10.0.0.210 would lie in no subnet")));
  EXPECT_THAT(resize(subnet, "10.0.0.128/25"), ElementsAre(HasSubstr("10.0.0.30 (web) would lie in no subnet")));
  ASSERT_TRUE(house_.run(house_.planning->erase<model::Range>(administrator(), range.id, std::nullopt, {})).ok());
  EXPECT_THAT(resize(subnet, "10.0.0.0/25"), ElementsAre(HasSubstr("10.0.0.128 (edge) would lie in no subnet")));
  for (const auto& each : house_.rows<model::Address>()) {
    if (each.name != "edge") continue;
    ASSERT_TRUE(house_.run(house_.planning->erase<model::Address>(administrator(), each.id, std::nullopt, {})).ok());
  }
  EXPECT_THAT(resize(subnet, "10.0.0.0/27"), ElementsAre("10.0.0.0/27"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(SubnetOperationsTest, ALeaseThatWouldBeABoundaryIsInTheWay) {
  const auto subnet = house_.add_subnet("10.0.0.0/24");
  const model::Lease lease{.server_id = {1}, .address = address("10.0.0.127"), .space_id = space_, .state = model::LeaseState::Active};
  ASSERT_TRUE(house_
                  .write([&](ledger::Transaction& transaction) -> Result<void> {
                    transaction.put_lease(std::nullopt, lease);
                    return {};
                  })
                  .ok());
  EXPECT_THAT(split(subnet, 25), ElementsAre(HasSubstr("10.0.0.127, which is leased, would be the broadcast address of 10.0.0.0/25")));
}

TEST_F(SubnetOperationsTest, AnotherRevisionIsRefused) {
  const auto subnet = house_.add_subnet("10.0.0.0/24");
  const auto refused = house_.run(operations_.split(administrator(), {subnet.id, subnet.revision + 1, 25, {}}, {}));
  EXPECT_EQ(refused.error().code, ErrorCode::FailedPrecondition);
}

TEST_F(SubnetOperationsTest, ADryRunIsAPreview) {
  const auto subnet = house_.add_subnet("10.0.0.0/24");
  model::ChangeContext context;
  const auto exchange = std::make_shared<ledger::Exchange>(ledger::Exchange::Mode::DryRun);
  context.exchange = exchange;
  EXPECT_THAT(texts(house_.run(operations_.split(administrator(), {subnet.id, {}, 25, {}}, context))), ElementsAre("10.0.0.0/25", "10.0.0.128/25"));
  EXPECT_EQ(exchange->would_be().size(), 2U);
  EXPECT_EQ(house_.rows<model::Subnet>().size(), 1U);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(SubnetOperationsTest, APlanPacksTheLargestFirstAndAnswersInOrder) {
  house_.add_subnet("10.0.0.0/26");
  const auto plan = [&](const std::vector<std::pair<int, std::uint64_t>>& wanted) {
    service::SubnetPlanRequest request{.space_id = space_, .from = prefix("10.0.0.0/24"), .subnets = {}};
    for (const auto& [length, hosts] : wanted) {
      service::SubnetPlanRequest::Wanted each;
      if (length != 0) each.length = length;
      if (hosts != 0) each.hosts = hosts;
      request.subnets.push_back(each);
    }
    return texts(house_.run(house_.allocation->plan_subnets(administrator(), request, {})));
  };
  EXPECT_THAT(plan({{26, 0}, {26, 0}, {25, 0}}), ElementsAre(HasSubstr("no room for all 3 subnets: not for subnet 1, of /26")));
  EXPECT_EQ(house_.rows<model::Subnet>().size(), 1U);
  EXPECT_THAT(plan({{0, 30}, {25, 0}, {0, 2}, {0, 3}}), ElementsAre("10.0.0.64/27", "10.0.0.128/25", "10.0.0.104/31", "10.0.0.96/29"));
  EXPECT_THAT(plan({{0, 0}}), ElementsAre(HasSubstr("give either the length or the number of hosts")));
  EXPECT_EQ(house_.index_defect(), "");
}

}  // namespace
}  // namespace ipam::test
