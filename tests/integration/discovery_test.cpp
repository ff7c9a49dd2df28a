// Discovery against servers that are scripted, well or badly, on 127.0.0.0/8: what is found, what is believed, what is left alone.
#include "service/discovery/discovery.h"
#include "driver/kea/kea_golden_suite.h"
#include "driver/kea/scripted_agent_suite.h"
#include "integration/house.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using driver::kea::Manner;
using driver::kea::ScriptedAgent;
using driver::kea::ScriptedAnswer;
using driver::kea::ScriptedQuestion;
using model::DiscoveryState;
using testing::HasSubstr;

ScriptedAnswer refusal(const ScriptedQuestion&) { return {.body = driver::kea::golden("error.unauthorized"), .status = 401}; }

class DiscoveryTest : public testing::Test {
 protected:
  ~DiscoveryTest() override { resolver_.stop(); }

  static std::uint16_t port_of(const ScriptedAgent& agent) {
    return parse_integer<std::uint16_t>(std::string_view(agent.url()).substr(17, agent.url().size() - 18)).value();  // http://127.0.0.1:PORT/
  }
  model::DiscoveryTarget target(const std::string& name, const std::string& kea_ports) {
    model::DiscoveryTarget made;
    made.name = name;
    made.kea_ports = kea_ports;
    made.dns_ports = made.statistics_ports = "";
    return made;
  }
  Result<model::DiscoveryTarget> add(const model::DiscoveryTarget& made) {
    auto written = house_.run(house_.discovery->create_target(administrator(), made, {}));
    if (!written.ok()) return std::move(written).error();
    return written->value;
  }
  Result<std::string> pass(io::Deadline deadline = io::Deadline::after(std::chrono::seconds(60))) {
    return house_.run(discovery_.run("task/ServerDiscovery", deadline));
  }
  std::vector<model::DiscoveredServer> found() { return house_.rows<model::DiscoveredServer>(); }

  House house_;
  io::Resolver resolver_;
  service::DiscoveryOptions options_{.pause = std::chrono::milliseconds(0), .probe = {.deadline = std::chrono::milliseconds(700)}};
  service::Discovery discovery_{*house_.store, *house_.ledger, resolver_, house_.clock, options_};
};

TEST_F(DiscoveryTest, WithoutATargetNothingIsAskedAndThatIsSaid) {
  const auto sentence = pass();
  ASSERT_TRUE(sentence.ok());
  EXPECT_THAT(*sentence, HasSubstr("no discovery target"));
}

TEST_F(DiscoveryTest, AControlAgentIsNewThenKnownThenGone) {
  auto agent = std::make_unique<ScriptedAgent>(refusal);
  ASSERT_TRUE(add(target("127.0.0.1", std::to_string(port_of(*agent)))).ok());
  const auto first = pass();
  ASSERT_TRUE(first.ok()) << first.error().describe();
  EXPECT_THAT(*first, HasSubstr("1 server found (1 new, 0 managed), 0 gone"));
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found()[0].state, DiscoveryState::New);
  EXPECT_EQ(found()[0].address, address("127.0.0.1"));
  EXPECT_EQ(found()[0].port, port_of(*agent));
  EXPECT_THAT(found()[0].evidence, HasSubstr("HTTP 401"));
  const auto since = found()[0].first_seen;
  house_.clock.advance(std::chrono::hours(24));
  ASSERT_TRUE(pass().ok());
  EXPECT_EQ(found()[0].state, DiscoveryState::Known);
  EXPECT_EQ(found()[0].first_seen, since);
  EXPECT_EQ(found()[0].last_seen - since, std::chrono::hours(24));
  agent.reset();
  const auto third = pass();
  ASSERT_TRUE(third.ok());
  EXPECT_THAT(*third, HasSubstr("1 gone"));
  EXPECT_EQ(found()[0].state, DiscoveryState::Gone);
  house_.clock.advance(std::chrono::hours(24 * 91));
  ASSERT_TRUE(pass().ok());
  EXPECT_TRUE(found().empty());
}

