#include "model/address_category.h"

#include "model/describe.h"

#include <gtest/gtest.h>

namespace ipam::model {
namespace {

std::string of(std::string_view text) {
  const auto range = ip::Range::parse(text);
  return range.ok() ? enum_to_text(category_of(*range)) : range.error().message;
}

TEST(AddressCategory, FollowsTheRegistries) {
  EXPECT_EQ(of("8.8.8.8"), "public");
  EXPECT_EQ(of("10.1.2.0/24"), "private");
  EXPECT_EQ(of("172.31.255.255"), "private");
  EXPECT_EQ(of("172.32.0.0"), "public");
  EXPECT_EQ(of("192.168.0.0/16"), "private");
  EXPECT_EQ(of("100.64.0.0/10"), "shared");
  EXPECT_EQ(of("100.128.0.0"), "public");
  EXPECT_EQ(of("192.0.2.1"), "documentation");
  EXPECT_EQ(of("198.18.0.0/15"), "benchmarking");
  EXPECT_EQ(of("169.254.1.1"), "link_local");
  EXPECT_EQ(of("127.0.0.1"), "loopback");
  EXPECT_EQ(of("239.1.1.1"), "multicast");
  EXPECT_EQ(of("241.0.0.1"), "reserved");
  EXPECT_EQ(of("255.255.255.255"), "special_purpose");
  EXPECT_EQ(of("2a00::1"), "global_unicast");
  EXPECT_EQ(of("2001:db8::1"), "documentation");
  EXPECT_EQ(of("fd00::/8"), "unique_local");
  EXPECT_EQ(of("fe80::1"), "link_local");
  EXPECT_EQ(of("ff02::1"), "multicast");
  EXPECT_EQ(of("::1"), "loopback");
  EXPECT_EQ(of("4000::1"), "reserved");
}

TEST(AddressCategory, OfAWholePrefixIsMixedWhenItStraddles) {
  EXPECT_EQ(of("8.0.0.0/6"), "mixed");
  EXPECT_EQ(of("192.0.0.0/8"), "mixed");
  EXPECT_EQ(of("10.255.255.255-11.0.0.0"), "mixed");
  EXPECT_EQ(of("fc00::/6"), "mixed");
  EXPECT_EQ(of("0.0.0.0/1"), "mixed");
}

TEST(AddressCategory, SpansHoldItsAddressesAndNoOthers) {
  for (const char* text :
       {"8.8.8.8", "10.0.0.0", "192.0.2.255", "198.18.0.1", "2a00::1", "2001:db8::", "fd00::1", "255.255.255.255", "0.0.0.1", "240.0.0.1"}) {
    const ip::Address address = ip::Address::parse(text).value();
    for (const auto& name : enum_names<AddressCategory>()) {
      bool inside = false;
      for (const CategorySpan& span : spans_of(name.value)) {
        bool excepted = !span.within.contains(address);
        for (const ip::Prefix& except : span.except) excepted = excepted || except.contains(address);
        inside = inside || !excepted;
      }
      EXPECT_EQ(inside, category_of(address) == name.value) << text << " " << name.name;
    }
  }
}

TEST(AddressCategory, OfLargeAllocationsIsNotChangedBySmallExceptionsInside) {
  EXPECT_EQ(of("203.0.0.0/8"), "public");
  EXPECT_EQ(of("2001::/16"), "global_unicast");
  EXPECT_EQ(of("2000::/3"), "global_unicast");
}

}  // namespace
}  // namespace ipam::model
