// Discovery in domains: what is believed of a directory's answers, what is told of what changed; against a scripted directory and against the real
// Samba domain of tests/lab/samba_lab.py.
#include "driver/active_directory/active_directory.h"
#include "integration/house.h"
#include "service/discovery/discover.h"
#include "service/discovery/domain_service.h"
#include "support/samba_lab.h"

#include <gmock/gmock.h>

#include <map>

namespace ipam::test {
namespace {

using driver::EstateRole;
using driver::EstateServer;
using model::DomainServerState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Answers what the test says, by domain controller.
class ScriptedDirectory final : public driver::EstateReader {
 public:
  io::Task<Result<driver::DomainReport>> read(driver::DirectoryEndpoint endpoint, std::set<EstateRole> roles, io::Deadline) override {
    asked.push_back(std::move(endpoint));
    asked_roles = std::move(roles);
    const auto failure = failures.find(asked.back().controller);
    if (failure != failures.end()) co_return failure->second;
    driver::DomainReport answer = report;
    answer.domain = asked.back().domain;
    answer.controller = asked.back().controller;
    co_return answer;
  }

  driver::DomainReport report;
  std::map<std::string, Error> failures;
  std::vector<driver::DirectoryEndpoint> asked;
  std::set<EstateRole> asked_roles;
};

class DomainDiscoveryTest : public testing::Test {
 protected:
  void SetUp() override {
    model::Credential credential;
    credential.name = "reader";
    credential.user_name = "reader";
    ASSERT_TRUE(house_.run(house_.inventory->create_credential(administrator(), credential, Secret("a password"), {})).ok());
  }
  static EstateServer server(const std::string& name, const std::string& guid, std::vector<const char*> addresses, std::set<EstateRole> roles) {
    EstateServer made{.host_name = name, .names = {name}, .roles = std::move(roles), .domain = "contoso.test", .site = "Zurich", .guid = guid};
    for (const char* text : addresses) made.addresses.push_back(address(text));
    return made;
  }
  Result<model::DiscoveryDomain> add(const std::string& controllers = "dc1.contoso.test", const std::string& credential = "reader") {
    model::DiscoveryDomain domain;
    domain.name = "Contoso.Test.";
    domain.controllers = controllers;
    auto written = house_.run(house_.domains->create(administrator(), domain, credential, {}));
    if (!written.ok()) return std::move(written).error();
    return written->value;
  }
  Result<model::DiscoveryDomain> change(model::Id<model::DiscoveryDomain> id, const std::function<void(model::DiscoveryDomain&)>& edit,
                                        std::optional<std::string> credential = std::nullopt) {
    std::function<Result<void>(model::DiscoveryDomain&)> changing = [edit](model::DiscoveryDomain& domain) -> Result<void> {
      edit(domain);
      return {};
    };
    auto written = house_.run(house_.domains->update(administrator(), id, std::nullopt, changing, std::move(credential), {}));
    if (!written.ok()) return std::move(written).error();
    return written->value;
  }
  Result<std::string> pass() {
    service::DomainDiscovery discovery(*house_.store, *house_.ledger, *house_.inventory, directory_, house_.clock);
    house_.clock.advance(std::chrono::hours(1));
    return house_.run(discovery.run("task/ServerDiscovery", io::Deadline::after(std::chrono::seconds(60))));
  }
  std::vector<model::DomainServer> found() { return house_.rows<model::DomainServer>(); }
  model::DomainStatus status() { return house_.rows<model::DomainStatus>().at(0); }

  House house_;
  ScriptedDirectory directory_;
};

TEST_F(DomainDiscoveryTest, WithoutADomainNothingIsAsked) {
  EXPECT_EQ(pass().value(), "");
  EXPECT_THAT(directory_.asked, IsEmpty());
}

TEST_F(DomainDiscoveryTest, AServerIsNewThenKnownThenChangedThenGoneThenBack) {
  ASSERT_TRUE(add().ok());
  directory_.report.servers = {server("dhcp1.contoso.test", "guid-1", {"10.1.0.12"}, {EstateRole::DhcpServer})};
  EXPECT_EQ(pass().value(), "1 domain: 1 server named (1 new, 0 changed), 0 gone");
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found()[0].state, DomainServerState::New);
  EXPECT_EQ(found()[0].roles, "dhcp_server");
  EXPECT_EQ(found()[0].addresses, "10.1.0.12");
  EXPECT_FALSE(found()[0].changed_at.has_value());
  const Time first = found()[0].first_seen;

  EXPECT_EQ(pass().value(), "1 domain: 1 server named (0 new, 0 changed), 0 gone");
  EXPECT_EQ(found()[0].state, DomainServerState::Known);

  directory_.report.servers = {server("dhcp9.contoso.test", "guid-1", {"10.1.0.13"}, {EstateRole::DhcpServer, EstateRole::DnsServer})};
  EXPECT_EQ(pass().value(), "1 domain: 1 server named (0 new, 1 changed), 0 gone");
  ASSERT_EQ(found().size(), 1U);  // its account's identifier makes it the same server
  EXPECT_EQ(found()[0].state, DomainServerState::Changed);
  EXPECT_EQ(found()[0].changes,
            "host name was dhcp1.contoso.test, is dhcp9.contoso.test; addresses was 10.1.0.12, is 10.1.0.13; roles was dhcp_server, is dhcp_server "
            "dns_server");
  EXPECT_EQ(found()[0].first_seen, first);
  EXPECT_TRUE(found()[0].changed_at.has_value());