TEST_F(DiscoveryTest, APassThatIsCutShortMakesNothingGone) {
  auto agent = std::make_unique<ScriptedAgent>(refusal);
  ASSERT_TRUE(add(target("127.0.0.1", std::to_string(port_of(*agent)))).ok());
  ASSERT_TRUE(pass().ok());
  agent.reset();
  const auto cut = pass(io::Deadline::after(std::chrono::seconds(0)));
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().code, ErrorCode::DeadlineExceeded);
  EXPECT_EQ(found()[0].state, DiscoveryState::New);
}

TEST_F(DiscoveryTest, ATargetThatCannotBeLookedAtIsNamedAndMakesNothingGone) {
  ScriptedAgent agent(refusal);
  auto made = add(target("localhost", std::to_string(port_of(agent))));
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(pass().ok());
  ASSERT_EQ(found().size(), 1U);
  std::function<Result<void>(model::DiscoveryTarget&)> rename = [](model::DiscoveryTarget& each) -> Result<void> {
    each.name = "no-such-host.invalid";
    return {};
  };
  ASSERT_TRUE(house_.run(house_.discovery->update_target(administrator(), made->id, std::nullopt, rename, {})).ok());
  const auto alone = pass();
  ASSERT_FALSE(alone.ok());
  EXPECT_EQ(alone.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(alone.error().message, HasSubstr("no-such-host.invalid"));
  EXPECT_EQ(found()[0].state, DiscoveryState::New);
  ASSERT_TRUE(add(target("127.0.0.1", std::to_string(port_of(agent)))).ok());
  const auto beside = pass();
  ASSERT_TRUE(beside.ok());
  EXPECT_THAT(*beside, HasSubstr("not looked at: no-such-host.invalid"));
}

TEST_F(DiscoveryTest, BadServersCostTheirOwnQuestionOnly) {
  const auto answer = [](Manner manner, const std::string& body) {
    return [=](const ScriptedQuestion&) { return ScriptedAnswer{.body = body, .manner = manner}; };
  };
  ScriptedAgent endless_body(answer(Manner::EndlessBody, "")), endless_head(answer(Manner::EndlessHead, "")), silent(answer(Manner::Silence, "")),
      hung_up(answer(Manner::HangUp, "")), garbage(answer(Manner::Whole, "\x01\x02 garbage")), half(answer(Manner::HalfOfIt, "[{\"result\":0}]")),
      good(refusal);
  std::string ports;
  for (const ScriptedAgent* agent : {&endless_body, &endless_head, &silent, &hung_up, &garbage, &half, &good}) {
    ports += (ports.empty() ? "" : ",") + std::to_string(port_of(*agent));
  }
  ASSERT_TRUE(add(target("127.0.0.1", ports)).ok());
  const auto sentence = pass();
  ASSERT_TRUE(sentence.ok()) << sentence.error().describe();
  EXPECT_THAT(*sentence, HasSubstr("7 questions: 1 server found"));
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found()[0].port, port_of(good));
}

TEST_F(DiscoveryTest, NothingIsAskedOfAnAddressThatNoEnabledTargetNames) {
  ScriptedAgent agent(refusal);
  auto disabled = target("127.0.0.1", std::to_string(port_of(agent)));
  disabled.enabled = false;
  ASSERT_TRUE(add(disabled).ok());
  // Neither the network nor the broadcast address of the prefix is asked.
  ASSERT_TRUE(add(target("127.0.0.2", std::to_string(port_of(agent)))).ok());
  ASSERT_TRUE(add(target("127.0.0.4/30", std::to_string(port_of(agent)))).ok());
  const auto sentence = pass();
  ASSERT_TRUE(sentence.ok());
  EXPECT_THAT(*sentence, HasSubstr("2 targets, 3 addresses, 3 questions: 0 servers found"));
  EXPECT_EQ(agent.connections(), 0U);
}

TEST_F(DiscoveryTest, AQuestionThatTwoTargetsWantIsAskedOnce) {
  ScriptedAgent agent(refusal);
  ASSERT_TRUE(add(target("127.0.0.1", std::to_string(port_of(agent)))).ok());
  ASSERT_TRUE(add(target("127.0.0.0/30", std::to_string(port_of(agent)))).ok());
  ASSERT_TRUE(pass().ok());
  EXPECT_EQ(agent.questions(), 1U);
  EXPECT_EQ(found().size(), 1U);
}

