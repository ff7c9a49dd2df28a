#include "ip/address.h"
#include "ip/hardware_address.h"
#include "ip/prefix.h"
#include "ip/range.h"
#include "support/rapidcheck.h"

namespace ipam::ip {
namespace {

Address any_address() {
  if (*rc::gen::arbitrary<bool>()) return Address::v4(*rc::gen::arbitrary<std::uint32_t>());
  return Address::v6(make_u128(*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>()));
}

TEST(AddressText, PrintsAsRfc5952) {
  const std::pair<const char*, const char*> cases[] = {
      {"10.0.0.1", "10.0.0.1"},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
  };
  for (const auto& [text, printed] : cases) EXPECT_EQ(Address::parse(text).value().to_string(), printed);
}

TEST(AddressText, RefusesWhatIsNotAnAddress) {
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1.2.3.-4", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9", "12345::", "fe80::1%eth0", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "1:", "::g", "1:2:3:4:5:6:7:8::"}) {
    EXPECT_FALSE(Address::parse(text).ok()) << text;
  }
}

TEST(PrefixText, NamesThePrefixThatWasMeantWhenHostBitsAreSet) {
  const auto prefix = Prefix::parse("10.1.2.3/16");
  ASSERT_FALSE(prefix.ok());
  EXPECT_EQ(prefix.error().message, "10.1.2.3/16 has host bits set; the prefix that holds it is 10.1.0.0/16");
  for (const char* text : {"10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8"})
    EXPECT_FALSE(Prefix::parse(text).ok()) << text;
}

TEST(Prefix, KnowsItsEndsAndSize) {
  const Prefix all = Prefix::parse("::/0").value();
  EXPECT_EQ(all.last().to_string(), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(all.size(), kMaxU128);
  EXPECT_EQ(to_decimal(Prefix::parse("2001:db8::/64").value().size()), "18446744073709551616");
  const Prefix one = Prefix::parse("10.0.0.1/32").value();
  EXPECT_EQ(one.first(), one.last());
  EXPECT_TRUE(Prefix::parse("0.0.0.0/0").value().contains(one));
  EXPECT_FALSE(Prefix::parse("::/0").value().contains(one));
}

TEST(RangeText, ReadsEndsPrefixesAndSingleAddresses) {
  EXPECT_EQ(Range::parse("10.0.0.1 - 10.0.0.9").value().size(), 9U);
  EXPECT_EQ(Range::parse("10.0.0.0/24").value().size(), 256U);
  EXPECT_EQ(Range::parse("10.0.0.7").value().size(), 1U);
  for (const char* text : {"10.0.0.9-10.0.0.1", "10.0.0.1-::1", "-", "10.0.0.1-"}) EXPECT_FALSE(Range::parse(text).ok()) << text;
}

TEST(HardwareAddressText, ReadsTheUsualForms) {
  for (const char* text : {"001b638445e6", "00:1B:63:84:45:E6", "00-1b-63-84-45-e6", "001b.6384.45e6"}) {
    EXPECT_EQ(HardwareAddress::parse(text).value().to_string(), "00:1b:63:84:45:e6") << text;
  }
  for (const char* text : {"", "00:1b:6", "00:1b-63", "zz", "000000000000000000000000000000000000000000"})
    EXPECT_FALSE(HardwareAddress::parse(text).ok()) << text;
}

RC_GTEST_PROP(AddressText, ParseOfPrintIsTheIdentity, ()) {
  const Address address = any_address();
  RC_ASSERT(Address::parse(address.to_string()).value() == address);
  RC_ASSERT(Address::from_key(address.key()).value() == address);
}

RC_GTEST_PROP(PrefixText, ParseOfPrintIsTheIdentity, ()) {
  const Address address = any_address();
  const Prefix prefix = Prefix::containing(address, *rc::gen::inRange(0, bit_count(address.family()) + 1));
  RC_ASSERT(Prefix::parse(prefix.to_string()).value() == prefix);
  RC_ASSERT(Prefix::from_key(prefix.key()).value() == prefix);
  RC_ASSERT(prefix.contains(address));
}

RC_GTEST_PROP(AddressKey, OrderOfKeysIsOrderOfAddresses, ()) {
  const Address a = any_address(), b = any_address();
  RC_ASSERT((a < b) == (a.key() < b.key()));
}

RC_GTEST_PROP(PrefixKey, OrderOfKeysIsOrderOfPrefixes, ()) {
  const Address x = any_address(), y = *rc::gen::arbitrary<bool>() ? x : any_address();
  const Prefix a = Prefix::containing(x, *rc::gen::inRange(0, 33)), b = Prefix::containing(y, *rc::gen::inRange(0, 33));
  RC_ASSERT((a < b) == (a.key() < b.key()));
}

}  // namespace
}  // namespace ipam::ip