  // What changed stays told when the next pass finds it so again.
  EXPECT_TRUE(pass().ok());
  EXPECT_EQ(found()[0].state, DomainServerState::Known);
  EXPECT_THAT(found()[0].changes, HasSubstr("host name was"));

  directory_.report.servers.clear();
  EXPECT_EQ(pass().value(), "1 domain: 0 servers named (0 new, 0 changed), 1 gone");
  EXPECT_EQ(found()[0].state, DomainServerState::Gone);

  directory_.report.servers = {server("dhcp9.contoso.test", "guid-1", {"10.1.0.13"}, {EstateRole::DhcpServer, EstateRole::DnsServer})};
  EXPECT_TRUE(pass().ok());
  EXPECT_EQ(found()[0].state, DomainServerState::Changed);
  EXPECT_EQ(found()[0].changes, "was gone, is back");

  directory_.report.servers.clear();
  EXPECT_TRUE(pass().ok());
  house_.clock.advance(std::chrono::hours(24 * 91));
  EXPECT_TRUE(pass().ok());
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(DomainDiscoveryTest, ADomainThatCannotBeReadKeepsItsServersAndSaysWhy) {
  ASSERT_TRUE(add().ok());
  directory_.report.servers = {server("dc1.contoso.test", "guid-1", {"10.1.0.10"}, {EstateRole::DomainController})};
  ASSERT_TRUE(pass().ok());
  directory_.failures["dc1.contoso.test"] = Error(ErrorCode::Unauthenticated, "ldap://dc1.contoso.test:389: the password is wrong");
  const auto failed = pass();
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(failed.error().message, HasSubstr("not read: contoso.test (ldap://dc1.contoso.test:389: the password is wrong)"));
  EXPECT_EQ(found()[0].state, DomainServerState::New);
  EXPECT_EQ(status().problem, "ldap://dc1.contoso.test:389: the password is wrong");
  EXPECT_TRUE(status().read_at.has_value());  // what was read before stays
  directory_.failures.clear();
  ASSERT_TRUE(pass().ok());
  EXPECT_EQ(status().problem, "");
}

TEST_F(DomainDiscoveryTest, TheNextDomainControllerIsAskedWhenOneDoesNotAnswerButNotWithARefusedPassword) {
  ASSERT_TRUE(add("dc1.contoso.test,dc2.contoso.test=10.1.0.11").ok());
  directory_.failures["dc1.contoso.test"] = Error(ErrorCode::Unavailable, "not reached");
  ASSERT_TRUE(pass().ok());
  ASSERT_EQ(directory_.asked.size(), 2U);
  EXPECT_EQ(directory_.asked[1].controller, "dc2.contoso.test");
  EXPECT_EQ(directory_.asked[1].address, "10.1.0.11");
  EXPECT_EQ(directory_.asked[1].user_name, "reader");
  EXPECT_EQ(directory_.asked[1].password.reveal(), "a password");
  EXPECT_EQ(status().controller, "dc2.contoso.test");
  directory_.asked.clear();
  directory_.failures["dc1.contoso.test"] = Error(ErrorCode::Unauthenticated, "the password is wrong");
  EXPECT_FALSE(pass().ok());
  EXPECT_EQ(directory_.asked.size(), 1U);
}

TEST_F(DomainDiscoveryTest, OnlyTheRolesThatAreWantedAreAskedFor) {
  const auto domain = add();
  ASSERT_TRUE(domain.ok());
  const auto only_dhcp = [](model::DiscoveryDomain& each) { each.domain_controllers = each.dns_servers = each.policy_servers = false; };
  ASSERT_TRUE(change(domain->id, only_dhcp).ok());
  ASSERT_TRUE(pass().ok());
  EXPECT_THAT(directory_.asked_roles, ElementsAre(EstateRole::DhcpServer));
  const auto nothing = [](model::DiscoveryDomain& each) { each.dhcp_servers = false; };
  EXPECT_FALSE(change(domain->id, nothing).ok());
}

TEST_F(DomainDiscoveryTest, ADomainIsWrittenInOneSpellingAndOnce) {
  const auto domain = add("DC1.Contoso.test. , dc2.contoso.test=10.1.0.11");
  ASSERT_TRUE(domain.ok()) << domain.error().describe();
  EXPECT_EQ(domain->name, "contoso.test");
  EXPECT_EQ(domain->controllers, "dc1.contoso.test,dc2.contoso.test=10.1.0.11");
  EXPECT_EQ(add().error().code, ErrorCode::AlreadyExists);
}

TEST_F(DomainDiscoveryTest, WhatIsNoDomainControllerOrNoCredentialIsRefused) {
  for (const char* controllers : {"", "dc1", "10.0.0.1", "dc1.contoso.test=nowhere", "dc1.contoso.test=224.0.0.1", "dc1.contoso.test=10.0.0.1=2"})
    EXPECT_EQ(add(controllers).error().code, ErrorCode::InvalidArgument) << controllers;
  EXPECT_THAT(add("dc1.contoso.test", "nobody").error().fields.at(0).message, HasSubstr("no credential named"));
}

TEST_F(DomainDiscoveryTest, TheSecretGoesToNoOtherPlaceUnasked) {
  const auto domain = add();
  ASSERT_TRUE(domain.ok());
  const auto elsewhere = [](model::DiscoveryDomain& each) { each.controllers = "evil.example"; };
  EXPECT_EQ(change(domain->id, elsewhere).error().fields.at(0).pointer, "/credential");
  EXPECT_TRUE(change(domain->id, elsewhere, "reader").ok());
}

TEST_F(DomainDiscoveryTest, ACredentialThatADomainSignsInWithStays) {
  ASSERT_TRUE(add().ok());
  const auto credential = house_.rows<model::Credential>().at(0);
  const auto erased = house_.run(house_.inventory->erase_credential(administrator(), credential.id, std::nullopt, {}));
  ASSERT_FALSE(erased.ok());
  EXPECT_THAT(erased.error().message, HasSubstr("discovery domain contoso.test signs in with this credential"));
}

TEST_F(DomainDiscoveryTest, ADomainTakesWhatWasFoundWithIt) {
  const auto domain = add();
  directory_.report.servers = {server("dc1.contoso.test", "guid-1", {}, {EstateRole::DomainController}),
                               server("", "", {"10.1.0.99"}, {EstateRole::DhcpServer})};
  ASSERT_TRUE(pass().ok());
  EXPECT_EQ(found().size(), 2U);
  ASSERT_TRUE(house_.run(house_.domains->erase(administrator(), domain->id, std::nullopt, {})).ok());
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(house_.rows<model::DomainStatus>(), IsEmpty());
}

TEST_F(DomainDiscoveryTest, OnePassTellsOfDomainsAndOfAddresses) {
  ASSERT_TRUE(add().ok());
  io::Resolver resolver;
  service::DomainDiscovery domains(*house_.store, *house_.ledger, *house_.inventory, directory_, house_.clock);
  service::Discovery addresses(*house_.store, *house_.ledger, resolver, house_.clock);
  const auto all = [&] {
    return house_.run(service::discover(&domains, &addresses, "task/ServerDiscovery", io::Deadline::after(std::chrono::seconds(60))));
  };
  EXPECT_EQ(all().value(), "1 domain: 0 servers named (0 new, 0 changed), 0 gone");
  directory_.failures["dc1.contoso.test"] = Error(ErrorCode::Unavailable, "not reached");
  EXPECT_EQ(all().error().code, ErrorCode::Unavailable);
  resolver.stop();
}

TEST_F(DomainDiscoveryTest, ARealDomainIsReadFromItsNameToItsServers) {
  const SambaLab lab({"--dhcp", "dhcp1=10.1.0.12", "--nps", "nps1", "--site", "Zurich=10.1.0.0/16", "--trust", "fabrikam.test=3,2,8"});
  const auto credential = house_.rows<model::Credential>().at(0);
  ASSERT_TRUE(
      house_.run(house_.inventory->update_credential(administrator(), credential.id, std::nullopt, "reader", Secret(lab.reader_password()), {}))
          .ok());
  ASSERT_TRUE(add(lab.host() + "=" + lab.address()).ok());
  io::WorkerPool pool("the test's readers", 2, 10);
  driver::active_directory::ActiveDirectory directory(pool);
  service::DomainDiscovery discovery(*house_.store, *house_.ledger, *house_.inventory, directory, house_.clock);
  const auto sentence = house_.run(discovery.run("task/ServerDiscovery", io::Deadline::after(std::chrono::seconds(60))));
  ASSERT_TRUE(sentence.ok()) << sentence.error().describe();
  EXPECT_EQ(*sentence, "1 domain: 3 servers named (3 new, 0 changed), 0 gone");
  std::map<std::string, model::DomainServer> by_name;
  for (const model::DomainServer& each : found()) by_name[each.host_name] = each;
  EXPECT_EQ(by_name["dc1.contoso.test"].roles, "domain_controller dns_server");
  EXPECT_EQ(by_name["dc1.contoso.test"].addresses, lab.address());
  EXPECT_EQ(by_name["dhcp1.contoso.test"].roles, "dhcp_server");
  EXPECT_EQ(by_name["dhcp1.contoso.test"].site, "Zurich");
  EXPECT_EQ(by_name["nps1.contoso.test"].roles, "policy_server");
  EXPECT_EQ(status().trusts, "fabrikam.test two_way forest");
  EXPECT_THAT(status().zones, HasSubstr("contoso.test domain dc1.contoso.test"));
  EXPECT_EQ(house_.run(discovery.run("task/ServerDiscovery", io::Deadline::after(std::chrono::seconds(60)))).value(),
            "1 domain: 3 servers named (0 new, 0 changed), 0 gone");
}

}  // namespace
}  // namespace ipam::test
