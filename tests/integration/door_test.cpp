// What every request passes: limits of how often, the audit of refusals, and what the audit keeps.
#include "contract/operation.h"
#include "contract/security.h"
#include "integration/api_server.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

namespace ipam::test {
namespace {

using model::Group;
using testing::HasSubstr;

std::vector<contract::Refusal> refusals(ApiServer& server, const std::string& query = "") {
  const auto response = server.ask("GET", "/api/v1/refusals?limit=1000" + query, server.bearer(Group::IpamIpAuditAdministrators));
  EXPECT_EQ(response.status, 200) << response.body;
  return json::read<contract::List<contract::Refusal>>(response.body).value().items;
}

TEST(Refusals, TellWhoFromWhereForWhatAndHowOften) {
  ApiServer server;
  const std::string user = server.bearer(Group::IpamUsers);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(server.ask("POST", "/api/v1/subnets", user, R"({"prefix":"10.0.0.0/8"})").status, 403);
  EXPECT_EQ(server.ask("GET", "/api/v1/subnets").status, 401);
  EXPECT_EQ(server.ask("POST", "/api/v1/sessions", "", R"({"user_name":"mallory","password":"guess it"})").status, 401);

  const auto forbidden = refusals(server, "&status=403");
  ASSERT_EQ(forbidden.size(), 1U);
  EXPECT_EQ(forbidden.front().count, 3U);
  EXPECT_EQ(forbidden.front().user_name, "user-ipam_users");
  EXPECT_EQ(forbidden.front().address, "127.0.0.1");
  EXPECT_EQ(forbidden.front().method + " " + forbidden.front().route, "POST /api/v1/subnets");
  EXPECT_THAT(forbidden.front().detail, HasSubstr("operation change_subnet needs"));
  EXPECT_FALSE(forbidden.front().request_id.empty());
  EXPECT_EQ(refusals(server, "&user_name=mallory&route=/api/v1/sessions").size(), 1U);
  EXPECT_EQ(refusals(server, "&status=401").size(), 2U);
}

TEST(Refusals, LockedOutAttemptsAreAmongThem) {
  ApiServer server;
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(server.ask("POST", "/api/v1/sessions", "", R"({"user_name":"mallory","password":"wrong horse"})").status, 401);
  const auto locked = server.ask("POST", "/api/v1/sessions", "", R"({"user_name":"mallory","password":"wrong horse"})");
  EXPECT_EQ(locked.status, 429);
  EXPECT_EQ(std::string(locked.headers.find("Retry-After").value_or("none")), "5");
  const auto listed = refusals(server, "&status=429");
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.front().user_name, "mallory");
}

TEST(Refusals, AFloodIsCountedAndFillsNothing) {
  House house;
  for (std::size_t i = 0; i < 5'000; ++i) {
    const std::string name = "made-up-" + std::to_string(i);
    house.refusals->record({401, name, "10.0.0.1", "POST", "/api/v1/sessions", "the user name or the password is wrong", "r1"});
  }
  ASSERT_TRUE(house.run(house.refusals->flush()).ok());
  const auto rows = house.rows<model::Refusal>();
  EXPECT_EQ(rows.size(), service::RefusalLog::kDistinctPerHour + 1);
  std::uint64_t counted = 0;
  for (const auto& row : rows) counted += row.count;
  EXPECT_EQ(counted, 5'000U);
}

TEST(Refusals, OfManyHoursTheNewestStay) {
  House house;
  for (int hour = 0; hour < 12; ++hour) {
    for (std::size_t i = 0; i < service::RefusalLog::kDistinctPerHour; ++i) {
      house.refusals->record({403, "user" + std::to_string(i), "10.0.0.1", "GET", "/api/v1/users", "no", "r1"});
    }
    ASSERT_TRUE(house.run(house.refusals->flush()).ok());
    house.clock.advance(std::chrono::hours(1));
  }
  house.refusals->record({403, "last", "10.0.0.1", "GET", "/api/v1/users", "no", "r1"});
  ASSERT_TRUE(house.run(house.refusals->flush()).ok());
  const auto rows = house.rows<model::Refusal>();
  EXPECT_LE(rows.size(), service::RefusalLog::kKept + service::RefusalLog::kDistinctPerHour);
  for (const auto& row : rows) EXPECT_GE(row.first_at, house.clock.now() - std::chrono::hours(12));
}

TEST(Refusals, ThatCouldNotBeStoredAreStoredLater) {
  House house;
  house.refusals->record({403, "alice", "10.0.0.1", "GET", "/api/v1/users", "no", "r1"});
  house.store->fail_commits(Error(ErrorCode::Unavailable, "the disk is full"), 1);
  EXPECT_FALSE(house.run(house.refusals->flush()).ok());
  house.refusals->record({403, "alice", "10.0.0.1", "GET", "/api/v1/users", "no", "r2"});
  ASSERT_TRUE(house.run(house.refusals->flush()).ok());
  const auto rows = house.rows<model::Refusal>();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.front().count, 2U);
}

TEST(Door, WhoComesTooOftenIsToldWhenToComeAgain) {
  api::DoorOptions options;
  options.per_address = {0.5, 5};
  options.limit_loopback = true;
  ApiServer server(options);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(server.ask("GET", "/healthz").status, 200);
  const auto refused = server.ask("GET", "/healthz");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(std::string(refused.headers.find("Retry-After").value_or("none")), "2");
  EXPECT_THAT(refused.body, HasSubstr("this address sends more than 0.5 requests a second"));
  server.house.clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(server.ask("GET", "/healthz").status, 200);
}

TEST(Door, AUserHasALimitOfHisOwn) {
  api::DoorOptions options;
  options.per_address = {0, 0};
  options.per_user = {1, 3};
  options.limit_loopback = true;
  ApiServer server(options);
  const std::string one = server.bearer(Group::IpamUsers), other = server.bearer(Group::IpamMsmAdministrators);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(server.ask("GET", "/api/v1/me", one).status, 200);
  EXPECT_EQ(server.ask("GET", "/api/v1/me", one).status, 429);
  EXPECT_EQ(server.ask("GET", "/api/v1/me", other).status, 200);
}

TEST(Door, TheMachineItselfIsNotLimitedUnlessItIsSaid) {
  api::DoorOptions options;
  options.per_address = options.per_user = {0.001, 1};
  ApiServer server(options);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(server.ask("GET", "/healthz").status, 200);
}

TEST(Door, MoreSignInsThanThreadsAndQueueHoldAreRefusedAtOnce) {
  // Real costs: each takes some milliseconds, so that many pile up.
  constexpr std::size_t kPeople = 14;
  // They outlive what completes their coroutines.
  std::vector<io::BlockingLoop> loops(kPeople);
  House house;
  io::WorkerPool two("the password check", 2, 4);
  service::AccessService access(*house.store, *house.ledger, two, house.clock, crypto::PasswordHasher::create({}).value());
  std::atomic<int> refused = 0, wrong = 0;
  std::vector<std::thread> people;
  for (std::size_t i = 0; i < kPeople; ++i) {
    people.emplace_back([&, i] {
      const auto answer = loops[i].run(access.log_in("user" + std::to_string(i), Secret("some password"), {}, "10.0.0." + std::to_string(i)));
      ++(answer.error().code == ErrorCode::Overloaded ? refused : wrong);
    });
  }
  for (std::thread& person : people) person.join();
  EXPECT_EQ(refused + wrong, static_cast<int>(kPeople));
  EXPECT_GT(refused, 0);
  EXPECT_GE(wrong, 2);
  two.stop();
}

TEST(Door, AnAnswerToHeadHasNoBodyAlsoWhereTheHandlerTakesTheRequest) {
  ApiServer server;
  const auto response = server.ask("HEAD", "/healthz");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.body.empty());
}