TEST_F(DiscoveryTest, AnAcceptedServerIsManagedUntilItIsDeleted) {
  ScriptedAgent agent(refusal);
  ASSERT_TRUE(add(target("127.0.0.1", std::to_string(port_of(agent)))).ok());
  ASSERT_TRUE(pass().ok());
  service::Acceptance acceptance{.name = "kea1", .space_id = house_.default_space().id};
  acceptance.credential = service::CredentialChoice{{}, "u", Secret("p")};
  const auto accepted = house_.run(house_.discovery->accept(administrator(), found()[0].id, acceptance, {}));
  ASSERT_TRUE(accepted.ok()) << accepted.error().describe();
  const auto servers = house_.rows<model::ManagedServer>();
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0].url, agent.url());
  EXPECT_EQ(servers[0].product, model::Product::Kea);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(found()[0].state, DiscoveryState::Managed);
    EXPECT_EQ(found()[0].server_id, servers[0].id);
    const auto again = house_.run(house_.discovery->accept(administrator(), found()[0].id, acceptance, {}));
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, ErrorCode::FailedPrecondition);
    ASSERT_TRUE(pass().ok());
  }
  ASSERT_TRUE(house_.run(house_.inventory->erase_server(administrator(), servers[0].id, std::nullopt, {})).ok());
  EXPECT_EQ(found()[0].state, DiscoveryState::Known);
  EXPECT_FALSE(found()[0].server_id.has_value());
}

TEST_F(DiscoveryTest, AServerThatIsManagedByNameIsKnownForIt) {
  ScriptedAgent agent(refusal);
  house_.put(model::ManagedServer{.name = "kea1", .url = fmt::format("http://localhost:{}/", port_of(agent)), .space_id = house_.default_space().id});
  ASSERT_TRUE(add(target("127.0.0.1", std::to_string(port_of(agent)))).ok());
  const auto sentence = pass();
  ASSERT_TRUE(sentence.ok());
  EXPECT_THAT(*sentence, HasSubstr("1 server found (0 new, 1 managed)"));
}

TEST_F(DiscoveryTest, TargetsAreUniqueAndTakeWhatWasFoundAlong) {
  ScriptedAgent agent(refusal);
  const auto made = add(target("127.0.0.1/32", std::to_string(port_of(agent))));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->name, "127.0.0.1");
  EXPECT_EQ(add(target(" 127.0.0.1", "8000")).error().code, ErrorCode::AlreadyExists);
  EXPECT_EQ(add(target("10.0.0.0/8", "8000")).error().code, ErrorCode::InvalidArgument);
  ASSERT_TRUE(pass().ok());
  EXPECT_EQ(found().size(), 1U);
  EXPECT_EQ(house_.run(house_.discovery->erase_target(member_of(model::Group::IpamAsmAdministrators), made->id, std::nullopt, {})).error().code,
            ErrorCode::PermissionDenied);
  ASSERT_TRUE(house_.run(house_.discovery->erase_target(administrator(), made->id, std::nullopt, {})).ok());
  EXPECT_TRUE(found().empty());
}

TEST_F(DiscoveryTest, ABindThatWasFoundByDnsAloneNeedsItsUrl) {
  model::DiscoveredServer dns;
  dns.address = address("10.0.0.5");
  dns.port = 53;
  dns.product = model::Product::Bind9;
  dns.endpoint = model::EndpointKind::Dns;
  dns.id.value = 77;
  ASSERT_TRUE(house_
                  .write([&](ledger::Transaction& transaction) -> Result<void> {
                    transaction.put_row(dns);
                    return {};
                  })
                  .ok());
  service::Acceptance acceptance{.name = "ns1", .space_id = house_.default_space().id};
  const auto without = house_.run(house_.discovery->accept(administrator(), dns.id, acceptance, {}));
  ASSERT_FALSE(without.ok());
  EXPECT_EQ(without.error().fields.front().pointer, "/url");
  acceptance.url = "http://10.0.0.5:8053/";
  EXPECT_TRUE(house_.run(house_.discovery->accept(administrator(), dns.id, acceptance, {})).ok());
}

}  // namespace
}  // namespace ipam::test
