// What a collection does with what a driver observes; the managed servers are in memory.
#include "service/collection/collector.h"

#include "base/log.h"
#include "integration/house.h"

#include <gmock/gmock.h>

#include <thread>

namespace ipam::test {
namespace {

using driver::FakeServer;
using driver::ObservedLease;
using driver::ObservedScope;
using model::ServerAvailability;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kUrl = "http://kea1.example:8000/";
constexpr const char* kSecret = "the-servers-own-password";

ObservedLease lease(const std::string& text, const std::string& hostname = "") {
  ObservedLease observed;
  observed.address = address(text);
  observed.scope_key = "1";
  observed.hostname = hostname;
  observed.hardware_address = ip::HardwareAddress::parse("02:00:00:00:00:01").value();
  return observed;
}

ObservedScope scope(const std::string& key, const std::string& text, const std::string& first, const std::string& last) {
  ObservedScope observed;
  observed.key = key;
  observed.prefix = prefix(text);
  observed.lease_seconds = 3600;
  observed.pools = {{address(first), address(last)}};
  return observed;
}

driver::ObservedReservation reservation(const std::string& text, std::uint8_t client, const std::string& hostname = "") {
  return {address(text), model::ReservationIdentifier::HardwareAddress, Bytes(6, client), hostname};
}

class Collection : public testing::Test {
 protected:
  House house_;
  model::ManagedServer server_;

  void SetUp() override {
    fake().with([](FakeServer& server) {
      server.password = kSecret;
      server.configuration.scopes = {scope("1", "10.0.0.0/24", "10.0.0.100", "10.0.0.199"), scope("2", "10.0.1.0/24", "10.0.1.100", "10.0.1.199")};
      server.configuration.scopes[0].reservations = {reservation("10.0.0.10", 1, "printer"), reservation("10.0.0.150", 2)};
      server.leases = {lease("10.0.0.100"), lease("10.0.0.101"), lease("10.0.0.102")};
      server.statistics = {{"1", 100, 3, 0}};
    });
    model::ManagedServer server;
    server.name = "kea1";
    server.url = kUrl;
    server.space_id = house_.default_space().id;
    service::CredentialChoice credential;
    credential.user_name = "cadastre";
    credential.password = Secret(kSecret);
    server_ = house_.run(house_.inventory->create_server(administrator(), server, credential, {})).value().value;
  }
  Guarded<FakeServer>& fake() { return house_.drivers.server(kUrl); }
  static io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(30)); }

  Result<std::string> configuration() { return house_.run(house_.collector->collect_configuration(server_, "task/ServerConfiguration", soon())); }
  Result<std::string> utilization() { return house_.run(house_.collector->collect_utilization(server_, "task/AddressUtilization", soon())); }
  model::ServerStatus status() { return house_.inventory->get_status(administrator(), server_.id).value(); }
  std::vector<std::string> leases() {
    std::vector<std::string> texts;
    for (const auto& row : house_.rows<model::Lease>()) texts.push_back(row.address.to_string() + row.hostname);
    return texts;
  }
  bool held(const std::string& text) { return house_.index->snapshot(server_.space_id.value)->is_held(address(text)); }
};

