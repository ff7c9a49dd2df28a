#include "occupancy/space_index.h"

#include "occupancy/naive_model_suite.h"
#include "support/rapidcheck.h"

namespace ipam::occupancy {
namespace {

ip::Address address(const char* text) { return ip::Address::parse(text).value(); }
ip::Prefix prefix(const char* text) { return ip::Prefix::parse(text).value(); }
ip::Range range(const char* text) { return ip::Range::parse(text).value(); }
std::string text(const std::optional<ip::Address>& found) { return found ? found->to_string() : "none"; }
std::string text(const std::optional<ip::Prefix>& found) { return found ? found->to_string() : "none"; }

RC_GTEST_PROP(SpaceIndex, AnswersAsTheNaiveModel, ()) {
  RandomChanges random(*rc::gen::arbitrary<std::uint64_t>());
  const int changes = *rc::gen::inRange(0, 600);
  SpaceIndex index;
  NaiveModel model;
  for (int i = 0; i < changes; ++i) {
    const Delta delta = random.next(model);
    index.apply(delta);
    model.apply(delta);
  }
  RC_ASSERT(difference(index, model, random, 12) == "");
}

RC_GTEST_PROP(SpaceIndex, IsAsBeforeWhenEveryChangeIsUndone, ()) {
  RandomChanges random(*rc::gen::arbitrary<std::uint64_t>());
  SpaceIndex index;
  NaiveModel model;
  std::vector<Delta> done;
  for (int i = *rc::gen::inRange(0, 300); i > 0; --i) {
    done.push_back(random.next(model));
    index.apply(done.back());
    model.apply(done.back());
  }
  for (; !done.empty(); done.pop_back()) index.apply(inverse(done.back()));
  RC_ASSERT(index.empty());
  RC_ASSERT(difference(index, NaiveModel(), random, 3) == "");
}

RC_GTEST_PROP(SpaceIndex, ACopyKeepsItsVersion, ()) {
  RandomChanges random(*rc::gen::arbitrary<std::uint64_t>());
  SpaceIndex index;
  NaiveModel model;
  std::vector<std::pair<SpaceIndex, NaiveModel>> versions;
  for (int i = 0; i < 400; ++i) {
    if (random.below(60) == 0) versions.emplace_back(index, model);
    const Delta delta = random.next(model);
    index.apply(delta);
    model.apply(delta);
  }
  versions.emplace_back(index, model);
  for (const auto& [old_index, old_model] : versions) RC_ASSERT(difference(old_index, old_model, random, 4) == "");
}

TEST(SpaceIndex, StaysRightThroughALongLife) {
  RandomChanges random(20'261'123);
  SpaceIndex index;
  NaiveModel model;
  for (int i = 0; i < 60'000; ++i) {
    const Delta delta = random.next(model);
    index.apply(delta);
    model.apply(delta);
    if (i % 3'000 != 0) continue;
    ASSERT_EQ(difference(index, model, random, 10), "") << "after change " << i;
  }
}

TEST(FreeAddressSearch, SkipsHeldAddressesPoolsAndExclusions) {
  SpaceIndex index;
  index.acquire(address("10.0.0.0"), Holder::Blocked);
  index.acquire(address("10.0.0.1"), Holder::Static);
  index.insert_range(1, range("10.0.0.2-10.0.0.9"), RangeKind::DhcpPool);
  index.insert_range(2, range("10.0.0.8-10.0.0.19"), RangeKind::Exclusion);
  index.insert_range(3, range("10.0.0.20-10.0.0.99"), RangeKind::Static);
  index.acquire(address("10.0.0.20"), Holder::Lease);
  const ip::Range subnet = range("10.0.0.0/24");
  EXPECT_EQ(text(index.next_free(subnet)), "10.0.0.21");
  EXPECT_EQ(text(index.next_free(subnet, {.dhcp_pools = Blocking::LookInside})), "10.0.0.2");
  EXPECT_EQ(text(index.next_free(range("10.0.0.9-10.0.0.30"), {.exclusions = Blocking::LookInside})), "10.0.0.10");
  EXPECT_EQ(text(index.next_free_after(address("10.0.0.21"), subnet)), "10.0.0.22");
  EXPECT_EQ(text(index.next_free_after(address("9.0.0.0"), subnet)), "10.0.0.21");
  EXPECT_EQ(text(index.next_free_after(address("10.0.0.255"), subnet)), "none");
  EXPECT_EQ(text(index.next_free(range("10.0.0.3-10.0.0.20"))), "none");
}

TEST(FreeAddressSearch, ReachesTheLastAddressOfEachFamily) {
  SpaceIndex index;
  for (const char* whole : {"0.0.0.0/0", "::/0"}) {
    const ip::Range all = range(whole);
    EXPECT_EQ(index.next_free(all), all.first());
    EXPECT_EQ(index.next_free_after(*all.last().previous(), all), all.last());
    index.acquire(all.last(), Holder::Static);
    EXPECT_EQ(text(index.next_free_after(*all.last().previous(), all)), "none");
    EXPECT_EQ(text(index.next_free_after(all.last(), all)), "none");
    index.insert_range(1, all, RangeKind::Exclusion);
    EXPECT_EQ(text(index.next_free(all)), "none");
    EXPECT_EQ(text(index.next_free(all, {.exclusions = Blocking::LookInside})), all.first().to_string());
    index.erase_range(1);
  }
}

TEST(FreeAddressSearch, FindsTheOneFreeAddressAndThenNone) {
  SpaceIndex index;
  const ip::Range v4 = range("10.1.0.0/16");
  const ip::Range v6 = range("2001:db8::/112");
  for (const ip::Range& within : {v4, v6}) {
    for (ip::Address at = within.first();; at = *at.next()) {
      index.acquire(at, Holder::Lease);
      if (at == within.last()) break;
    }
    EXPECT_EQ(text(index.next_free(within)), "none");
    const ip::Address hole(within.family(), within.first().number() + 54'321);
    index.release(hole, Holder::Lease);
    EXPECT_EQ(index.next_free(within), hole);
    EXPECT_EQ(index.next_free_after(*hole.previous(), within), hole);
    EXPECT_EQ(text(index.next_free_after(hole, within)), "none");
    EXPECT_EQ(index.usage(within).used, 65'535U);
  }
  EXPECT_TRUE(index.recount().empty());
}

TEST(Holders, AnAddressIsFreeOnlyWhenTheLastHolderLeft) {
  SpaceIndex index;
  for (const char* at : {"10.0.0.5", "2001:db8::5"}) {
    const ip::Address held = address(at);
    index.acquire(held, Holder::Lease);
    index.acquire(held, Holder::Lease);
    index.acquire(held, Holder::Reservation);
    const Usage usage{.used = 1, .assigned = 0, .reserved = 1, .leased = 1, .capacity = 1};
    EXPECT_EQ(index.usage(range(at)), usage);
    EXPECT_EQ(index.holders(held).of(Holder::Lease), 2);
    index.release(held, Holder::Lease);
    index.release(held, Holder::Reservation);
    EXPECT_TRUE(index.is_held(held));
    index.release(held, Holder::Lease);
    EXPECT_FALSE(index.is_held(held));
    EXPECT_THROW(index.release(held, Holder::Lease), LogicError);
  }
  EXPECT_TRUE(index.empty());
}

TEST(Holders, RefuseMoreOfAKindThanTheyCanCount) {
  SpaceIndex index;
  for (const char* at : {"10.0.0.5", "2001:db8::5"}) {
    for (int i = 0; i < kMaxHoldersOfKind; ++i) index.acquire(address(at), Holder::Static);
    EXPECT_THROW(index.acquire(address(at), Holder::Static), LogicError);
    EXPECT_EQ(index.holders(address(at)).of(Holder::Static), kMaxHoldersOfKind);
    for (int i = 0; i < kMaxHoldersOfKind; ++i) index.release(address(at), Holder::Static);
  }
  EXPECT_TRUE(index.empty());
}

TEST(UsageOfARange, CountsABoundaryAsHeldButNotAsUsed) {
  SpaceIndex index;
  index.acquire(address("10.0.0.0"), Holder::Blocked);
  index.acquire(address("10.0.0.255"), Holder::Blocked);
  index.acquire(address("10.0.0.7"), Holder::Static);
  const Usage usage{.used = 1, .assigned = 1, .reserved = 0, .leased = 0, .capacity = 256};
  EXPECT_EQ(index.usage(range("10.0.0.0/24")), usage);
}

TEST(UsageOfARange, SubtractsTheUnionOfOverlappingExclusionsFromCapacity) {
  SpaceIndex index;
  index.insert_range(1, range("10.0.0.10-10.0.0.19"), RangeKind::Exclusion);
  index.insert_range(2, range("10.0.0.15-10.0.0.29"), RangeKind::Exclusion);
  index.insert_range(3, range("10.0.0.12-10.0.0.13"), RangeKind::Exclusion);
  index.insert_range(4, range("10.0.0.0/24"), RangeKind::DhcpPool);
  EXPECT_EQ(index.usage(range("10.0.0.0/24")).capacity, 236U);
  EXPECT_EQ(index.usage(range("10.0.0.12-10.0.0.30")).capacity, 1U);
  index.erase_range(1);
  EXPECT_EQ(index.usage(range("10.0.0.0/24")).capacity, 239U);
  EXPECT_EQ(index.usage(range("0.0.0.0/0")).capacity, (1ULL << 32) - 17);
}

TEST(UsageOfARange, CountsWhatOneRangeOffersThoughAnotherExcludesIt) {
  SpaceIndex index;
  // A split scope: 80 % here, 20 % there.
  index.insert_range(1, range("10.0.0.200-10.0.0.254"), RangeKind::Exclusion);
  index.insert_range(2, range("10.0.0.1-10.0.0.199"), RangeKind::Offered);
  EXPECT_EQ(index.usage(range("10.0.0.0/24")).capacity, 256U - 55U);
  index.insert_range(3, range("10.0.0.1-10.0.0.199"), RangeKind::Exclusion);
  index.insert_range(4, range("10.0.0.200-10.0.0.254"), RangeKind::Offered);
  EXPECT_EQ(index.usage(range("10.0.0.0/24")).capacity, 256U);
  EXPECT_TRUE(index.ranges_containing(address("10.0.0.7")) == (std::vector{RangeEntry{3, range("10.0.0.1-10.0.0.199"), RangeKind::Exclusion}}));
  index.erase_range(4);
  EXPECT_EQ(index.usage(range("10.0.0.0/24")).capacity, 256U - 55U);
}

TEST(UsageOfARange, CountsNetworksOf64) {
  SpaceIndex index;
  index.insert(prefix("2001:db8::/48"), PrefixKind::Block, 1);
  index.insert(prefix("2001:db8:0:10::/60"), PrefixKind::Subnet, 2);
  index.insert(prefix("2001:db8:0:20::/127"), PrefixKind::Subnet, 3);
  index.insert(prefix("2001:db8:0:20::2/127"), PrefixKind::Subnet, 4);
  index.insert(prefix("2001:db8:0:21::/64"), PrefixKind::Subnet, 5);
  EXPECT_EQ(index.networks_planned(prefix("2001:db8::/48")), 16U + 2U);
  EXPECT_EQ(index.networks_planned(prefix("2001:db8:0:20::/64")), 1U);
  for (const char* held : {"2001:db8:0:10::1", "2001:db8:0:10::2", "2001:db8:0:1f::1"}) index.acquire(address(held), Holder::Static);
  EXPECT_EQ(index.networks_held(prefix("2001:db8:0:10::/60")), 2U);
  index.release(address("2001:db8:0:1f::1"), Holder::Static);
  index.erase(prefix("2001:db8:0:10::/60"), PrefixKind::Subnet);
  EXPECT_EQ(index.networks_held(prefix("2001:db8:0:10::/60")), 1U);
  EXPECT_EQ(index.networks_planned(prefix("2001:db8::/48")), 2U);
}

TEST(UsageOfARange, SaturatesOnlyForTheWholeOfIpv6) {
  SpaceIndex index;
  EXPECT_EQ(index.usage(range("::/0")).capacity, ip::kMaxU128);
  index.insert_range(1, range("::1"), RangeKind::Exclusion);
  EXPECT_EQ(index.usage(range("::/0")).capacity, ip::kMaxU128);
  index.insert_range(2, range("::/0"), RangeKind::Exclusion);
  EXPECT_EQ(index.usage(range("::/0")).capacity, 0U);
  index.insert_range(3, range("::5-::6"), RangeKind::Offered);
  EXPECT_EQ(index.usage(range("::/0")).capacity, 2U);
}

TEST(PrefixSearch, ABlockContainsTheSubnetOfTheSamePrefix) {
  SpaceIndex index;
  index.insert(prefix("10.0.0.0/8"), PrefixKind::Block, 1);
  index.insert(prefix("10.1.0.0/16"), PrefixKind::Subnet, 3);
  index.insert(prefix("10.1.0.0/16"), PrefixKind::Block, 2);
  index.insert(prefix("10.1.2.0/24"), PrefixKind::Subnet, 4);
  const auto ids = [](const std::vector<PrefixEntry>& entries) {
    std::vector<std::uint64_t> found;
    for (const PrefixEntry& entry : entries) found.push_back(entry.id);
    return found;
  };
  EXPECT_EQ(ids(index.chain(address("10.1.2.3"))), (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_EQ(ids(index.children(prefix("10.0.0.0/8"), PrefixKind::Block, kNoLimit)), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(ids(index.children(prefix("10.1.0.0/16"), PrefixKind::Block, kNoLimit)), (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(ids(index.children(prefix("10.1.0.0/16"), PrefixKind::Subnet, kNoLimit)), (std::vector<std::uint64_t>{4}));
  EXPECT_EQ(ids(index.overlapping(prefix("10.1.0.0/16"), 3)), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(index.longest_match(address("10.1.9.9"))->id, 3U);
  EXPECT_EQ(index.longest_match(address("10.1.9.9"), PrefixKind::Block)->id, 2U);
  EXPECT_EQ(index.longest_match(prefix("10.1.0.0/16"), EqualPrefix::DoesNotCount)->id, 1U);
  EXPECT_FALSE(index.longest_match(address("11.0.0.0")));
  EXPECT_FALSE(index.longest_match(address("::")));
}

TEST(PrefixSearch, HoldsTheShortestAndTheLongestPrefixes) {
  SpaceIndex index;
  std::uint64_t id = 0;
  for (const char* at :
       {"0.0.0.0/0", "0.0.0.0/32", "255.255.255.255/32", "255.255.255.254/31", "::/0", "::/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"}) {
    index.insert(prefix(at), PrefixKind::Subnet, ++id);
    EXPECT_EQ(index.find(prefix(at), PrefixKind::Subnet), id);
  }
  EXPECT_EQ(index.chain(address("255.255.255.255")).size(), 3U);
  EXPECT_EQ(index.chain(address("::")).size(), 2U);
  EXPECT_TRUE(index.recount().empty());
}

TEST(FreePrefixSearch, FindsTheFirstAlignedGap) {
  SpaceIndex index;
  const ip::Prefix block = prefix("10.0.0.0/16");
  index.insert(block, PrefixKind::Block, 1);
  EXPECT_EQ(text(index.next_free_prefix(block, 16)), "10.0.0.0/16");
  index.insert(prefix("10.0.0.0/24"), PrefixKind::Subnet, 2);
  index.insert(prefix("10.0.1.64/26"), PrefixKind::Subnet, 3);
  EXPECT_EQ(text(index.next_free_prefix(block, 24)), "10.0.2.0/24");
  EXPECT_EQ(text(index.next_free_prefix(block, 26)), "10.0.1.0/26");
  EXPECT_EQ(text(index.next_free_prefix(block, 25)), "10.0.1.128/25");
  EXPECT_EQ(text(index.next_free_prefix(block, 17)), "10.0.128.0/17");
  EXPECT_EQ(text(index.next_free_prefix(block, 16)), "none");
  EXPECT_EQ(text(index.next_free_prefix(prefix("10.0.0.0/24"), 26)), "none");
  EXPECT_EQ(text(index.next_free_prefix(block, 15)), "none");
  EXPECT_EQ(text(index.next_free_prefix(block, 33)), "none");
}

TEST(SpaceIndex, RefusesAChangeThatCannotBeAndStaysAsItWas) {
  SpaceIndex index;
  index.insert(prefix("10.0.0.0/8"), PrefixKind::Block, 1);
  index.insert_range(1, range("10.0.0.0/24"), RangeKind::Static);
  const SpaceIndex before = index;
  EXPECT_THROW(index.insert(prefix("10.0.0.0/8"), PrefixKind::Block, 2), LogicError);
  EXPECT_THROW(index.erase(prefix("10.0.0.0/8"), PrefixKind::Subnet), LogicError);
  EXPECT_THROW(index.insert_range(1, range("::1"), RangeKind::Static), LogicError);
  EXPECT_THROW(index.erase_range(2), LogicError);
  EXPECT_THROW(index.apply(PrefixRemoved{{prefix("10.0.0.0/8"), PrefixKind::Block, 9}}), LogicError);
  EXPECT_THROW(index.apply(RangeRemoved{{1, range("10.0.0.0/25"), RangeKind::Static}}), LogicError);
  EXPECT_THROW(index.apply(SpaceDropped{}), LogicError);
  EXPECT_TRUE(index.same_version(before));
}

}  // namespace
}  // namespace ipam::occupancy
