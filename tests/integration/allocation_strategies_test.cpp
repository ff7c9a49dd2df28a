// Where addresses, subnets and ranges are taken: strategies, several sources, all or none, dry runs.
#include "service/allocation/allocation_service.h"

#include "integration/house.h"

#include <gmock/gmock.h>

#include <set>

namespace ipam::test {
namespace {

using occupancy::AddressStrategy;
using occupancy::PrefixStrategy;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StrategiesTest : public testing::Test {
 protected:
  House house_;
  model::Id<model::AddressSpace> space_ = house_.default_space().id;

  static service::AllocationRequest::Source from(const char* text) { return ip::Range::parse(text).value(); }
  std::vector<std::string> addresses(std::vector<service::AllocationRequest::Source> sources, std::uint32_t count, AddressStrategy strategy) {
    service::AllocationRequest request;
    request.from = std::move(sources);
    request.count = count;
    request.strategy = strategy;
    request.fields.space_id = space_;
    const auto written = house_.run(house_.allocation->allocate(administrator(), request, {}));
    if (!written.ok()) return {written.error().message};
    std::vector<std::string> texts;
    for (const auto& each : written->value.addresses) texts.push_back(each.address.to_string());
    return texts;
  }
  Result<ledger::Written<std::vector<model::Subnet>>> cut(const char* prefix_text, int length, std::uint32_t count, PrefixStrategy strategy,
                                                          model::ChangeContext context = {}) {
    service::SubnetAllocationRequest request;
    request.from = prefix(prefix_text);
    request.length = length;
    request.count = count;
    request.strategy = strategy;
    request.fields.space_id = space_;
    request.fields.name = "lab";
    return house_.run(house_.allocation->allocate_subnets(administrator(), request, context));
  }
  std::vector<std::string> subnets(const char* prefix_text, int length, std::uint32_t count, PrefixStrategy strategy = PrefixStrategy::First) {
    const auto written = cut(prefix_text, length, count, strategy);
    if (!written.ok()) return {std::string(to_string(written.error().code))};
    std::vector<std::string> texts;
    for (const model::Subnet& each : written->value) texts.push_back(each.prefix.to_string());
    return texts;
  }
  std::vector<std::string> ranges(const char* within, std::uint64_t size, std::uint32_t count, AddressStrategy strategy = AddressStrategy::First) {
    service::RangeAllocationRequest request;
    request.from = range(within);
    request.addresses = size;
    request.count = count;
    request.strategy = strategy;
    request.fields.space_id = space_;
    const auto written = house_.run(house_.allocation->allocate_ranges(administrator(), request, {}));
    if (!written.ok()) return {std::string(to_string(written.error().code))};
    std::vector<std::string> texts;
    for (const model::Range& each : written->value) texts.push_back(display_name(each));
    return texts;
  }
};

TEST_F(StrategiesTest, NextGoesOnBehindWhatWasTakenLastThoughThatIsFreeAgain) {
  house_.add_subnet("10.0.0.0/29");
  const auto next = [&] { return addresses({from("10.0.0.0/29")}, 1, AddressStrategy::Next); };
  EXPECT_THAT(addresses({from("10.0.0.0/29")}, 2, AddressStrategy::Next), ElementsAre("10.0.0.1", "10.0.0.2"));
  for (const model::Address& each : house_.rows<model::Address>()) {
    ASSERT_TRUE(house_.run(house_.planning->erase<model::Address>(administrator(), each.id, std::nullopt, {})).ok());
  }
  house_.restart();
  EXPECT_THAT(next(), ElementsAre("10.0.0.3"));
  EXPECT_THAT(addresses({from("10.0.0.0/29")}, 4, AddressStrategy::Next), ElementsAre("10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.1"));
  EXPECT_THAT(next(), ElementsAre("10.0.0.2"));
  EXPECT_THAT(next(), ElementsAre(HasSubstr("has 0 free addresses")));
}

TEST_F(StrategiesTest, SparseAndRandomTakeSeveralThatDiffer) {
  house_.add_subnet("10.0.0.0/24");
  EXPECT_THAT(addresses({from("10.0.0.0/24")}, 3, AddressStrategy::Sparse), ElementsAre("10.0.0.127", "10.0.0.191", "10.0.0.63"));
  const auto drawn = addresses({from("10.0.0.0/24")}, 251, AddressStrategy::Random);
  EXPECT_EQ(std::set<std::string>(drawn.begin(), drawn.end()).size(), 251U);
  EXPECT_EQ(house_.rows<model::Address>().size(), 254U);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(StrategiesTest, SeveralSourcesAreTakenInOrderAndAllOrNone) {
  for (const char* subnet : {"10.0.0.0/30", "10.0.1.0/30"}) house_.add_subnet(subnet);
  const std::vector<service::AllocationRequest::Source> both{from("10.0.0.0/30"), from("10.0.1.0/30")};
  EXPECT_THAT(addresses(both, 5, AddressStrategy::First), ElementsAre(HasSubstr("have 4 free addresses, 5 were asked for")));
  EXPECT_THAT(house_.rows<model::Address>(), IsEmpty());
  EXPECT_THAT(addresses(both, 3, AddressStrategy::First), ElementsAre("10.0.0.1", "10.0.0.2", "10.0.1.1"));
  EXPECT_THAT(addresses({from("10.0.0.0/30"), from("10.9.0.0/30")}, 1, AddressStrategy::First), ElementsAre(HasSubstr("lies in no subnet")));
}

TEST_F(StrategiesTest, SubnetsAreCutByEachStrategy) {
  house_.put(model::Block{.space_id = space_, .prefix = prefix("10.0.0.0/16")});
  EXPECT_THAT(subnets("10.0.0.0/16", 24, 2), ElementsAre("10.0.0.0/24", "10.0.1.0/24"));
  EXPECT_THAT(subnets("10.0.0.0/16", 24, 2, PrefixStrategy::Sparse), ElementsAre("10.0.128.0/24", "10.0.64.0/24"));
  EXPECT_THAT(subnets("10.0.0.0/16", 26, 1, PrefixStrategy::BestFit), ElementsAre("10.0.65.0/26"));
  EXPECT_THAT(subnets("10.0.0.0/16", 26, 1, PrefixStrategy::BestFit), ElementsAre("10.0.65.64/26"));
  EXPECT_THAT(subnets("10.0.0.0/16", 24, 2, PrefixStrategy::Next), ElementsAre("10.0.2.0/24", "10.0.3.0/24"));
  for (const model::Subnet& each : house_.rows<model::Subnet>()) {
    if (each.prefix != prefix("10.0.3.0/24")) continue;
    ASSERT_TRUE(house_.run(house_.planning->erase<model::Subnet>(administrator(), each.id, std::nullopt, {})).ok());
  }
  EXPECT_THAT(subnets("10.0.0.0/16", 24, 1, PrefixStrategy::Next), ElementsAre("10.0.4.0/24"));
  const auto drawn = subnets("10.0.0.0/16", 24, 3, PrefixStrategy::Random);
  EXPECT_EQ(std::set<std::string>(drawn.begin(), drawn.end()).size(), 3U);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(StrategiesTest, SubnetsAreAllOrNone) {
  const auto before = house_.ledger->sequence();
  const auto refused = cut("10.0.0.0/22", 24, 5, PrefixStrategy::First);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Exhausted);
  EXPECT_THAT(refused.error().message, HasSubstr("has room for 4 subnets of /24, 5 were asked for"));
  EXPECT_EQ(house_.ledger->sequence(), before);
  EXPECT_EQ(subnets("10.0.0.0/22", 24, 4).size(), 4U);
  EXPECT_THAT(subnets("10.0.0.0/22", 24, 1), ElementsAre("exhausted"));
}

TEST_F(StrategiesTest, SubnetsPassOverNetworksInUseThatAreNotInThePlan) {
  house_.put(model::DhcpPool{
      .scope_id = house_.add_scope("10.0.0.0/24").id, .space_id = space_, .first = address("10.0.0.100"), .last = address("10.0.0.200")});
  const model::Lease lease{.server_id = {1}, .address = address("10.0.1.9"), .space_id = space_, .state = model::LeaseState::Active};
  ASSERT_TRUE(house_
                  .write([&](ledger::Transaction& transaction) -> Result<void> {
                    transaction.put_lease(std::nullopt, lease);
                    return {};
                  })
                  .ok());
  EXPECT_THAT(subnets("10.0.0.0/16", 24, 2), ElementsAre("10.0.2.0/24", "10.0.3.0/24"));
  EXPECT_THAT(subnets("10.0.0.0/23", 24, 1), ElementsAre("exhausted"));
}

TEST_F(StrategiesTest, SubnetsAreNotCutFromASubnetNorLongerThanTheFamily) {
  house_.add_subnet("10.0.0.0/24");
  EXPECT_THAT(subnets("10.0.0.0/25", 26, 1), ElementsAre("invalid_argument"));
  EXPECT_THAT(subnets("10.0.0.0/24", 26, 1), ElementsAre("invalid_argument"));
  EXPECT_THAT(subnets("10.1.0.0/24", 23, 1), ElementsAre("invalid_argument"));
  EXPECT_THAT(subnets("10.1.0.0/24", 33, 1), ElementsAre("invalid_argument"));
  EXPECT_THAT(subnets("10.1.0.0/24", 24, 1), ElementsAre("10.1.0.0/24"));
}

TEST_F(StrategiesTest, RangesAreFreeAddressesSideBySideOutsideRangesAndPools) {
  const auto subnet = house_.add_subnet("10.0.0.0/24");
  house_.put(model::Address{.space_id = space_, .address = address("10.0.0.5")});
  house_.put(model::Range{.space_id = space_, .subnet_id = subnet.id, .first = address("10.0.0.20"), .last = address("10.0.0.29")});
  house_.put(model::DhcpPool{
      .scope_id = house_.add_scope("10.0.0.0/24").id, .space_id = space_, .first = address("10.0.0.100"), .last = address("10.0.0.200")});
  EXPECT_THAT(ranges("10.0.0.0/24", 10, 3), ElementsAre("10.0.0.6-10.0.0.15", "10.0.0.30-10.0.0.39", "10.0.0.40-10.0.0.49"));
  EXPECT_THAT(ranges("10.0.0.0/24", 55, 1), ElementsAre("exhausted"));
  EXPECT_THAT(ranges("10.0.0.0/24", 54, 1), ElementsAre("10.0.0.201-10.0.0.254"));
  EXPECT_THAT(ranges("10.0.0.0/24", 4, 1, AddressStrategy::Sparse), ElementsAre("10.0.0.73-10.0.0.76"));
  EXPECT_THAT(ranges("10.0.0.0/24", 0, 1), ElementsAre("invalid_argument"));
  EXPECT_THAT(ranges("10.0.0.0/16", 1, 1), ElementsAre("invalid_argument"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(StrategiesTest, ADryRunTellsWhatWouldBeTakenAndTakesNothing) {
  model::ChangeContext context;
  context.exchange = std::make_shared<ledger::Exchange>(ledger::Exchange::Mode::DryRun);
  const auto found = cut("10.0.0.0/16", 24, 2, PrefixStrategy::Next, context);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->value.at(1).prefix, prefix("10.0.1.0/24"));
  EXPECT_THAT(house_.rows<model::Subnet>(), IsEmpty());
  EXPECT_THAT(house_.rows<model::AllocationCursor>(), IsEmpty());
  EXPECT_THAT(subnets("10.0.0.0/16", 24, 1, PrefixStrategy::Next), ElementsAre("10.0.0.0/24"));
}

}  // namespace
}  // namespace ipam::test
