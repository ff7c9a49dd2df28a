// The driver against a scripted agent: the recorded answers of a real Kea, and servers that lie, stall and flood.
#include "driver/kea/kea_driver.h"

#include "driver/driver_contract_suite.h"
#include "driver/fake_driver_suite.h"
#include "driver/kea/kea_golden_suite.h"
#include "driver/kea/scripted_agent_suite.h"
#include "io/blocking.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::driver::kea {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kGoldenPage = 25;
// When the golden answers were recorded: the leases of that day are in use.
const Time kRecorded = parse_time("2026-11-23T07:00:00Z").value();

ip::Address address(std::string_view text) { return ip::Address::parse(text).value(); }
ip::Prefix prefix(std::string_view text) { return ip::Prefix::parse(text).value(); }
io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

Endpoint endpoint_of(std::string url) {
  return {.server_name = "kea-1", .url = std::move(url), .user_name = "cadastre", .password = Secret("golden-agent-password")};
}

class GoldenKea final : public ContractServer {
 public:
  explicit GoldenKea(GoldenServices services) : agent_(golden_script("cadastre", "golden-agent-password", services)), clock_(kRecorded) {
    using model::LeaseState;
    truth_.version = "2.2.0";
    truth_.secrets = {"golden-agent-password", "golden-database-password"};
    truth_.scopes = {{"1", prefix("10.64.0.0/21"), "", 7200, 1, 1943, 3, 40, 1},
                     {"2", prefix("10.64.8.0/26"), "", 3600, 2, 32, 3, 3, 0},
                     {"7", prefix("10.65.0.0/22"), "campus", 3600, 2, 758, 0, 18, 0},
                     {"12", prefix("10.65.4.0/28"), "campus", 86400, 1, 12, 1, 1, 0}};
    truth_.leases = {{address("10.64.0.50"), "1", LeaseState::Declined, "", ""},
                     {address("10.64.0.60"), "1", LeaseState::Active, "02:00:00:00:00:a1", "front-desk"},
                     {address("10.64.7.199"), "1", LeaseState::Expired, "02:00:00:00:ee:01", "gone-1.lab.example"},
                     {address("10.65.4.2"), "12", LeaseState::Active, "02:00:00:00:00:c1", "camera-1"}};
    truth_.lease_count = 62;
    if (services == GoldenServices::Both) add_version6();
  }

  const KnownServer& truth() const override { return truth_; }
  Endpoint endpoint() const override { return endpoint_of(agent_.url()); }
  std::string url_of_nobody() const override { return "http://127.0.0.1:1/"; }
  std::unique_ptr<Driver> connect(const Endpoint& endpoint, const Limits& limits) override {
    return KeaDriver::create(endpoint, limits, clock_, resolver_, kGoldenPage).value();
  }

 private:
  void add_version6() {
    using model::LeaseState;
    truth_.scopes.push_back({"6:1", prefix("2001:db8:1::/64"), "", 7200, 3, 69632, 4, 8, 1});
    truth_.scopes.push_back({"6:12", prefix("2001:db8:c::/64"), "campus", 86400, 1, 256, 0, 3, 0});
    truth_.leases.push_back({address("2001:db8:1::1f10"), "6:1", LeaseState::Active, "02:00:00:00:06:a1", "branch-router",
                             "00:03:00:01:02:00:00:00:06:a1", 1697, std::nullopt});
    truth_.leases.push_back({address("2001:db8:1::1f12"), "6:1", LeaseState::Declined, "", "", "", 1698, std::nullopt});
    truth_.leases.push_back({address("2001:db8:80ff::"), "6:1", LeaseState::Active, "02:00:00:00:06:a1", "branch-router",
                             "00:03:00:01:02:00:00:00:06:a1", 16778913, std::uint8_t{56}});
    truth_.lease_count += 19;
  }

  ScriptedAgent agent_;
  ManualClock clock_;
  io::Resolver resolver_{1};
  KnownServer truth_;
};

INSTANTIATE_TEST_SUITE_P(Kea, DriverContract,
                         ::testing::Values(contract_case("Golden", [] { return std::make_unique<GoldenKea>(GoldenServices::Dhcp4); }),
                                           contract_case("GoldenWithVersion6", [] { return std::make_unique<GoldenKea>(GoldenServices::Both); })),
                         name_of_case);