TEST_F(Collection, StoresScopesPoolsAndReservationsOnFirstContact) {
  EXPECT_EQ(configuration().value(), "2 scopes, 2 reservations; 6 changes");
  EXPECT_EQ(house_.rows<model::DhcpScope>().size(), 2U);
  EXPECT_EQ(house_.rows<model::DhcpPool>().size(), 2U);
  EXPECT_EQ(house_.rows<model::DhcpReservation>().size(), 2U);
  EXPECT_TRUE(held("10.0.0.10"));
  EXPECT_EQ(status().configuration_collected_at, house_.clock.now());
  EXPECT_EQ(status().version, "1.0");
  EXPECT_THAT(house_.journal_text(), HasSubstr("task/ServerConfiguration dhcp_scope 10.0.0.0/24"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Collection, WritesNothingWhenTheConfigurationIsAsBefore) {
  ASSERT_TRUE(configuration().ok());
  const auto before = house_.ledger->sequence();
  EXPECT_EQ(configuration().value(), "2 scopes, 2 reservations; 0 changes");
  EXPECT_EQ(house_.ledger->sequence(), before);
}

TEST_F(Collection, StoresWhatHoldsForTheWholeServer) {
  fake().with([](FakeServer& server) {
    server.configuration.server = {R"([{"name":"domain-name"}])", "[]", R"([{"name":"phones"}])", R"([{"mode":"hot-standby"}])", "memfile"};
  });
  EXPECT_EQ(configuration().value(), "2 scopes, 2 reservations; 7 changes");
  EXPECT_EQ(configuration().value(), "2 scopes, 2 reservations; 0 changes");
  fake().with([](FakeServer& server) { server.configuration.server.lease_database = "postgresql kea@db1"; });
  EXPECT_EQ(configuration().value(), "2 scopes, 2 reservations; 1 change");
  const auto servers = house_.rows<model::DhcpServer>();
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0].server_id, server_.id);
  EXPECT_EQ(servers[0].options, R"([{"name":"domain-name"}])");
  EXPECT_EQ(servers[0].client_classes, R"([{"name":"phones"}])");
  EXPECT_EQ(servers[0].high_availability, R"([{"mode":"hot-standby"}])");
  EXPECT_EQ(servers[0].lease_database, "postgresql kea@db1");
}

