// An address with its reservation and records in one call: made together, undone together; the servers are in memory.
#include "contract/allocation.h"
#include "integration/api_server.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using driver::FakeServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Provision : public testing::Test {
 protected:
  ApiServer server_;
  House& house_ = server_.house;
  std::string root_ = server_.bearer(model::Group::IpamAdministrators);

  void SetUp() override {
    house_.add_subnet("10.0.0.0/24");
    add_dns_server("ns1", "corp.example");
    add_dns_server("ns2", "10.in-addr.arpa");
    const auto kea = add_server("kea1");
    fake("kea1").with([](FakeServer& server) {
      driver::ObservedScope scope;
      scope.key = "1";
      scope.prefix = ip::Prefix::parse("10.0.0.0/24").value();
      server.configuration.scopes = {scope};
    });
    ASSERT_TRUE(house_.run(house_.collector->collect_configuration(kea, "task/ServerConfiguration", soon())).ok());
  }
  void add_dns_server(const std::string& name, const std::string& zone_name) {
    const auto added = add_server(name);
    fake(name).with([&](FakeServer& server) {
      driver::ObservedZone zone;
      zone.name = zone_name;
      zone.view = "_default";
      zone.serial = 1;
      zone.health = model::ZoneHealth::Ok;
      server.has_dns = true;
      server.zones = {zone};
      server.records[zone_name] = {{"first." + zone_name, "TXT", "\"there from the beginning\"", 600}};
    });
    ASSERT_TRUE(house_.run(house_.collector->collect_zones(added, "task/DnsConfiguration", soon())).ok());
  }
  model::ManagedServer add_server(const std::string& name) {
    model::ManagedServer server;
    server.name = name;
    server.url = "http://" + name + "/";
    server.space_id = house_.default_space().id;
    house_.drivers.server(server.url);
    return house_.put(server);
  }
  Guarded<FakeServer>& fake(const std::string& name) { return house_.drivers.server("http://" + name + "/"); }
  static io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(30)); }

  client::http::Response allocate(const std::string& fields, const std::string& query = "") {
    return server_.ask("POST", "/api/v1/addresses:allocate" + query, root_, R"({"from":"10.0.0.0/24")" + fields + "}");
  }
  std::vector<std::string> records(const std::string& server, const std::string& zone) {
    std::vector<std::string> texts;
    for (const auto& each : fake(server).lock()->records[zone]) {
      if (each.type != "TXT") texts.push_back(fmt::format("{} {} {}", each.name, each.type, each.data));
    }
    return texts;
  }
  std::size_t reservations() { return fake("kea1").lock()->configuration.scopes.front().reservations.size(); }

  static constexpr const char* kAll = R"(,"name":"app7.corp.example","dns":true,"reserve":"02:00:00:00:00:07")";
};

TEST_F(Provision, OneCallTakesTheAddressReservesItAndEntersItsNames) {
  const auto answer = allocate(kAll);
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto told = json::read<contract::AllocateAnswer>(answer.body).value();
  ASSERT_EQ(told.addresses.size(), 1U);
  EXPECT_EQ(told.addresses[0].address.to_string(), "10.0.0.1");
  EXPECT_EQ(told.addresses[0].state, contract::AddressState::InUse);
  EXPECT_EQ(told.addresses[0].hardware_address->to_string(), "02:00:00:00:00:07");
  EXPECT_EQ(told.changes.size(), 3U);
  EXPECT_EQ(reservations(), 1U);
  EXPECT_THAT(records("ns1", "corp.example"), ElementsAre("app7.corp.example A 10.0.0.1"));
  EXPECT_THAT(records("ns2", "10.in-addr.arpa"), ElementsAre("1.0.0.10.in-addr.arpa PTR app7.corp.example."));
}

TEST_F(Provision, WithoutAPointerWhereNoneIsWanted) {
  ASSERT_EQ(allocate(R"(,"name":"app7.corp.example","dns":true,"ptr":false)").status, 201);
  EXPECT_THAT(records("ns2", "10.in-addr.arpa"), IsEmpty());
  EXPECT_EQ(reservations(), 0U);
}

TEST_F(Provision, ADryRunShowsWhatTheServersWouldBeSent) {
  const auto answer = allocate(kAll, "?dry_run=true");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("\"address\":\"10.0.0.1\""));
  EXPECT_THAT(answer.body, HasSubstr("\"server\":\"kea1\""));
  EXPECT_TRUE(house_.rows<model::Address>().empty());
  EXPECT_EQ(reservations(), 0U);
  EXPECT_THAT(records("ns1", "corp.example"), IsEmpty());
}

