#include "occupancy/free_search.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace ipam::occupancy {
namespace {

ip::Address address(const char* text) { return ip::Address::parse(text).value(); }
ip::Prefix prefix(const char* text) { return ip::Prefix::parse(text).value(); }
ip::Range range(const char* text) { return ip::Range::parse(text).value(); }
template <class Place>
std::string text(const std::optional<Place>& found) {
  return found ? found->to_string() : "none";
}
RandomSource source(std::mt19937_64& random) {
  return [&random](ip::U128 limit) {
    return static_cast<ip::U128>(std::uniform_int_distribution<std::uint64_t>(0, static_cast<std::uint64_t>(limit) - 1)(random));
  };
}

SpaceIndex subnet_of_24() {
  SpaceIndex space;
  space.acquire(address("10.0.0.0"), Holder::Blocked);
  space.acquire(address("10.0.0.255"), Holder::Blocked);
  return space;
}

TEST(ChooseAddress, NextGoesOnBehindTheLastOneAndBeginsAnewAtTheEnd) {
  SpaceIndex space = subnet_of_24();
  space.acquire(address("10.0.0.6"), Holder::Lease);
  const ip::Range subnet = range("10.0.0.0/24");
  const auto next = [&](const char* after) { return text(choose_address(space, subnet, {AddressStrategy::Next, address(after), {}})); };
  EXPECT_EQ(next("10.0.0.4"), "10.0.0.5");
  EXPECT_EQ(next("10.0.0.5"), "10.0.0.7");
  EXPECT_EQ(next("10.0.0.254"), "10.0.0.1");
  EXPECT_EQ(next("10.9.0.0"), "10.0.0.1");
  EXPECT_EQ(text(choose_address(space, subnet, {AddressStrategy::Next, {}, {}})), "10.0.0.1");
}

TEST(ChooseAddress, RandomDrawsEachFreeAddressAlikeAndNoOther) {
  SpaceIndex space = subnet_of_24();
  const ip::Range within = range("10.0.0.0/27");
  space.insert_range(1, range("10.0.0.8-10.0.0.23"), RangeKind::DhcpPool);
  for (const char* held : {"10.0.0.3", "10.0.0.30", "10.0.0.12"}) space.acquire(address(held), Holder::Static);
  std::mt19937_64 random(1);
  std::map<std::string, int> drawn;
  constexpr int kEach = 1'000;
  for (int i = 0; i < 13 * kEach; ++i) ++drawn[text(choose_address(space, within, {AddressStrategy::Random, {}, source(random)}))];
  EXPECT_EQ(drawn.size(), 13U);  // 32 without the boundary, 16 of the pool and two that are held beside it
  for (const auto& [at, times] : drawn) EXPECT_NEAR(times, kEach, 160) << at;
  EXPECT_EQ(drawn.count("10.0.0.3") + drawn.count("10.0.0.12") + drawn.count("10.0.0.0"), 0U);
}

TEST(ChooseAddress, RandomFindsTheFreeOneBehindMoreRangesThanItCounts) {
  SpaceIndex space;
  const ip::Prefix subnet = prefix("10.0.0.0/16");
  for (std::uint32_t i = 0; i < 3 * kMaxStretches; ++i) {
    const ip::Address first = ip::Address::v4(static_cast<std::uint32_t>(subnet.first().number()) + 200 * i + 1);
    space.insert_range(i + 1, ip::Range::create(first, ip::Address::v4(static_cast<std::uint32_t>(first.number()) + 197)).value(),
                       RangeKind::DhcpPool);
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 100; ++i) {
    const auto found = choose_address(space, subnet, {AddressStrategy::Random, {}, source(random)});
    ASSERT_TRUE(found);
    EXPECT_TRUE(space.ranges_containing(*found).empty()) << found->to_string();
  }
}

TEST(ChooseAddress, SparseBisectsWhatIsFree) {
  SpaceIndex space = subnet_of_24();
  std::vector<std::string> taken;
  for (int i = 0; i < 7; ++i) {
    const auto found = choose_address(space, range("10.0.0.0/24"), {AddressStrategy::Sparse, {}, {}});
    taken.push_back(text(found));
    space.acquire(*found, Holder::Static);
  }
  EXPECT_EQ(taken, (std::vector<std::string>{"10.0.0.127", "10.0.0.191", "10.0.0.63", "10.0.0.95", "10.0.0.159", "10.0.0.223", "10.0.0.31"}));

  SpaceIndex wide;
  wide.acquire(address("2001:db8::"), Holder::Blocked);
  wide.insert_range(1, range("2001:db8::8000:0:0:0-2001:db8::ffff:ffff:ffff:ffff"), RangeKind::DhcpPool);
  EXPECT_EQ(text(choose_address(wide, range("2001:db8::/64"), {AddressStrategy::Sparse, {}, {}})), "2001:db8:0:0:4000::");
}

TEST(ChooseRun, FindsTheFirstContiguousFreeAddressesAndNoneThatAreTooShort) {
  SpaceIndex space = subnet_of_24();
  const ip::Range subnet = range("10.0.0.0/24");
  space.acquire(address("10.0.0.9"), Holder::Static);
  space.insert_range(1, range("10.0.0.30-10.0.0.199"), RangeKind::DhcpPool);
  const auto first = [&](unsigned length) { return text(choose_run(space, subnet, length, {})); };
  EXPECT_EQ(first(8), "10.0.0.1-10.0.0.8");
  EXPECT_EQ(first(9), "10.0.0.10-10.0.0.18");
  EXPECT_EQ(first(21), "10.0.0.200-10.0.0.220");
  EXPECT_EQ(first(55), "10.0.0.200-10.0.0.254");
  EXPECT_EQ(first(56), "none");
  EXPECT_EQ(text(choose_run(space, subnet, 5, {AddressStrategy::Next, address("10.0.0.15"), {}})), "10.0.0.16-10.0.0.20");
  EXPECT_EQ(text(choose_run(space, subnet, 5, {AddressStrategy::Next, address("10.0.0.252"), {}})), "10.0.0.1-10.0.0.5");
  EXPECT_EQ(text(choose_run(space, subnet, 5, {AddressStrategy::Sparse, {}, {}})), "10.0.0.225-10.0.0.229");
}

TEST(ChooseRun, ReachesOverTheBlocksThatTheIndexIsMadeOf) {
  SpaceIndex space;
  const ip::Range within = range("10.0.0.0/12");
  for (const char* held : {"10.0.255.255", "10.5.0.3", "10.15.255.255"}) space.acquire(address(held), Holder::Lease);
  EXPECT_EQ(text(choose_run(space, within, 65'536, {})), "10.1.0.0-10.1.255.255");
  EXPECT_EQ(text(choose_run(space, within, 600'000, {})), "10.5.0.4-10.14.39.195");
  EXPECT_EQ(text(choose_run(space, range("10.4.0.0-10.6.0.0"), 65'537, {})), "10.4.0.0-10.5.0.0");
}

TEST(ChoosePrefix, SparseLeavesEachTheMostRoomToGrow) {
  SpaceIndex space;
  std::vector<std::string> taken;
  for (std::uint64_t id = 1; id <= 5; ++id) {
    const auto found = choose_prefix(space, prefix("2001:db8::/32"), 48, {PrefixStrategy::Sparse, {}, {}});
    taken.push_back(text(found));
    space.insert(*found, PrefixKind::Subnet, id);
  }
  EXPECT_EQ(taken,
            (std::vector<std::string>{"2001:db8::/48", "2001:db8:8000::/48", "2001:db8:4000::/48", "2001:db8:c000::/48", "2001:db8:2000::/48"}));
}

TEST(ChoosePrefix, BestFitLeavesLargeGapsWhole) {
  SpaceIndex space;
  const ip::Prefix block = prefix("10.0.0.0/16");
  std::uint64_t id = 0;
  for (const char* taken : {"10.0.128.0/24", "10.0.192.0/26", "10.0.192.128/25"}) space.insert(prefix(taken), PrefixKind::Subnet, ++id);
  const auto best = [&](int length) { return text(choose_prefix(space, block, length, {PrefixStrategy::BestFit, {}, {}})); };
  EXPECT_EQ(best(26), "10.0.192.64/26");
  EXPECT_EQ(best(27), "10.0.192.64/27");
  EXPECT_EQ(best(25), "10.0.129.0/25");
  EXPECT_EQ(best(24), "10.0.129.0/24");
  EXPECT_EQ(best(19), "10.0.160.0/19");
  EXPECT_EQ(best(17), "10.0.0.0/17");
  EXPECT_EQ(best(16), "none");
}

TEST(ChoosePrefix, NextGoesOnBehindTheLastOne) {
  SpaceIndex space;
  const ip::Prefix block = prefix("10.0.0.0/16");
  space.insert(prefix("10.0.6.0/23"), PrefixKind::Subnet, 1);
  const auto next = [&](const char* after) { return text(choose_prefix(space, block, 24, {PrefixStrategy::Next, address(after), {}})); };
  EXPECT_EQ(next("10.0.4.255"), "10.0.5.0/24");
  EXPECT_EQ(next("10.0.5.255"), "10.0.8.0/24");
  EXPECT_EQ(next("10.0.255.255"), "10.0.0.0/24");
  EXPECT_EQ(next("10.0.7.0"), "10.0.8.0/24");
}

TEST(ChoosePrefix, RandomFindsTheLastFreeOne) {
  SpaceIndex space;
  const ip::Prefix block = prefix("10.0.0.0/16");
  for (std::uint32_t i = 0; i < 256; ++i) {
    if (i != 77) space.insert(ip::Prefix::containing(ip::Address::v4((10U << 24) + (i << 8)), 24), PrefixKind::Subnet, i + 1);
  }
  std::mt19937_64 random(1);
  EXPECT_EQ(text(choose_prefix(space, block, 24, {PrefixStrategy::Random, {}, source(random)})), "10.0.77.0/24");
  EXPECT_EQ(text(choose_prefix(space, block, 23, {PrefixStrategy::Random, {}, source(random)})), "none");
}

}  // namespace
}  // namespace ipam::occupancy