TEST_F(Collection, StoresDelegatedPrefixesAndTheOptionsOfReservations) {
  fake().with([](FakeServer& server) {
    ObservedScope version6 = scope("6:1", "2001:db8:1::/64", "2001:db8:1::100", "2001:db8:1::1ff");
    version6.pools.push_back({address("2001:db8:8::"), address("2001:db8:8:ffff:ffff:ffff:ffff:ffff"), std::uint8_t{56}});
    const Bytes duid{0, 3, 0, 1, 2, 0, 0, 0, 0, 1};
    version6.reservations = {{address("2001:db8:1::5"), model::ReservationIdentifier::Duid, duid, "nas", std::nullopt, R"([{"name":"dns-servers"}])"},
                             {address("2001:db8:8:100::"), model::ReservationIdentifier::Duid, duid, "nas", std::uint8_t{56}, ""}};
    server.configuration.scopes.push_back(version6);
    ObservedLease prefix_lease = lease("2001:db8:8:200::");
    prefix_lease.scope_key = "6:1";
    prefix_lease.iaid = 7;
    prefix_lease.delegated_length = 56;
    server.leases.push_back(prefix_lease);
  });
  EXPECT_EQ(configuration().value(), "3 scopes, 4 reservations; 11 changes");
  EXPECT_EQ(configuration().value(), "3 scopes, 4 reservations; 0 changes");
  std::vector<std::optional<std::uint8_t>> pools, reservations;
  for (const auto& pool : house_.rows<model::DhcpPool>()) pools.push_back(pool.delegated_length);
  EXPECT_THAT(pools, testing::ElementsAre(std::nullopt, std::nullopt, std::nullopt, std::uint8_t{56}));
  const auto stored = house_.rows<model::DhcpReservation>();
  ASSERT_EQ(stored.size(), 4U);
  EXPECT_EQ(stored[2].options, R"([{"name":"dns-servers"}])");
  EXPECT_EQ(stored[3].delegated_length, std::uint8_t{56});
  ASSERT_TRUE(utilization().ok());
  const auto last = house_.rows<model::Lease>().back();
  EXPECT_EQ(last.iaid, 7U);
  EXPECT_EQ(last.delegated_length, std::uint8_t{56});
  // 2^72 addresses that are delegated as prefixes are no capacity of the scope.
  for (const auto& sample : house_.rows<model::ScopeUtilization>()) EXPECT_LE(sample.capacity, 256U);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Collection, FollowsWhatChangedAndVanishedInTheConfiguration) {
  ASSERT_TRUE(configuration().ok());
  fake().with([](FakeServer& server) {
    auto& scopes = server.configuration.scopes;
    scopes.erase(scopes.begin() + 1);
    scopes[0].name = "floor 1";
    scopes[0].pools = {{address("10.0.0.100"), address("10.0.0.120")}};
    scopes[0].reservations = {reservation("10.0.0.10", 1, "plotter"), reservation("10.0.0.151", 2)};
    scopes.push_back(scope("3", "10.0.3.0/24", "10.0.3.10", "10.0.3.20"));
  });
  const auto printer = house_.rows<model::DhcpReservation>().front();
  ASSERT_TRUE(configuration().ok());
  const auto scopes = house_.rows<model::DhcpScope>();
  ASSERT_EQ(scopes.size(), 2U);
  EXPECT_EQ(scopes[0].name, "floor 1");
  EXPECT_EQ(scopes[1].key, "3");
  EXPECT_EQ(house_.rows<model::DhcpPool>().size(), 2U);
  const auto reservations = house_.rows<model::DhcpReservation>();
  ASSERT_EQ(reservations.size(), 2U);
  EXPECT_EQ(reservations[0].id, printer.id) << "only its host name changed";
  EXPECT_EQ(reservations[0].hostname, "plotter");
  EXPECT_TRUE(held("10.0.0.151") && !held("10.0.0.150"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Collection, AFailedReadOfTheConfigurationRemovesNothing) {
  ASSERT_TRUE(configuration().ok());
  fake().lock()->configuration_error = Error(ErrorCode::Malformed, "the answer is cut off");
  EXPECT_EQ(configuration().error().code, ErrorCode::Malformed);
  EXPECT_EQ(house_.rows<model::DhcpScope>().size(), 2U);
}

TEST_F(Collection, StoresLeasesAndMeasuresScopes) {
  ASSERT_TRUE(configuration().ok());
  EXPECT_EQ(utilization().value(), "3 leases by memory: 3 new, 0 changed, 0 gone; 2 scopes measured");
  EXPECT_TRUE(held("10.0.0.101"));
  const auto samples = house_.rows<model::ScopeUtilization>();
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0].capacity, 100U);
  EXPECT_EQ(samples[0].used, 4U) << "three leases and a reservation in the pool";
  EXPECT_EQ(samples[0].leased, 3U);
  EXPECT_EQ(samples[0].server_assigned, 3U);
  EXPECT_EQ(samples[1].server_assigned, std::nullopt);
  EXPECT_EQ(status().leases_collected_at, house_.clock.now());
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Collection, FollowsNewChangedAndVanishedLeases) {
  ASSERT_TRUE(utilization().ok());
  fake().lock()->leases = {lease("10.0.0.100"), lease("10.0.0.102", "laptop"), lease("10.0.0.103")};
  EXPECT_THAT(utilization().value(), HasSubstr("1 new, 1 changed, 1 gone"));
  EXPECT_THAT(leases(), testing::ElementsAre("10.0.0.100", "10.0.0.102laptop", "10.0.0.103"));
  EXPECT_FALSE(held("10.0.0.101"));
  fake().lock()->leases.clear();
  EXPECT_THAT(utilization().value(), HasSubstr("3 gone"));
  EXPECT_FALSE(held("10.0.0.100"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Collection, ALeaseThatExpiredFreesItsAddress) {
  ASSERT_TRUE(utilization().ok());
  fake().lock()->leases[0].state = model::LeaseState::Expired;
  EXPECT_THAT(utilization().value(), HasSubstr("1 changed"));
  EXPECT_FALSE(held("10.0.0.100"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Collection, AnUnchangedLeaseCostsNoWrite) {
  ASSERT_TRUE(utilization().ok());
  const auto seen = house_.rows<model::Lease>();
  house_.clock.advance(std::chrono::hours(2));
  EXPECT_THAT(utilization().value(), HasSubstr("0 new, 0 changed, 0 gone"));
  EXPECT_EQ(house_.rows<model::Lease>(), seen);
}

TEST_F(Collection, APassThatBreaksOffRemovesNothing) {
  ASSERT_TRUE(utilization().ok());
  fake().with([](FakeServer& server) {
    server.leases = {lease("10.0.0.100", "renamed"), lease("10.0.0.102"), lease("10.0.0.109")};
    server.chunk = 1;
    server.lease_error = Error(ErrorCode::Unavailable, "connection lost");
    server.lease_error_after = 2;
  });
  EXPECT_EQ(utilization().error().code, ErrorCode::Unavailable);
  EXPECT_THAT(leases(), testing::ElementsAre("10.0.0.100renamed", "10.0.0.101", "10.0.0.102"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Collection, ComparesAcrossChunksOfAnySize) {
  for (std::size_t chunk : {1U, 2U, 7U, 1000U}) {
    fake().with([&](FakeServer& server) {
      server.chunk = chunk;
      server.leases.clear();
      for (std::size_t i = 0; i < 60; i += chunk % 2 + 1) server.leases.push_back(lease("10.0.0." + std::to_string(100 + i)));
    });
    ASSERT_TRUE(utilization().ok());
    EXPECT_EQ(leases().size(), fake().lock()->leases.size()) << chunk;
    EXPECT_EQ(house_.index_defect(), "");
  }
}

TEST_F(Collection, LeasesWithoutTheServersCountersAreASuccess) {
  ASSERT_TRUE(configuration().ok());
  fake().lock()->statistics_error = Error(ErrorCode::Unsupported, "no stat_cmds");
  EXPECT_TRUE(utilization().ok());
  EXPECT_EQ(house_.rows<model::ScopeUtilization>()[0].server_assigned, std::nullopt);
}

struct Failure {
  ErrorCode code;
  ServerAvailability availability;
};
class CollectionFailure : public Collection, public testing::WithParamInterface<Failure> {};

TEST_P(CollectionFailure, LeavesItsProblemInTheStatusUntilTheServerIsWellAgain) {
  ASSERT_TRUE(configuration().ok());
  const auto well = status();
  house_.clock.advance(std::chrono::hours(1));
  fake().lock()->error = Error(GetParam().code, "what went wrong; what would mend it");
  EXPECT_EQ(utilization().error().code, GetParam().code);
  EXPECT_EQ(status().availability, GetParam().availability);
  EXPECT_EQ(status().problem, "kea1: what went wrong; what would mend it");
  EXPECT_EQ(status().checked_at, house_.clock.now());
  EXPECT_EQ(status().reached_at, well.reached_at);
  EXPECT_EQ(status().configuration_collected_at, well.configuration_collected_at);
  fake().lock()->error.reset();
  ASSERT_TRUE(utilization().ok());
  EXPECT_EQ(status().availability, ServerAvailability::Reachable);
  EXPECT_EQ(status().problem, "");
}
INSTANTIATE_TEST_SUITE_P(Codes, CollectionFailure,
                         testing::Values(Failure{ErrorCode::Unavailable, ServerAvailability::Unreachable},
                                         Failure{ErrorCode::DeadlineExceeded, ServerAvailability::Unreachable},
                                         Failure{ErrorCode::Unauthenticated, ServerAvailability::AccessDenied},
                                         Failure{ErrorCode::PermissionDenied, ServerAvailability::AccessDenied},
                                         Failure{ErrorCode::Malformed, ServerAvailability::Faulty},
                                         Failure{ErrorCode::Unsupported, ServerAvailability::Faulty},
                                         Failure{ErrorCode::FailedPrecondition, ServerAvailability::Faulty}),
                         [](const auto& test) { return std::string(to_string(test.param.code)); });

TEST_F(Collection, OurOwnTroubleSaysNothingAboutTheServer) {
  ASSERT_TRUE(configuration().ok());
  std::stop_source stop;
  stop.request_stop();
  fake().lock()->delay = std::chrono::hours(1);
  EXPECT_EQ(house_.run(house_.collector->collect_utilization(server_, "task/x", soon().with(stop.get_token()))).error().code, ErrorCode::Cancelled);
  EXPECT_EQ(status().availability, ServerAvailability::Reachable);
}

TEST_F(Collection, VerifyAnswersTheRefusalAsAStatus) {
  fake().lock()->password = "another one";
  const auto refused = house_.run(house_.collector->verify(administrator(), server_.id, soon())).value();
  EXPECT_EQ(refused.status.availability, ServerAvailability::AccessDenied);
  EXPECT_THAT(refused.status.problem, HasSubstr("refuses the credential"));
  fake().lock()->password = kSecret;
  fake().lock()->probe.findings = {"load libdhcp_lease_cmds.so"};
  const auto fine = house_.run(house_.collector->verify(administrator(), server_.id, soon())).value();
  EXPECT_EQ(fine.status.availability, ServerAvailability::Reachable);
  EXPECT_EQ(fine.findings.size(), 1U);
  EXPECT_FALSE(house_.run(house_.collector->verify(member_of(model::Group::IpamUsers), server_.id, soon())).ok());
}

TEST_F(Collection, TheSecretIsInNoJournalLogOrRow) {
  log::set_level(log::Level::Debug);
  testing::internal::CaptureStderr();
  ASSERT_TRUE(configuration().ok());
  fake().lock()->error = Error(ErrorCode::Unauthenticated, "refused");
  EXPECT_FALSE(utilization().ok());
  const std::string logged = testing::internal::GetCapturedStderr();
  log::set_level(log::Level::Error);
  EXPECT_THAT(logged, Not(HasSubstr(kSecret)));
  EXPECT_THAT(house_.journal_text(), Not(HasSubstr(kSecret)));
  EXPECT_THAT(house_.rows<model::Credential>().front().sealed, Not(HasSubstr(kSecret)));
  EXPECT_THAT(status().problem, Not(HasSubstr(kSecret)));
}

TEST_F(Collection, AnotherUrlAsksForTheCredentialToBeNamedAgain) {
  const auto move_to = [&](std::optional<std::string> credential) {
    std::function<Result<void>(model::ManagedServer&)> change = [](model::ManagedServer& server) -> Result<void> {
      server.url = "http://elsewhere.example/";
      return {};
    };
    return house_.run(house_.inventory->update_server(administrator(), server_.id, std::nullopt, change, credential, {}));
  };
  EXPECT_EQ(move_to(std::nullopt).error().fields.front().pointer, "/credential");
  EXPECT_EQ(move_to("no such one").error().fields.front().pointer, "/credential");
  EXPECT_TRUE(move_to("kea1").ok());
}

TEST_F(Collection, ACredentialInUseStaysAndGoesWithTheLastServerThatItWasMadeFor) {
  const auto id = *server_.credential_id;
  EXPECT_EQ(house_.run(house_.inventory->erase_credential(administrator(), id, std::nullopt, {})).error().code, ErrorCode::FailedPrecondition);
  ASSERT_TRUE(house_.run(house_.inventory->erase_server(administrator(), server_.id, std::nullopt, {})).ok());
  EXPECT_EQ(house_.inventory->get_credential(administrator(), id).error().code, ErrorCode::NotFound);
}

TEST_F(Collection, ErasingAServerRemovesAllThatCameFromIt) {
  fake().with([](FakeServer& server) {
    for (unsigned i = 0; i < 1'200; ++i) server.leases.push_back(lease(ip::Address::v4(0x0A050000U + i).to_string()));
  });
  ASSERT_TRUE(configuration().ok() && utilization().ok());
  ASSERT_TRUE(house_.run(house_.inventory->erase_server(administrator(), server_.id, server_.revision, {})).ok());
  EXPECT_THAT(house_.rows<model::ManagedServer>(), IsEmpty());
  EXPECT_THAT(house_.rows<model::Lease>(), IsEmpty());
  EXPECT_THAT(house_.rows<model::DhcpScope>(), IsEmpty());
  EXPECT_THAT(house_.rows<model::DhcpPool>(), IsEmpty());
  EXPECT_THAT(house_.rows<model::DhcpReservation>(), IsEmpty());
  EXPECT_THAT(house_.rows<model::ServerStatus>(), IsEmpty());
  EXPECT_THAT(house_.rows<model::Range>(), IsEmpty());
  // The subnets that were made for the scopes are the plan's.
  EXPECT_EQ(house_.rows<model::Subnet>().size(), 2U);
  EXPECT_FALSE(held("10.0.0.100"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Collection, AServerThatIsErasedDuringItsCollectionLeavesNothingBehind) {
  ASSERT_TRUE(house_.run(house_.inventory->erase_server(administrator(), server_.id, std::nullopt, {})).ok());
  EXPECT_FALSE(utilization().ok()) << "the job still holds the server as it was";
  EXPECT_FALSE(configuration().ok());
  EXPECT_THAT(house_.rows<model::Lease>(), IsEmpty());
  EXPECT_THAT(house_.rows<model::DhcpScope>(), IsEmpty());
  EXPECT_THAT(house_.rows<model::ServerStatus>(), IsEmpty());
  EXPECT_TRUE(house_.index->snapshot(server_.space_id.value)->empty());
}

}  // namespace
}  // namespace ipam::test