// A driver to an agent with this script; small limits, so that nothing takes long.
class KeaDriverTest : public ::testing::Test {
 protected:
  void script(Script script) {
    agent_ = std::make_unique<ScriptedAgent>(std::move(script));
    Limits limits;
    limits.request_timeout = std::chrono::seconds(5);
    limits.response_bytes = 1U << 20U;
    limits.leases = 1000;
    driver_ = KeaDriver::create(endpoint_of(agent_->url()), limits, clock_, resolver_, kGoldenPage).value();
  }
  // As the recorded Kea, but with another answer to this command.
  void script_except(std::string command, ScriptedAnswer answer) {
    script([golden = golden_script("cadastre", "golden-agent-password"), command = std::move(command),
            answer = std::move(answer)](const auto& question) { return question.field("command") == command ? answer : golden(question); });
  }

  Result<ProbeReport> probe() { return loop_.run(driver_->probe(soon())); }
  Result<ObservedConfiguration> configuration() { return loop_.run(driver_->dhcp()->collect_configuration(soon())); }
  Result<LeaseCollection> leases() { return loop_.run(driver_->dhcp()->collect_leases(sink_, soon())); }
  // What a probe of a server that gives this answer to everything is refused with.
  Error refusal_of(ScriptedAnswer answer) {
    script([answer = std::move(answer)](const auto&) { return answer; });
    const auto report = probe();
    if (report.ok()) return {ErrorCode::Internal, "(it was believed)"};
    EXPECT_THAT(report.error().message, HasSubstr("kea-1: "));
    EXPECT_LT(report.error().message.size(), 1000U);
    return report.error();
  }

  ManualClock clock_{kRecorded};
  io::Resolver resolver_{1};
  io::BlockingLoop loop_;
  std::unique_ptr<ScriptedAgent> agent_;
  std::unique_ptr<Driver> driver_;
  CollectingSink sink_;
};

TEST_F(KeaDriverTest, AsksEverythingOnOneConnection) {
  script(golden_script("cadastre", "golden-agent-password"));
  ASSERT_TRUE(probe().ok());
  ASSERT_TRUE(configuration().ok());
  ASSERT_TRUE(leases().ok());
  EXPECT_EQ(agent_->questions(), 9U);
  EXPECT_EQ(agent_->connections(), 1U);
}

TEST_F(KeaDriverTest, ReadsLeasesScopeByScopeWhereThereAreNoPages) {
  script_except("list-commands", {.body = golden_with("list-commands", "\"lease4-get-page\", ", "")});
  const auto collection = leases();
  ASSERT_TRUE(collection.ok()) << collection.error().describe();
  EXPECT_EQ(collection->route, "lease4-get-all");
  const auto by_scopes = sink_.leases;
  EXPECT_EQ(by_scopes.size(), 62U);
  script(golden_script("cadastre", "golden-agent-password"));
  sink_ = {};
  ASSERT_TRUE(leases().ok());
  EXPECT_EQ(sink_.leases, by_scopes);
}

TEST_F(KeaDriverTest, AHalfThatIsConfiguredAndDownFailsTheWhole) {
  script([golden = golden_script("cadastre", "golden-agent-password")](const ScriptedQuestion& question) -> ScriptedAnswer {
    if (question.is_for_dhcp6()) return {.body = kea::golden("dhcp6.error.server-stopped")};
    return golden(question);
  });
  for (const Error& error : {probe().error(), configuration().error(), leases().error()}) {
    EXPECT_EQ(error.code, ErrorCode::Unavailable);
    EXPECT_THAT(error.message, HasSubstr("kea-1: version-get: the control agent answers, but it cannot reach the DHCPv6 server"));
    EXPECT_THAT(error.message, HasSubstr("start kea-dhcp6"));
  }
  EXPECT_EQ(sink_.chunks, 0U);
}

TEST_F(KeaDriverTest, AServerOfVersion6AloneIsReadAlone) {
  script([golden = golden_script("cadastre", "golden-agent-password", GoldenServices::Both)](const ScriptedQuestion& question) -> ScriptedAnswer {
    if (!question.is_for_dhcp6()) return {.body = golden_with("error.no-such-service", "dhcp6", "dhcp4")};
    return golden(question);
  });
  EXPECT_THAT(probe().value().capabilities, ElementsAre("configuration", "dhcp6", "leases", "reservation-changes", "statistics", "statistics_recount"));
  EXPECT_EQ(configuration().value().scopes.front().key, "6:1");
  EXPECT_EQ(leases().value().route, "lease6-get-page");
  EXPECT_EQ(sink_.leases.size(), 19U);
}

