#include "model/discovery_rules.h"

#include "model/rules.h"

#include <gtest/gtest.h>

#include <functional>

namespace ipam::model {
namespace {

DiscoveryTarget target(const std::string& name) {
  DiscoveryTarget object;
  object.name = name;
  return object;
}

TEST(DiscoveryTargetRules, AnAddressAPrefixOrAHostNameIsATarget) {
  for (const char* name :
       {"10.0.0.5", "10.0.0.0/20", "2001:db8::/116", "2001:db8::5", "ns1.example.net.", "localhost", "127.0.0.1", "127.0.0.0/30"}) {
    EXPECT_TRUE(check(target(name)).ok()) << name;
  }
  EXPECT_EQ(std::get<std::string>(read_place("NS1.Example.").value()), "ns1.example");
}

TEST(DiscoveryTargetRules, WhatIsTooLargeOrNoHostIsRefused) {
  for (const char* name : {"10.0.0.0/19",
                           "0.0.0.0/0",
                           "::/0",
                           "10.0.0.1/24",
                           "224.0.0.1",
                           "255.255.255.255",
                           "0.0.0.0",
                           "240.0.0.0/24",
                           "::",
                           "ff02::1",
                           "fe80::1",
                           "::ffff:10.0.0.1",
                           "",
                           " ",
                           "10.0.0",
                           "a b",
                           "-a.example",
                           "a..b",
                           "http://kea1/",
                           "kea1:8000",
                           "10.0.0.0/33"}) {
    const auto result = check(target(name));
    ASSERT_FALSE(result.ok()) << name;
    EXPECT_EQ(result.error().fields.front().pointer, "/name") << name;
  }
}

TEST(DiscoveryTargetRules, NetworkAndBroadcastAddressAreNotHosts) {
  const auto texts = [](const char* prefix) {
    std::string text;
    for (const ip::Address& address : hosts_of(ip::Prefix::parse(prefix).value())) text += address.to_string() + " ";
    return text;
  };
  EXPECT_EQ(texts("10.0.0.0/30"), "10.0.0.1 10.0.0.2 ");
  EXPECT_EQ(texts("10.0.0.0/31"), "10.0.0.0 10.0.0.1 ");
  EXPECT_EQ(texts("10.0.0.7/32"), "10.0.0.7 ");
  EXPECT_EQ(texts("2001:db8::/126"), "2001:db8::1 2001:db8::2 2001:db8::3 ");
  EXPECT_EQ(hosts_of(ip::Prefix::parse("10.0.0.0/20").value()).size(), 4094U);
}

TEST(DiscoveryTargetRules, PortsAreAFewNumbersWithCommasBetween) {
  EXPECT_EQ(read_ports(" 8000, 8001 ,8000").value(), (std::vector<std::uint16_t>{8000, 8001}));
  EXPECT_TRUE(read_ports("").value().empty());
  for (const char* text : {"0", "65536", "8000;8001", "8000,", "http", "-1", "1,2,3,4,5,6,7,8,9"}) EXPECT_FALSE(read_ports(text).ok()) << text;
  DiscoveryTarget none = target("10.0.0.1");
  none.kea_ports = none.dns_ports = none.statistics_ports = "";
  EXPECT_FALSE(check(none).ok());
}

TEST(DiscoveryDomains, NameTheirControllersInFullWithAnAddressWhereItIsToBeTaken) {
  const auto places = read_controllers(" DC1.Contoso.test. ,dc2.contoso.test=10.0.0.11 , dc3.contoso.test=2001:db8::3").value();
  ASSERT_EQ(places.size(), 3U);
  EXPECT_EQ(places[0], (ControllerPlace{"dc1.contoso.test", std::nullopt}));
  EXPECT_EQ(places[1], (ControllerPlace{"dc2.contoso.test", ip::Address::parse("10.0.0.11").value()}));
  EXPECT_EQ(places[2].address, ip::Address::parse("2001:db8::3").value());
  for (const char* wrong : {"", " ", ",", "dc1", "10.0.0.1", "dc1.contoso.test,", "dc1.contoso.test=", "dc1.contoso.test=224.0.0.1",
                            "dc1.contoso.test=10.0.0.1=10.0.0.2", "dc 1.contoso.test"})
    EXPECT_FALSE(read_controllers(wrong).ok()) << wrong;
  std::string many = "dc0.contoso.test";
  for (int number = 1; number < 17; ++number) many += ",dc" + std::to_string(number) + ".contoso.test";
  EXPECT_FALSE(read_controllers(many).ok());
}

TEST(DiscoveryDomains, LookForSomethingInADomainOfAFullName) {
  const DiscoveryDomain good{.name = "contoso.test", .controllers = "dc1.contoso.test"};
  EXPECT_TRUE(check(good).ok());
  const auto refused = [&](const std::function<void(DiscoveryDomain&)>& spoil) {
    DiscoveryDomain domain = good;
    spoil(domain);
    const auto checked = check(domain);
    return checked.ok() ? std::string() : checked.error().fields.at(0).pointer;
  };
  EXPECT_EQ(refused([](DiscoveryDomain& each) { each.name = "contoso"; }), "/name");
  EXPECT_EQ(refused([](DiscoveryDomain& each) { each.controllers = "dc1"; }), "/controllers");
  EXPECT_EQ(refused([](DiscoveryDomain& each) { each.tls_trust = TlsTrust::Fingerprint; }), "/tls_fingerprint");
  EXPECT_EQ(refused([](DiscoveryDomain& each) { each.domain_controllers = each.dhcp_servers = each.dns_servers = each.policy_servers = false; }),
            "/domain_controllers");
}

}  // namespace
}  // namespace ipam::model