TEST_F(Provision, WhenAServerRefusesEverythingIsTakenBack) {
  fake("ns2").with([](FakeServer& server) { server.change_error = Error(ErrorCode::PermissionDenied, "REFUSED"); });
  const auto answer = allocate(kAll);
  EXPECT_GE(answer.status, 400) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("10.0.0.1 is free again"));
  EXPECT_TRUE(house_.rows<model::Address>().empty());
  EXPECT_EQ(reservations(), 0U);
  EXPECT_THAT(records("ns1", "corp.example"), IsEmpty());
  fake("ns2").with([](FakeServer& server) { server.change_error.reset(); });
  EXPECT_EQ(allocate(kAll).status, 201);
}

TEST_F(Provision, WhatCannotBeMadeIsRefusedAndNothingIsTaken) {
  const auto refused = [&](const std::string& fields, int status, const std::string& text) {
    const auto answer = allocate(fields);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(text));
    EXPECT_TRUE(house_.rows<model::Address>().empty()) << fields;
  };
  refused(R"(,"dns":true)", 400, "/name");
  refused(R"(,"dns":true,"name":"app7.other.example")", 400, "/name");
  refused(R"(,"dns":true,"name":"app7.corp.example","count":2)", 400, "/count");
  refused(R"(,"reserve":"02:00:00:00:00:07","hold_seconds":60)", 400, "/hold_seconds");
  refused(R"(,"zone":"corp.example")", 400, "/dns");
  refused(R"(,"dhcp_server":"kea1")", 400, "/reserve");
  refused(R"(,"reserve":"02:00:00:00:00:07","dhcp_server":"kea9")", 400, "kea9");
  const auto reader = server_.bearer(model::Group::IpamUsers);
  EXPECT_EQ(server_.ask("POST", "/api/v1/addresses:allocate", reader, R"({"from":"10.0.0.0/24","reserve":"02:00:00:00:00:07"})").status, 403);
}

TEST_F(Provision, AnAddressThatShowsSignsOfLifeIsPassedOver) {
  house_.reachability.signs = {{"10.0.0.1", "answers ping after 0.4 ms"}, {"10.0.0.3", "is named old.corp.example in DNS"}};
  const auto answer = allocate(R"(,"check_ping":true,"check_dns":true,"count":2,"state":"reserved")");
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto told = json::read<contract::AllocateAnswer>(answer.body).value();
  ASSERT_EQ(told.addresses.size(), 2U);
  EXPECT_EQ(told.addresses[0].address.to_string(), "10.0.0.2");
  EXPECT_EQ(told.addresses[1].address.to_string(), "10.0.0.4");
  EXPECT_EQ(told.addresses[0].state, contract::AddressState::Reserved);
  ASSERT_EQ(told.passed_over.size(), 2U);
  EXPECT_EQ(told.passed_over[0].sign, "answers ping after 0.4 ms");
  EXPECT_EQ(house_.rows<model::Address>().size(), 2U) << "what was passed over is free again";
}

TEST_F(Provision, ADryRunTellsTheSigns) {
  house_.reachability.signs = {{"10.0.0.1", "answers ping after 0.4 ms"}};
  const auto answer = allocate(R"(,"check_ping":true,"count":2)", "?dry_run=true");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(R"("passed_over":[{"address":"10.0.0.1","sign":"answers ping after 0.4 ms"}])"));
  EXPECT_TRUE(house_.rows<model::Address>().empty());
}

TEST_F(Provision, WhereEverythingIsAliveNothingIsTaken) {
  for (int i = 1; i < 255; ++i) house_.reachability.signs[fmt::format("10.0.0.{}", i)] = "answers ping";
  const auto answer = allocate(R"(,"check_ping":true)");
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("64 addresses of which nothing is recorded show signs of life (10.0.0.1 answers ping"));
  EXPECT_TRUE(house_.rows<model::Address>().empty());
  house_.reachability.failure = Error(ErrorCode::FailedPrecondition, "this server may not send ping requests");
  EXPECT_EQ(allocate(R"(,"check_ping":true)").status, 412);
  EXPECT_TRUE(house_.rows<model::Address>().empty());
  EXPECT_EQ(allocate(R"(,"check_ping":true,"count":65)").status, 400);
}

