#include "model/rules.h"

#include <gtest/gtest.h>

#include <set>

namespace ipam::model {
namespace {

Address address(const char* text) {
  Address object;
  object.address = ip::Address::parse(text).value();
  return object;
}

TEST(AddressRules, RefuseWhatNoHostCanBeGiven) {
  for (const char* text : {"0.0.0.1", "127.0.0.1", "224.0.0.5", "255.255.255.255", "::", "::1", "ff02::1", "::ffff:10.0.0.1"}) {
    const auto result = check(address(text));
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.error().fields.front().pointer, "/address");
  }
  for (const char* text : {"10.0.0.1", "192.0.2.255", "2001:db8::1", "fd00::1"}) EXPECT_TRUE(check(address(text)).ok()) << text;
}

TEST(SubnetRules, VlanIsOfIeee8021q) {
  Subnet subnet;
  subnet.prefix = ip::Prefix::parse("10.0.0.0/24").value();
  for (const auto& [vlan, fine] : {std::pair<std::uint16_t, bool>{0, false}, {1, true}, {4094, true}, {4095, false}}) {
    subnet.vlans = {vlan};
    EXPECT_EQ(check(subnet).ok(), fine) << vlan;
  }
}

TEST(NameRules, ReportEveryWrongFieldAtOnce) {
  AddressSpace space;
  space.name = " ";
  space.owner = "a\x01";
  space.description = std::string(4001, 'x');
  const auto result = check(space);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().fields.size(), 3U);
}

TEST(ManagedServerRules, UrlHoldsNoPassword) {
  ManagedServer server;
  server.name = "kea1";
  server.url = "http://user:secret@kea1/";
  EXPECT_FALSE(check(server).ok());
  server.url = "ftp://kea1/";
  EXPECT_FALSE(check(server).ok());
  server.url = "https://kea1:8000/";
  EXPECT_TRUE(check(server).ok());
  server.tls_trust = TlsTrust::Fingerprint;
  EXPECT_FALSE(check(server).ok());
}

TEST(ManagedServerRules, WindowsServersAreReachedByDcerpc) {
  ManagedServer server;
  server.name = "dc1";
  server.product = Product::WindowsDns;
  server.url = "dcerpc://dc1.contoso.test?kdc=10.0.0.10";
  EXPECT_TRUE(check(server).ok());
  server.url = "https://dc1.contoso.test/";
  EXPECT_FALSE(check(server).ok());
  server.url = "dcerpc://reader@dc1.contoso.test";
  EXPECT_FALSE(check(server).ok());
}

TEST(Names, EnumeratorsReadBackFromTheirOutsideNames) {
  for (const auto& entry : enum_names<Group>()) EXPECT_EQ(enum_from_text<Group>(entry.name), entry.value);
  EXPECT_EQ(enum_to_text(Group::IpamMsmAdministrators), "ipam_msm_administrators");
  EXPECT_FALSE(enum_from_text<AddressState>("in use"));
}

TEST(Names, ObjectTypesAreDistinct) {
  std::set<std::string_view> names;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, ObjectTypes>>(
      [&](auto type) { EXPECT_TRUE(names.insert(type_name<typename decltype(type)::type>()).second); });
}

}  // namespace
}  // namespace ipam::model
