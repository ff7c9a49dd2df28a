// The further ways to the managed servers.
#include "service/collection/server_accesses.h"

#include "integration/house.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::HasSubstr;

class ServerAccesses : public testing::Test {
 protected:
  House house_;
  model::ManagedServer server_;

  void SetUp() override {
    model::Credential credential;
    credential.name = "transfer";
    credential.kind = model::CredentialKind::TsigKey;
    credential.user_name = "cadastre.key";
    credential.algorithm = "hmac-sha256";
    ASSERT_TRUE(house_.run(house_.inventory->create_credential(administrator(), credential, Secret("c2VjcmV0"), {})).ok());
    server_ = house_.put(model::ManagedServer{.name = "ns1", .product = model::Product::Bind9, .url = "http://ns1:8053/", .space_id = house_.default_space().id});
  }
  Result<ledger::Written<model::ServerAccess>> add(const std::string& url = "dns://ns1:53", const std::string& credential = "transfer") {
    model::ServerAccess access;
    access.kind = model::AccessKind::Dns;
    access.url = url;
    return house_.run(house_.accesses->create(administrator(), "ns1", access, credential, {}));
  }
};

TEST_F(ServerAccesses, TheSecretReachesTheDriverAndNothingElse) {
  ASSERT_TRUE(add().ok());
  const auto endpoint = house_.inventory->endpoint(server_).value();
  const driver::AccessEndpoint* dns = endpoint.find(model::AccessKind::Dns);
  ASSERT_NE(dns, nullptr);
  EXPECT_EQ(dns->user_name, "cadastre.key");
  EXPECT_EQ(dns->algorithm, "hmac-sha256");
  EXPECT_EQ(dns->secret.reveal(), "c2VjcmV0");
  EXPECT_EQ(endpoint.find(model::AccessKind::Rndc), nullptr);
  EXPECT_EQ(house_.journal_text().find("c2VjcmV0"), std::string::npos);
}

TEST_F(ServerAccesses, AServerHasOneOfAKind) {
  ASSERT_TRUE(add().ok());
  const auto second = add("dns://ns1:5353");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::AlreadyExists);
}

TEST_F(ServerAccesses, AUrlOfAnotherSchemeAndAnUnknownCredentialAreRefusedOnTheirFields) {
  const auto wrong_url = add("http://ns1:53");
  ASSERT_FALSE(wrong_url.ok());
  EXPECT_EQ(wrong_url.error().fields.at(0).pointer, "/url");
  const auto unknown = add("dns://ns1:53", "nobody");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().fields.at(0).pointer, "/credential");
}

TEST_F(ServerAccesses, ASecretIsNotSentToANewUrlUnasked) {
  const auto made = add().value().value;
  const std::function<Result<void>(model::ServerAccess&)> elsewhere = [](model::ServerAccess& access) -> Result<void> {
    access.url = "dns://elsewhere:53";
    return {};
  };
  const auto moved = house_.run(house_.accesses->update(administrator(), made.id, std::nullopt, elsewhere, std::nullopt, {}));
  ASSERT_FALSE(moved.ok());
  EXPECT_EQ(moved.error().fields.at(0).pointer, "/credential");
  EXPECT_TRUE(house_.run(house_.accesses->update(administrator(), made.id, std::nullopt, elsewhere, std::string("transfer"), {})).ok());
}

TEST_F(ServerAccesses, ACredentialThatAnAccessUsesStays) {
  ASSERT_TRUE(add().ok());
  const auto id = house_.rows<model::Credential>().front().id;
  const auto erased = house_.run(house_.inventory->erase_credential(administrator(), id, std::nullopt, {}));
  ASSERT_FALSE(erased.ok());
  EXPECT_THAT(erased.error().message, HasSubstr("ns1"));
}

TEST_F(ServerAccesses, AProbeTellsHowEachAccessIs) {
  ASSERT_TRUE(add().ok());
  house_.drivers.server("http://ns1:8053/").with([](driver::FakeServer& server) {
    server.probe.accesses = {{model::AccessKind::Dns, model::ServerAvailability::AccessDenied, "ns1: the key is not known there"}};
    server.probe.findings = {"zone-statistics is off"};
  });
  const auto told = house_.run(house_.collector->check_availability(server_, "task/ServerAvailability", io::Deadline::after(std::chrono::seconds(30))));
  ASSERT_TRUE(told.ok()) << told.error().describe();
  EXPECT_THAT(*told, HasSubstr("1 of its accesses out of order, the first: ns1: the key is not known there"));
  const auto views = house_.accesses->of_server(administrator(), server_.id).value();
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].status.availability, model::ServerAvailability::AccessDenied);
  EXPECT_EQ(house_.inventory->get_status(administrator(), server_.id)->findings, "zone-statistics is off");
}

TEST_F(ServerAccesses, GoWithTheirServer) {
  ASSERT_TRUE(add().ok());
  ASSERT_TRUE(house_.run(house_.inventory->erase_server(administrator(), server_.id, std::nullopt, {})).ok());
  EXPECT_TRUE(house_.rows<model::ServerAccess>().empty());
  EXPECT_TRUE(house_.rows<model::AccessStatus>().empty());
}

}  // namespace
}  // namespace ipam::test
