// The reading of the real Samba domain of tests/lab/samba_lab.py.
#include "base/file.h"
#include "driver/active_directory/active_directory.h"
#include "io/blocking.h"
#include "support/samba_lab.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace ipam::driver::active_directory {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::set<EstateRole> kAll{EstateRole::DomainController, EstateRole::DhcpServer, EstateRole::DnsServer, EstateRole::PolicyServer};

test::SambaLab& lab() {
  static test::SambaLab made({"--dhcp",  "dhcp1=10.1.0.12",
                              "--nps",   "nps1",
                              "--nps",   "nps2",
                              "--site",  "Zurich=10.1.0.0/16",
                              "--site",  "Geneva=10.2.0.0/16",
                              "--site",  "Geneva=2001:db8:2::/48",
                              "--zones", "50",
                              "--trust", "fabrikam.test=3,2,8",
                              "--trust", "litware.test=2,2,0",
                              "--trust", "realm.example=1,3,0"});
  return made;
}

DirectoryEndpoint endpoint() {
  return {.domain = "contoso.test",
          .controller = lab().host(),
          .address = lab().address(),
          .user_name = "reader",
          .password = Secret(lab().reader_password())};
}

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

Result<DomainReport> read(const DirectoryEndpoint& from, const std::set<EstateRole>& roles = kAll, const EstateLimits& limits = {}) {
  io::BlockingLoop loop;
  io::WorkerPool pool("the test's readers", 1, 4);
  ActiveDirectory reader(pool, limits);
  return loop.run(reader.read(from, roles, soon()));
}

const EstateServer* find(const DomainReport& report, const std::string& host) {
  const auto found = std::find_if(report.servers.begin(), report.servers.end(), [&](const auto& each) { return each.host_name == host; });
  return found != report.servers.end() ? &*found : nullptr;
}

TEST(SambaDomain, HasItsForestItsSitesAndItsSubnets) {
  const auto report = read(endpoint());
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_EQ(report->domain, "contoso.test");
  EXPECT_EQ(report->forest, "contoso.test");
  EXPECT_EQ(report->controller, lab().host());
  EXPECT_THAT(report->domains, ElementsAre(EstateDomain{.name = "contoso.test", .netbios_name = "CONTOSO", .parent = ""}));
  ASSERT_EQ(report->sites.size(), 3U);
  EXPECT_EQ(report->sites[1].name, "Geneva");
  ASSERT_EQ(report->subnets.size(), 3U);
  EXPECT_EQ(report->subnets[0].prefix.to_string(), "10.1.0.0/16");
  EXPECT_EQ(report->subnets[0].site, "Zurich");
  EXPECT_EQ(report->subnets[2].site, "Geneva");
  EXPECT_THAT(report->findings, IsEmpty());
}

TEST(SambaDomain, HasItsDomainControllerOnceWithAllItsRoles) {
  const auto report = read(endpoint());
  ASSERT_TRUE(report.ok()) << report.error().describe();
  const EstateServer* server = find(*report, lab().host());
  ASSERT_NE(server, nullptr);
  EXPECT_THAT(server->roles, ElementsAre(EstateRole::DomainController, EstateRole::DnsServer));
  EXPECT_EQ(server->site, "Default-First-Site-Name");
  EXPECT_EQ(server->account, "DC1$");
  EXPECT_EQ(server->domain, "contoso.test");
  EXPECT_EQ(server->guid.size(), 36U);
  EXPECT_THAT(server->addresses, ElementsAre(ip::Address::parse(lab().address()).value()));
  EXPECT_FALSE(server->disabled);
  EXPECT_THAT(server->evidence, Contains(HasSubstr("a name server of 16.10.in-addr.arpa")));
}

TEST(SambaDomain, HasItsAuthorizedDhcpServersWithTheSiteOfTheirAddress) {
  const auto report = read(endpoint());
  ASSERT_TRUE(report.ok()) << report.error().describe();
  const EstateServer* server = find(*report, "dhcp1.contoso.test");
  ASSERT_NE(server, nullptr);
  EXPECT_THAT(server->roles, ElementsAre(EstateRole::DhcpServer));
  EXPECT_THAT(server->addresses, ElementsAre(ip::Address::parse("10.1.0.12").value()));
  EXPECT_EQ(server->site, "Zurich");
  EXPECT_FALSE(server->guid.empty());
  EXPECT_EQ(server->operating_system, "Windows Server 2022 Standard");
}

TEST(SambaDomain, HasItsPolicyServersAlsoByWayOfOtherGroups) {
  lab().modify("dn: CN=nps9,CN=Computers," + lab().base() +
               "\nchangetype: add\nobjectClass: computer\nsAMAccountName: NPS9$\nuserAccountControl: 4096\ndNSHostName: nps9.contoso.test\n\n" +
               "dn: CN=radius,CN=Users," + lab().base() +
               "\nchangetype: add\nobjectClass: group\nsAMAccountName: radius\nmember: CN=nps9,CN=Computers," + lab().base() +
               "\n\ndn: CN=RAS and IAS Servers,CN=Users," + lab().base() + "\nchangetype: modify\nadd: member\nmember: CN=radius,CN=Users," +
               lab().base() + "\n");
  const auto report = read(endpoint(), {EstateRole::PolicyServer});
  ASSERT_TRUE(report.ok()) << report.error().describe();
  std::vector<std::string> hosts;
  for (const EstateServer& server : report->servers) hosts.push_back(server.host_name);
  EXPECT_THAT(hosts, ElementsAre("nps1.contoso.test", "nps2.contoso.test", "nps9.contoso.test"));
  EXPECT_EQ(report->servers[0].account, "NPS1$");
}