TEST_F(Provision, ReclaimTakesEverythingBackInOneStep) {
  ASSERT_EQ(allocate(kAll).status, 201);
  const auto id = house_.rows<model::Address>().front().id.to_string();
  const std::string body = R"({"addresses":[")" + id + R"("],"remove_from_servers":true})";
  const auto planned = server_.ask("POST", "/api/v1/addresses:reclaim?dry_run=true", root_, body);
  ASSERT_EQ(planned.status, 200) << planned.body;
  EXPECT_EQ(reservations(), 1U);
  const auto answer = server_.ask("POST", "/api/v1/addresses:reclaim", root_, body);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(R"("addresses":["10.0.0.1"])"));
  EXPECT_EQ(reservations(), 0U);
  EXPECT_THAT(records("ns1", "corp.example"), IsEmpty());
  EXPECT_THAT(records("ns2", "10.in-addr.arpa"), IsEmpty());
  EXPECT_TRUE(house_.rows<model::Address>().empty());
}

TEST_F(Provision, ReclaimTellsWhatStaysOnServers) {
  ASSERT_EQ(allocate(kAll).status, 201);
  model::Range range;
  range.space_id = house_.default_space().id;
  range.first = address("10.0.0.1");
  range.last = address("10.0.0.9");
  ASSERT_TRUE(house_.run(house_.planning->create<model::Range>(administrator(), range, {})).ok());
  const auto id = house_.rows<model::Address>().front().id.to_string();
  const auto answer = server_.ask("POST", "/api/v1/addresses:reclaim", root_, R"({"addresses":[")" + id + R"("]})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("reservation of 02:00:00:00:00:07"));
  EXPECT_THAT(answer.body, HasSubstr("A app7.corp.example 10.0.0.1"));
  EXPECT_EQ(reservations(), 1U);
  EXPECT_EQ(house_.rows<model::Range>().front().reclaimed_at, std::optional(house_.clock.now()));
  EXPECT_EQ(server_.ask("POST", "/api/v1/addresses:reclaim", root_, R"({"addresses":[")" + id + R"("]})").status, 400);
}

TEST_F(Provision, ReclaimTouchesNoServerWhereThePlanRefuses) {
  house_.planning->set_release_cooldown(std::chrono::hours(4));
  ASSERT_EQ(allocate(kAll).status, 201);
  const auto id = house_.rows<model::Address>().front().id.to_string();
  ASSERT_EQ(server_.ask("POST", "/api/v1/addresses:reclaim", root_, R"({"addresses":[")" + id + R"("]})").status, 200);
  const auto again = server_.ask("POST", "/api/v1/addresses:reclaim", root_, R"({"addresses":[")" + id + R"("],"remove_from_servers":true})");
  EXPECT_EQ(again.status, 412) << again.body;
  EXPECT_THAT(again.body, HasSubstr("10.0.0.1 cools down"));
  EXPECT_EQ(reservations(), 1U);
  EXPECT_THAT(records("ns1", "corp.example"), ElementsAre("app7.corp.example A 10.0.0.1"));
}

TEST_F(Provision, CandidatesForReclaimComeWithTheirEvidence) {
  ASSERT_EQ(allocate(kAll).status, 201);
  ASSERT_EQ(allocate(R"(,"name":"old","expires_at":"2026-11-30T00:00:00Z")").status, 201);
  EXPECT_THAT(server_.ask("GET", "/api/v1/reclaim_candidates", root_).body, HasSubstr(R"("items":[])"));
  house_.clock.advance(std::chrono::hours(24 * 10));
  root_ = server_.bearer(model::Group::IpamAdministrators);  // the first session has ended
  const auto answer = server_.ask("GET", "/api/v1/reclaim_candidates?within=10.0.0.0/24", root_);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(R"("name":"old")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("reasons":["expired"])"));
  EXPECT_THAT(answer.body, HasSubstr("was given until then, 3 days ago"));
  EXPECT_THAT(answer.body, HasSubstr("no DHCP server that is read has a lease of it"));
  EXPECT_THAT(answer.body, Not(HasSubstr("app7")));
  EXPECT_THAT(server_.ask("GET", "/api/v1/addresses?expiry_status=expired", root_).body, HasSubstr(R"("name":"old")"));
  EXPECT_THAT(server_.ask("GET", "/api/v1/addresses?expiry_status=alert", root_).body, HasSubstr(R"("items":[])"));
  EXPECT_EQ(server_.ask("GET", "/api/v1/addresses?expiry_status=soon", root_).status, 400);
  EXPECT_EQ(server_.ask("GET", "/api/v1/reclaim_candidates?unused_for=long", root_).status, 400);
}

}  // namespace
}  // namespace ipam::test