TEST_F(KeaDriverTest, AnAgentOfNeitherServiceIsNoServerOfDhcp) {
  script([](const ScriptedQuestion&) -> ScriptedAnswer { return {.body = golden("error.no-such-service")}; });
  EXPECT_EQ(probe().error().code, ErrorCode::Unsupported);
  EXPECT_THAT(probe().error().message, HasSubstr("control-sockets"));
}

// Kea 2.7 and later: the DHCP server answers itself, the object alone, whatever service the question names.
TEST_F(KeaDriverTest, AServerThatAnswersItselfIsTakenForOneServiceOnly) {
  script([](const ScriptedQuestion& question) -> ScriptedAnswer {
    const std::string command = question.field("command");
    if (command == "statistic-get") {
      const bool own = question.field("name") == "pkt4-received";
      return {.body = own ? R"({"result":0,"arguments":{"pkt4-received":[[0,"2026-01-01 00:00:00.000000"]]}})" : R"({"result":0,"arguments":{}})"};
    }
    std::string body = golden(command);
    return {.body = body.substr(body.find('{'), body.rfind('}') - body.find('{') + 1)};
  });
  EXPECT_EQ(configuration().value().scopes.size(), 4U);
}

TEST_F(KeaDriverTest, CountsByTheHookWhereTheCountersAreRefused) {
  script_except("statistic-get-all", {.body = golden("error.unknown-command")});
  EXPECT_EQ(loop_.run(driver_->dhcp()->collect_statistics(soon())).value().size(), 4U);
}

TEST_F(KeaDriverTest, SaysThatAPasswordInClearIsExposed) {
  script(golden_script("cadastre", "golden-agent-password"));
  EXPECT_THAT(probe().value().findings, Not(Contains(HasSubstr("in clear"))));  // loopback
  EXPECT_TRUE(Channel::create(endpoint_of("http://kea.example:8000/"), {}, resolver_).value()->credential_is_exposed());
  EXPECT_TRUE(Channel::create(endpoint_of("http://192.0.2.1:8000/"), {}, resolver_).value()->credential_is_exposed());
  EXPECT_FALSE(Channel::create(endpoint_of("https://kea.example:8000/"), {}, resolver_).value()->credential_is_exposed());
  EXPECT_FALSE(Channel::create(endpoint_of("http://[::1]:8000/"), {}, resolver_).value()->credential_is_exposed());
}