TEST(SambaDomain, HasTheZonesOfTheDirectory) {
  const auto report = read(endpoint());
  ASSERT_TRUE(report.ok()) << report.error().describe();
  std::vector<std::string> names;
  for (const EstateZone& zone : report->zones) {
    names.push_back(zone.name);
    EXPECT_THAT(zone.name_servers, ElementsAre(lab().host())) << zone.name;
    EXPECT_EQ(zone.replication, zone.name == "_msdcs.contoso.test" ? ZoneReplication::Forest : ZoneReplication::Domain);
  }
  EXPECT_THAT(names, ElementsAre("16.10.in-addr.arpa", "_msdcs.contoso.test", "big.contoso.test", "contoso.test", "types.contoso.test"));
}

TEST(SambaDomain, NamesTheDomainsThatItTrusts) {
  const auto report = read(endpoint());
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_THAT(report->trusts, ElementsAre(EstateTrust{"fabrikam.test", TrustDirection::TwoWay, TrustKind::Forest},
                                          EstateTrust{"litware.test", TrustDirection::Outbound, TrustKind::External},
                                          EstateTrust{"realm.example", TrustDirection::Inbound, TrustKind::Realm}));
}

TEST(SambaDomain, ReadsOnlyTheRolesThatAreAskedFor) {
  const auto report = read(endpoint(), {EstateRole::DhcpServer});
  ASSERT_TRUE(report.ok()) << report.error().describe();
  ASSERT_FALSE(report->servers.empty());
  for (const EstateServer& server : report->servers) EXPECT_THAT(server.roles, ElementsAre(EstateRole::DhcpServer));
}

// The domain controller's address is all that is known: krb5.conf says nothing, and names cannot be looked up.
TEST(SambaDomain, IsReadByKerberosWithoutAnyConfigurationOfThisMachine) {
  const std::string before = std::getenv("KRB5_CONFIG");
  const std::string nothing = lab().file("nothing.conf");
  std::ofstream(nothing) << "";
  setenv("KRB5_CONFIG", nothing.c_str(), 1);
  DirectoryEndpoint from = endpoint();
  const auto with_password = read(from);
  EXPECT_TRUE(with_password.ok()) << with_password.error().describe();
  from.keytab = Secret(to_base64(as_bytes(read_file(lab().reader_keytab(), 1U << 20U).value())));
  from.password = Secret();
  from.user_name = "CONTOSO\\reader";
  const auto with_keytab = read(from);
  EXPECT_TRUE(with_keytab.ok()) << with_keytab.error().describe();
  setenv("KRB5_CONFIG", before.c_str(), 1);
}

TEST(SambaDomain, SaysThatThePasswordIsWrong) {
  DirectoryEndpoint from = endpoint();
  from.password = Secret("not this one");
  const auto report = read(from);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::Unauthenticated) << report.error().describe();
}

TEST(SambaDomain, IsReadWithAPasswordInsideTlsToo) {
  DirectoryEndpoint from = endpoint();
  from.protection = model::DirectoryProtection::Ldaps;
  from.user_name = lab().reader();
  from.password = Secret(lab().reader_password());
  from.ca_file = lab().ca_file();
  const auto report = read(from);
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_NE(find(*report, lab().host()), nullptr);
}

TEST(SambaDomain, PassesOverWhatIsDamagedAndSaysSo) {
  lab().modify(
      "dn: CN=odd,CN=NetServices,CN=Services,CN=Configuration," + lab().base() +
      "\nchangetype: add\nobjectClass: dHCPClass\ndhcpUniqueKey: 0\ndhcpType: 0\ndhcpFlags: 0\ndhcpIdentification: odd\ndhcpServers: nonsense$\n\n" +
      "dn: CN=dhcp7.contoso.test,CN=NetServices,CN=Services,CN=Configuration," + lab().base() +
      "\nchangetype: add\nobjectClass: dHCPClass\ndhcpUniqueKey: 0\ndhcpType: 1\ndhcpFlags: 0\ndhcpIdentification: dhcp7\n");
  const auto report = read(endpoint(), {EstateRole::DhcpServer});
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_THAT(report->findings, Contains(HasSubstr("CN=odd")));
  EXPECT_THAT(report->findings, Contains(HasSubstr("dhcp7.contoso.test has no computer account")));
  // The name of the entry alone makes a server, without a value that tells more.
  const EstateServer* server = find(*report, "dhcp7.contoso.test");
  ASSERT_NE(server, nullptr);
  EXPECT_TRUE(server->addresses.empty());
}

TEST(SambaDomain, IsNotTakenForAnotherDomain) {
  DirectoryEndpoint from = endpoint();
  from.domain = "fabrikam.test";
  from.user_name = "reader@contoso.test";
  const auto report = read(from);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(report.error().message, HasSubstr("a domain controller of contoso.test, not of fabrikam.test"));
}

TEST(SambaDomain, IsReadWithinLimits) { EXPECT_EQ(read(endpoint(), kAll, {.sites = 2}).error().code, ErrorCode::Exhausted); }

}  // namespace
}  // namespace ipam::driver::active_directory