TEST(Metrics, CountRequestsByRouteAndNotByWhatClientsMakeUp) {
  ApiServer server;
  for (int i = 0; i < 3; ++i) server.ask("GET", "/api/v1/subnets/" + std::to_string(i), server.bearer(Group::IpamUsers));
  for (int i = 0; i < 3; ++i) server.ask("GET", "/made-up-" + std::to_string(i));
  server.house.clock.advance(std::chrono::seconds(2));
  const auto page = server.ask("GET", "/metrics");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(std::string(page.headers.find("Content-Type").value_or("")), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr(R"(ipamd_http_requests_total{route="/api/v1/subnets/{id}",method="GET",status="404"} 3)"));
  EXPECT_THAT(page.body, HasSubstr(R"(ipamd_http_requests_total{route="none",method="any",status="404"} 3)"));
  EXPECT_THAT(page.body, testing::Not(HasSubstr("made-up")));
  EXPECT_THAT(page.body, HasSubstr("ipamd_http_request_seconds_count{route=\"none\"} 3"));
}

TEST(Metrics, TellTheIndexTheServersAndTheTasks) {
  ApiServer server;
  server.house.add_subnet("10.0.0.0/24");
  const std::string root = server.bearer(Group::IpamAdministrators);
  ASSERT_EQ(server.ask("POST", "/api/v1/addresses:allocate", root, R"({"from":"10.0.0.0/24","count":5})").status, 201);
  const auto page = server.ask("GET", "/metrics").body;
  EXPECT_THAT(page, HasSubstr("ipamd_addresses{held=\"used\"} 5"));
  EXPECT_THAT(page, HasSubstr("ipamd_managed_servers{availability=\"reachable\"} 0"));
  EXPECT_THAT(page, HasSubstr("ipamd_task_runs_total{task=\"ServerConfiguration\"} 0"));
  EXPECT_THAT(page, HasSubstr("ipamd_ledger_failed_commits_total 0"));
  EXPECT_THAT(page, HasSubstr("process_resident_memory_bytes"));
}

TEST(Metrics, NeedABearerFromElsewhere) {
  ApiServer server;
  EXPECT_TRUE(server.observed.may_read_metrics("127.0.0.1"));
  EXPECT_TRUE(server.observed.may_read_metrics("::ffff:127.0.0.1"));
  EXPECT_FALSE(server.observed.may_read_metrics("10.0.0.1"));
  EXPECT_FALSE(server.observed.may_read_metrics("::1"));
  EXPECT_FALSE(server.observed.may_read_metrics("nonsense"));
}

TEST(Readiness, SaysWhatIsMissing) {
  ApiServer server;
  server.observed.add_check(api::database_check(*server.house.store));
  server.observed.add_check(api::ledger_check(*server.house.ledger));
  server.observed.add_check(api::disk_check(server.house.folder.path().string()));
  EXPECT_EQ(server.ask("GET", "/readyz").status, 200);
  server.observed.add_check(api::disk_check("/no/such/folder"));
  const auto answer = server.ask("GET", "/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr(R"("status":"not ready")"));
  EXPECT_THAT(answer.body, HasSubstr("the data folder's disk cannot be examined"));
  EXPECT_EQ(server.ask("GET", "/healthz").status, 200) << "the process itself is well";
}

}  // namespace
}  // namespace ipam::test
