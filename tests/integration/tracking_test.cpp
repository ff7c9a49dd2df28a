// Who held an address, over HTTP, from what a DHCP server told in one collection after the other.
#include "contract/tracking.h"
#include "integration/api_server.h"
#include "store/tracking_tables.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kUrl = "http://kea1.example:8000/";

class Tracking : public testing::Test {
 protected:
  ApiServer server_;
  model::ManagedServer kea_;

  void SetUp() override {
    model::ManagedServer server;
    server.name = "kea1";
    server.url = kUrl;
    server.space_id = server_.house.default_space().id;
    kea_ = server_.house.run(server_.house.inventory->create_server(administrator(), server, std::nullopt, {})).value().value;
    server_.house.drivers.server(kUrl).with([](driver::FakeServer& fake) {
      driver::ObservedScope scope;
      scope.key = "1";
      scope.prefix = prefix("10.0.0.0/24");
      scope.lease_seconds = 3600;
      scope.pools = {{address("10.0.0.100"), address("10.0.0.199")}};
      fake.configuration.scopes = {scope};
    });
    server_.house.run(server_.house.collector->collect_configuration(kea_, "task/ServerConfiguration", io::Deadline::after(std::chrono::seconds(30))))
        .value();
  }
  // A session of its own each time: the clock is moved further than one lives.
  std::string auditor() { return server_.bearer(model::Group::IpamIpAuditAdministrators); }
  Time now() { return server_.house.clock.now(); }
  static driver::ObservedLease lease(const std::string& text, const std::string& mac, Time from, Time until) {
    driver::ObservedLease lease;
    lease.address = address(text);
    lease.scope_key = "1";
    lease.hardware_address = ip::HardwareAddress::parse(mac).value();
    lease.hostname = "host-" + mac.substr(15);
    lease.starts_at = from;
    lease.expires_at = until;
    return lease;
  }
  // The server tells these leases now.
  void collect(std::vector<driver::ObservedLease> leases) {
    server_.house.drivers.server(kUrl).with([&](driver::FakeServer& fake) { fake.leases = leases; });
    server_.house.run(server_.house.collector->collect_utilization(kea_, "task/AddressUtilization", io::Deadline::after(std::chrono::seconds(30))))
        .value();
  }
  contract::WhoAnswer who(Time at, const std::string& more = "") {
    const auto answer = server_.ask("GET", "/api/v1/who?address=10.0.0.100&at=" + format_time(at) + more, auditor());
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::read<contract::WhoAnswer>(answer.body).value_or(contract::WhoAnswer{});
  }
  std::vector<std::string> clients(Time at) {
    std::vector<std::string> told;
    for (const auto& holder : who(at).holders) told.push_back(holder.hardware_address->to_string().substr(15));
    return told;
  }
  std::vector<contract::LeaseInterval> intervals(const std::string& query) {
    const auto answer = server_.ask("GET", "/api/v1/lease_intervals?" + query, auditor());
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto list = json::read<contract::List<contract::LeaseInterval>>(answer.body);
    return list.ok() ? list->items : std::vector<contract::LeaseInterval>{};
  }
  static constexpr auto kMinute = std::chrono::minutes(1);
};

TEST_F(Tracking, EachInstantHasItsClient) {
  const Time start = now();
  collect({lease("10.0.0.100", "02:00:00:00:00:01", start, start + 60 * kMinute)});
  server_.house.clock.advance(30 * kMinute);
  collect({lease("10.0.0.100", "02:00:00:00:00:01", start + 25 * kMinute, start + 85 * kMinute)});
  server_.house.clock.advance(60 * kMinute);
  collect({lease("10.0.0.100", "02:00:00:00:00:02", start + 89 * kMinute, start + 149 * kMinute)});
  EXPECT_THAT(clients(start - kMinute), IsEmpty());
  EXPECT_THAT(clients(start + kMinute), ElementsAre("01"));
  EXPECT_THAT(clients(start + 60 * kMinute), ElementsAre("01"));
  EXPECT_THAT(clients(start + 86 * kMinute), IsEmpty());
  EXPECT_THAT(clients(start + 90 * kMinute), ElementsAre("02"));
  EXPECT_EQ(who(start + kMinute).holders[0].certainty, contract::Certainty::Certain);
  EXPECT_EQ(who(start + 60 * kMinute).holders[0].certainty, contract::Certainty::Likely);
  const auto sources = who(start).sources;
  ASSERT_THAT(sources, SizeIs(1));
  EXPECT_EQ(sources[0].complete_until, now());
}

TEST_F(Tracking, AnUnchangedLeaseIsWrittenOnce) {
  const Time start = now();
  for (int i = 0; i < 3; ++i) collect({lease("10.0.0.100", "02:00:00:00:00:01", start, start + 600 * kMinute)});
  EXPECT_THAT(server_.house.rows<model::LeaseInterval>(), SizeIs(1));
}

TEST_F(Tracking, TheHistoryOutlivesTheServer) {
  const Time start = now();
  collect({lease("10.0.0.100", "02:00:00:00:00:01", start, start + 60 * kMinute)});
  server_.house.run(server_.house.inventory->erase_server(administrator(), kea_.id, std::nullopt, {})).value();
  const auto answer = who(start);
  ASSERT_THAT(answer.holders, SizeIs(1));
  EXPECT_EQ(answer.holders[0].evidence[0].server, "kea1");
}

