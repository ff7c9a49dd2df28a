#include "driver/active_directory/server_list.h"

#include "driver/active_directory/forest.h"

#include <gmock/gmock.h>

namespace ipam::driver::active_directory {
namespace {

using ::testing::ElementsAre;

Account account(const std::string& guid, std::vector<std::string> hosts) { return {.guid = guid, .name = "S$", .hosts = std::move(hosts)}; }
ip::Address address(const char* text) { return ip::Address::parse(text).value(); }

TEST(ServerList, MakesOneServerOfItsNamesItsAccountAndItsAddresses) {
  ServerList list;
  list.add("dhcp.contoso.test", {address("10.0.0.5")}, EstateRole::DhcpServer, "authorized");
  list.add("ns1.contoso.test", {}, EstateRole::DnsServer, "a name server");
  EXPECT_THAT(list.hosts_without_account(), ElementsAre("dhcp.contoso.test", "ns1.contoso.test"));
  list.add(account("1", {"srv1.contoso.test", "ns1.contoso.test", "dhcp.contoso.test"}), EstateRole::PolicyServer, "a member");
  list.add_address("ns1.contoso.test", address("10.0.0.4"));
  EXPECT_TRUE(list.hosts_without_account().empty());
  const auto servers = list.take();
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0].host_name, "srv1.contoso.test");
  EXPECT_THAT(servers[0].names, ElementsAre("srv1.contoso.test", "ns1.contoso.test", "dhcp.contoso.test"));
  EXPECT_THAT(servers[0].addresses, ElementsAre(address("10.0.0.4"), address("10.0.0.5")));
  EXPECT_THAT(servers[0].roles, ElementsAre(EstateRole::DhcpServer, EstateRole::DnsServer, EstateRole::PolicyServer));
  EXPECT_EQ(servers[0].evidence.size(), 3U);
}

TEST(ServerList, FindsAnAccountAgainByItsIdentifier) {
  ServerList list;
  list.add(account("1", {"dc1.contoso.test"}), EstateRole::DomainController, "in site Zurich").site = "Zurich";
  list.add("dc1.contoso.test", {}, EstateRole::DnsServer, "a name server");
  list.join(account("1", {"dc1.contoso.test", "old.contoso.test"}));
  const auto servers = list.take();
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0].site, "Zurich");
  EXPECT_EQ(servers[0].names.size(), 2U);
}

TEST(ServerList, LeavesANameThatTwoAccountsBearWithTheFirst) {
  ServerList list;
  list.add(account("1", {"a.contoso.test", "shared.contoso.test"}), EstateRole::PolicyServer, "x");
  list.add(account("2", {"b.contoso.test", "shared.contoso.test"}), EstateRole::PolicyServer, "x");
  list.add("shared.contoso.test", {}, EstateRole::DnsServer, "y");
  const auto servers = list.take();
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_TRUE(servers[0].roles.contains(EstateRole::DnsServer));
  EXPECT_FALSE(servers[1].roles.contains(EstateRole::DnsServer));
}

TEST(ServerList, KeepsServersThatHaveNoName) {
  ServerList list;
  list.add("", {address("10.0.0.9")}, EstateRole::DhcpServer, "authorized");
  list.add("", {address("10.0.0.8")}, EstateRole::DhcpServer, "authorized");
  const auto servers = list.take();
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_THAT(servers[0].addresses, ElementsAre(address("10.0.0.8")));
}

TEST(Forest, GivesAHostToTheDeepestDomainAboveIt) {
  const std::vector<EstateDomain> domains{{.name = "contoso.test"}, {.name = "emea.contoso.test"}};
  EXPECT_EQ(domain_of_host("dc1.contoso.test", domains), "contoso.test");
  EXPECT_EQ(domain_of_host("dc1.emea.contoso.test", domains), "emea.contoso.test");
  EXPECT_EQ(domain_of_host("dc1.notcontoso.test", domains), "");
}

TEST(Forest, GivesAnAddressToTheSiteOfTheSmallestSubnet) {
  std::vector<EstateSubnet> subnets{{.prefix = ip::Prefix::parse("10.0.0.0/8").value(), .site = "World"},
                                    {.prefix = ip::Prefix::parse("10.1.0.0/16").value(), .site = "Zurich"},
                                    {.prefix = ip::Prefix::parse("2001:db8::/32").value(), .site = "Six"}};
  EXPECT_EQ(site_of_address(address("10.1.2.3"), subnets), "Zurich");
  EXPECT_EQ(site_of_address(address("10.2.2.3"), subnets), "World");
  EXPECT_EQ(site_of_address(address("192.0.2.1"), subnets), "");
  EXPECT_EQ(site_of_address(address("2001:db8::1"), subnets), "Six");
}

}  // namespace
}  // namespace ipam::driver::active_directory