TEST_F(KeaDriverTest, RefusesUrlsThatAreNoneOfAControlAgent) {
  for (const std::string url : {"", "kea.example", "ftp://kea.example/", "http://", "http://u:secret@kea.example/", "http://kea.example:99999/"}) {
    const auto driver = KeaDriver::create(endpoint_of(url), {}, clock_, resolver_);
    ASSERT_FALSE(driver.ok()) << url;
    EXPECT_EQ(driver.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(driver.error().describe(), Not(HasSubstr("secret")));
  }
}

TEST_F(KeaDriverTest, TellsHttpRefusals) {
  EXPECT_EQ(refusal_of({.body = golden("error.unauthorized"), .status = 401}).code, ErrorCode::Unauthenticated);
  EXPECT_EQ(refusal_of({.body = "{}", .status = 403}).code, ErrorCode::PermissionDenied);
  EXPECT_EQ(refusal_of({.body = golden("error.bad-request"), .status = 400}).code, ErrorCode::Malformed);
  EXPECT_EQ(refusal_of({.body = "<html>not here</html>", .status = 404}).code, ErrorCode::Malformed);
  EXPECT_EQ(refusal_of({.body = "{}", .status = 302}).code, ErrorCode::Malformed);
  EXPECT_EQ(refusal_of({.body = "", .status = 500}).code, ErrorCode::Unavailable);
  EXPECT_EQ(refusal_of({.body = golden("error.server-stopped")}).code, ErrorCode::Unavailable);
}

TEST_F(KeaDriverTest, RefusesGarbage) {
  EXPECT_EQ(refusal_of({.body = "<html><body>It works!</body></html>"}).code, ErrorCode::Malformed);
  EXPECT_EQ(refusal_of({.body = ""}).code, ErrorCode::Malformed);
  EXPECT_EQ(refusal_of({.body = std::string(2U << 20U, '[')}).code, ErrorCode::Malformed);
  EXPECT_EQ(refusal_of({.body = std::string(100'000, '[')}).code, ErrorCode::Malformed);
}

TEST_F(KeaDriverTest, EndsWithAServerThatStopsInTheMiddle) {
  EXPECT_EQ(refusal_of({.body = golden("version-get"), .manner = Manner::HalfOfIt}).code, ErrorCode::Unavailable);
  EXPECT_EQ(refusal_of({.manner = Manner::HangUp}).code, ErrorCode::Unavailable);
}

TEST_F(KeaDriverTest, EndsWithAServerThatNeverEnds) {
  EXPECT_EQ(refusal_of({.manner = Manner::EndlessBody}).code, ErrorCode::Malformed);
  EXPECT_EQ(refusal_of({.manner = Manner::EndlessHead}).code, ErrorCode::Malformed);
}

TEST_F(KeaDriverTest, EndsWithAServerThatIsSilent) {
  agent_ = std::make_unique<ScriptedAgent>([](const auto&) { return ScriptedAnswer{.manner = Manner::Silence}; });
  Limits limits;
  limits.request_timeout = std::chrono::milliseconds(50);
  driver_ = KeaDriver::create(endpoint_of(agent_->url()), limits, clock_, resolver_).value();
  const auto report = probe();
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(report.error().message, HasSubstr(agent_->url()));
}

TEST_F(KeaDriverTest, StopsReadingPagesThatRepeatForEver) {
  script_except("lease4-get-page", {.body = golden("lease4-get-page.start")});
  const auto collection = leases();
  ASSERT_FALSE(collection.ok());
  EXPECT_EQ(collection.error().code, ErrorCode::Malformed);
  EXPECT_THAT(collection.error().message, HasSubstr("repeats itself or goes backwards"));
  EXPECT_EQ(sink_.leases.size(), kGoldenPage);
}

TEST_F(KeaDriverTest, StopsReadingALeaseTableWithoutEnd) {
  script([](const ScriptedQuestion& question) -> ScriptedAnswer {
    if (question.is_for_dhcp6()) return {.body = golden("error.no-such-service")};
    if (question.field("command") != "lease4-get-page") return {.body = golden(question.field("command"))};
    const std::string from = question.field("from");
    const auto next = from == "start" ? ip::U128(1) : address(from).number() + 1;
    std::string items;
    for (std::size_t i = 0; i < kGoldenPage; ++i) {
      items += fmt::format(R"({}{{"ip-address":"{}","subnet-id":1,"cltt":1,"valid-lft":1,"state":0}})", i == 0 ? "" : ",",
                           ip::Address(ip::Family::V4, next + i).to_string());
    }
    return {.body = fmt::format(R"([{{"result":0,"arguments":{{"count":{},"leases":[{}]}}}}])", kGoldenPage, items)};
  });
  const auto collection = leases();
  ASSERT_FALSE(collection.ok());
  EXPECT_THAT(collection.error().message, HasSubstr("more than 1000 leases"));
  EXPECT_EQ(sink_.leases.size(), 1000U);
}

TEST_F(KeaDriverTest, APageThatCannotBeReadIsNoEndOfTheLeases) {
  for (const auto& body : {golden("error.bad-argument"), std::string("[]"), golden_with("lease4-get-page.start", "\"count\": 25", "\"count\": 24")}) {
    script_except("lease4-get-page", {.body = body});
    EXPECT_FALSE(leases().ok());
  }
}

TEST_F(KeaDriverTest, ConnectsAgainAfterTheServerHasHungUp) {
  auto first = std::make_shared<std::atomic<bool>>(true);
  script([golden = golden_script("cadastre", "golden-agent-password"), first](const ScriptedQuestion& question) -> ScriptedAnswer {
    if (question.field("command") == "config-get" && first->exchange(false)) return {.manner = Manner::HangUp};
    return golden(question);
  });
  (void)configuration();
  EXPECT_TRUE(configuration().ok());
}

}  // namespace
}  // namespace ipam::driver::kea