TEST_F(Tracking, ThePlanOfThenIsToldBeside) {
  const std::string planner = server_.bearer(model::Group::IpamAdministrators);
  const auto made = server_.ask("POST", "/api/v1/addresses", planner, R"({"address":"10.0.0.100","name":"app7","owner":"ann"})");
  ASSERT_EQ(made.status, 201) << made.body;
  const Time then = now();
  server_.house.clock.advance(10 * kMinute);
  const auto renamed = server_.ask("PATCH", std::string(made.headers.find("Location").value_or("")), planner, R"({"name":"app8"})");
  ASSERT_EQ(renamed.status, 200) << renamed.body;
  ASSERT_TRUE(who(then).plan.has_value());
  EXPECT_EQ(who(then).plan->name, "app7");
  EXPECT_EQ(who(now()).plan->name, "app8");
}

TEST_F(Tracking, IntervalsAreFoundByClientHostAndTime) {
  const Time start = now();
  collect(
      {lease("10.0.0.100", "02:00:00:00:00:01", start, start + 60 * kMinute), lease("10.0.0.101", "02:00:00:00:00:02", start, start + 60 * kMinute)});
  server_.house.clock.advance(120 * kMinute);
  collect({lease("10.0.0.101", "02:00:00:00:00:01", now(), now() + 60 * kMinute)});
  EXPECT_THAT(intervals("client=02-00-00-00-00-01"), SizeIs(2));
  EXPECT_THAT(intervals("hostname=host-02"), SizeIs(1));
  EXPECT_THAT(intervals("hostname__startswith=HOST"), SizeIs(3));
  EXPECT_THAT(intervals("within=10.0.0.100/31"), SizeIs(3));
  EXPECT_THAT(intervals("address=10.0.0.100"), SizeIs(1));
  EXPECT_THAT(intervals("from=" + format_time(start + 90 * kMinute)), SizeIs(1));
  EXPECT_THAT(intervals("until=" + format_time(start + 90 * kMinute)), SizeIs(2));
  EXPECT_EQ(server_.ask("GET", "/api/v1/lease_intervals?client=printer", auditor()).status, 400);
}

TEST_F(Tracking, WhatIsOlderThanTheRetentionIsForgotten) {
  const Time start = now();
  collect({lease("10.0.0.100", "02:00:00:00:00:01", start, start + 60 * kMinute)});
  server_.house.clock.advance(120 * kMinute);
  collect({lease("10.0.0.101", "02:00:00:00:00:02", now(), now() + 60 * kMinute)});
  who(start);
  service::UpkeepOptions options;
  options.tracking_retention = std::chrono::hours(24);
  service::Upkeep upkeep(*server_.house.store, *server_.house.ledger, *server_.house.index, *server_.house.database, server_.house.clock, options);
  const auto audit = [&] { return server_.house.run(upkeep.audit(io::Deadline::after(std::chrono::seconds(60)))).value(); };
  EXPECT_THAT(audit(), testing::Not(HasSubstr("tracking")));
  server_.house.clock.advance(std::chrono::hours(24));
  // One ended an hour after the start, the other is open until three hours after it; so is what was asked.
  EXPECT_THAT(audit(), HasSubstr("1 row of tracking older than its retention removed"));
  server_.house.clock.advance(std::chrono::hours(2));
  EXPECT_THAT(audit(), HasSubstr("2 rows of tracking older than its retention removed"));
  EXPECT_THAT(server_.house.rows<model::LeaseInterval>(), IsEmpty());
  EXPECT_THAT(server_.house.rows<model::TrackingQuery>(), IsEmpty());
}

TEST_F(Tracking, EveryQuestionIsKeptWithItsPurpose) {
  who(now(), "&purpose=Case%204711");
  intervals("hostname=laptop&purpose=Case%204712");
  const auto answer = server_.ask("GET", "/api/v1/tracking_queries?sort=at,id&count=exact", auditor());
  const auto list = json::read<contract::List<contract::TrackingQuery>>(answer.body);
  ASSERT_TRUE(list.ok()) << answer.body;
  ASSERT_THAT(list->items, SizeIs(2));
  std::vector<std::string> told;
  for (const auto& query : list->items) told.push_back(query.user_name + ": " + query.question + " (" + query.purpose + ")");
  EXPECT_THAT(told, testing::UnorderedElementsAre(HasSubstr("who had 10.0.0.100 in Default at"),
                                                  "user-ipam_ip_audit_administrators: leases hostname=laptop (Case 4712)"));
}

TEST_F(Tracking, WhatIsWrongIsToldOnItsParameter) {
  const auto refused = [&](const std::string& query) { return server_.ask("GET", "/api/v1/who?" + query, auditor()); };
  EXPECT_THAT(refused("at=2026-01-01T00:00:00Z").body, HasSubstr("/address"));
  EXPECT_THAT(refused("address=laptop").body, HasSubstr("/address"));
  EXPECT_THAT(refused("address=10.0.0.1&at=yesterday").body, HasSubstr("/at"));
  EXPECT_THAT(refused("address=10.0.0.1&at=2999-01-01T00:00:00Z").body, HasSubstr("lies in the future"));
  EXPECT_THAT(refused("address=10.0.0.1&who=me").body, HasSubstr("/who"));
  EXPECT_THAT(refused("address=10.0.0.1&purpose=" + std::string(1'001, 'a')).body, HasSubstr("/purpose"));
}

}  // namespace
}  // namespace ipam::test
