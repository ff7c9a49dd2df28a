// Discovery domains and what was found in them, over the API.
#include "integration/api_server.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class DomainApi : public testing::Test {
 protected:
  ApiServer server_;
  std::string root_ = server_.bearer(model::Group::IpamAdministrators);

  auto ask(const std::string& method, const std::string& target, const std::string& body = {}) { return server_.ask(method, target, root_, body); }
  std::string add(const std::string& more = {}) {
    const auto made = ask("POST", "/api/v1/discovery_domains", R"({"name":"contoso.test","controllers":"dc1.contoso.test=10.0.0.10")" + more + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return std::string(made.headers.find("Location").value_or(""));
  }
};

TEST_F(DomainApi, ADomainIsMadeShownChangedListedAndDeleted) {
  ASSERT_EQ(ask("POST", "/api/v1/credentials", R"({"name":"reader","user_name":"reader","secret":"a secret"})").status, 201);
  const std::string place = add(R"(,"credential":"reader","policy_servers":false)");
  const auto shown = ask("GET", place);
  EXPECT_EQ(shown.status, 200);
  for (const char* part :
       {R"("name":"contoso.test")", R"("controllers":"dc1.contoso.test=10.0.0.10")", R"("protection":"kerberos")", R"("credential":"reader")",
        R"("policy_servers":false)", R"("dhcp_servers":true)", R"("checked_at":null)", R"("trusts":[])"})
    EXPECT_THAT(shown.body, HasSubstr(part));
  EXPECT_THAT(shown.body, Not(HasSubstr("a secret")));
  const auto changed = ask("PATCH", place, R"({"dhcp_servers":false,"description":"the head office"})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_THAT(changed.body, HasSubstr(R"("dhcp_servers":false)"));
  const auto moved = ask("PATCH", place, R"({"protection":"ldaps"})");
  EXPECT_EQ(moved.status, 400) << moved.body;
  EXPECT_THAT(moved.body, HasSubstr("/credential"));
  EXPECT_EQ(ask("PATCH", place, R"({"protection":"ldaps","credential":"reader"})").status, 200);
  EXPECT_THAT(ask("GET", "/api/v1/discovery_domains?name=contoso.test").body, HasSubstr("the head office"));
  EXPECT_EQ(ask("DELETE", place).status, 204);
  EXPECT_EQ(ask("GET", place).status, 404);
}

TEST_F(DomainApi, WhoMayNotReadCredentialsIsNotToldWhichOneItIs) {
  ASSERT_EQ(ask("POST", "/api/v1/credentials", R"({"name":"reader","user_name":"reader","secret":"a secret"})").status, 201);
  const std::string place = add(R"(,"credential":"reader")");
  EXPECT_THAT(server_.ask("GET", place, server_.bearer(model::Group::IpamUsers)).body, HasSubstr(R"("credential":null)"));
}

TEST_F(DomainApi, WhatIsWrongIsSaidOfItsField) {
  const auto refused = ask("POST", "/api/v1/discovery_domains", R"({"name":"contoso.test","controllers":"dc1","credential":"nobody"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("/controllers"));
  EXPECT_EQ(ask("POST", "/api/v1/discovery_domains", R"({"name":"contoso","controllers":"dc1.contoso.test"})").status, 400);
}

TEST_F(DomainApi, AFoundServerIsListedByItsStateAndShownWhole) {
  const std::string place = add();
  const auto domain = server_.house.rows<model::DiscoveryDomain>().at(0);
  ledger::Work put = [&domain](ledger::Transaction& transaction) -> Result<void> {
    model::DomainServer row{.discovery_domain_id = domain.id, .identity = "guid-1", .host_name = "dc1.contoso.test"};
    row.id.value = IPAM_TRY(transaction.new_id<model::DiscoveryDomain>()).value;
    row.names = "dc1.contoso.test ns1.contoso.test";
    row.addresses = "10.0.0.10 2001:db8::10";
    row.roles = "domain_controller dns_server";
    row.domain = "contoso.test";
    row.evidence = "a domain controller of contoso.test in site Zurich\na name server of contoso.test";
    transaction.put_row(row);
    return {};
  };
  ASSERT_TRUE(server_.house.run(server_.house.ledger->commit(ledger::Priority::Interactive, put)).ok());
  const auto list = ask("GET", "/api/v1/domain_servers?state=new&host_name=dc1.contoso.test");
  EXPECT_EQ(list.status, 200) << list.body;
  for (const char* part : {R"("discovery_domain":"contoso.test")", R"("names":["dc1.contoso.test","ns1.contoso.test"])",
                           R"("addresses":["10.0.0.10","2001:db8::10"])", R"("roles":["domain_controller","dns_server"])",
                           R"("evidence":["a domain controller of contoso.test in site Zurich",)", R"("changed_at":null)"})
    EXPECT_THAT(list.body, HasSubstr(part));
  EXPECT_THAT(ask("GET", "/api/v1/domain_servers?state=gone").body, HasSubstr(R"("items":[])"));
  const auto row = server_.house.rows<model::DomainServer>().at(0);
  EXPECT_EQ(ask("GET", "/api/v1/domain_servers/" + row.id.to_string()).status, 200);
}

}  // namespace
}  // namespace ipam::test
