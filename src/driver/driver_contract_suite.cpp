#include "driver/driver_contract_suite.h"

#include "driver/fake_driver_suite.h"
#include "io/blocking.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

namespace ipam::driver {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// No test may leave a room for success by being asked nothing.
void DriverContract::SetUp() {
  server_ = GetParam().start();
  ASSERT_NE(server_, nullptr);
  ASSERT_GE(truth().scopes.size(), 2U);
  ASSERT_GE(truth().lease_count, 3U);
  ASSERT_GE(truth().leases.size(), 3U);
  ASSERT_FALSE(truth().secrets.empty() || truth().version.empty());
  const auto declined = [](const KnownLease& lease) { return lease.state == model::LeaseState::Declined; };
  ASSERT_TRUE(std::any_of(truth().leases.begin(), truth().leases.end(), declined));
}

ContractCase contract_case(std::string name, std::function<std::unique_ptr<ContractServer>()> start) { return {std::move(name), std::move(start)}; }

std::string name_of_case(const ::testing::TestParamInfo<ContractCase>& info) { return info.param.name; }

namespace {

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

void expect_error(const Error& error, ErrorCode code, const Endpoint& endpoint) {
  EXPECT_EQ(error.code, code) << error.describe();
  EXPECT_THAT(error.message, StartsWith(endpoint.server_name));
  ASSERT_FALSE(endpoint.password.empty());
  EXPECT_THAT(error.describe(), Not(HasSubstr(endpoint.password.reveal())));
  EXPECT_LT(error.message.size(), 2000U);
}

// All four calls fail alike.
void expect_all_to_fail(io::BlockingLoop& loop, Driver& driver, io::Deadline deadline, ErrorCode code, const Endpoint& endpoint) {
  const auto check = [&](const auto& result) {
    ASSERT_FALSE(result.ok());
    expect_error(result.error(), code, endpoint);
  };
  check(loop.run(driver.probe(deadline)));
  DhcpReader* reader = driver.dhcp();
  ASSERT_NE(reader, nullptr);
  check(loop.run(reader->collect_configuration(deadline)));
  check(loop.run(reader->collect_statistics(deadline)));
  CollectingSink sink;
  check(loop.run(reader->collect_leases(sink, deadline)));
  EXPECT_EQ(sink.chunks, 0U);
}

std::uint64_t pool_addresses(const ObservedScope& scope) {
  std::uint64_t count = 0;
  for (const ObservedPool& pool : scope.pools) {
    if (!pool.delegated_length) count += ip::low_half(pool.last.number() - pool.first.number()) + 1;
  }
  return count;
}

}  // namespace

TEST_P(DriverContract, ProbeTellsVersionAndCapabilities) {
  io::BlockingLoop loop;
  const auto driver = connect();
  const auto report = loop.run(driver->probe(soon()));
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_THAT(report->version, StartsWith(truth().version));
  EXPECT_FALSE(report->capabilities.empty());
  EXPECT_TRUE(std::is_sorted(report->capabilities.begin(), report->capabilities.end()));
}

TEST_P(DriverContract, ReadsEveryScopeWithItsPoolsAndReservations) {
  io::BlockingLoop loop;
  const auto driver = connect();
  const auto configuration = loop.run(driver->dhcp()->collect_configuration(soon()));
  ASSERT_TRUE(configuration.ok()) << configuration.error().describe();
  ASSERT_EQ(configuration->scopes.size(), truth().scopes.size());
  for (std::size_t i = 0; i < truth().scopes.size(); ++i) {
    const KnownScope& known = truth().scopes[i];
    const ObservedScope& scope = configuration->scopes[i];
    EXPECT_EQ(scope.key, known.key);
    EXPECT_EQ(scope.prefix.to_string(), known.prefix.to_string());
    EXPECT_EQ(scope.shared_network, known.shared_network);
    EXPECT_EQ(scope.lease_seconds, known.lease_seconds);
    EXPECT_EQ(scope.pools.size(), known.pools);
    EXPECT_EQ(pool_addresses(scope), known.pool_addresses);
    EXPECT_EQ(scope.reservations.size(), known.reservations);
    EXPECT_FALSE(scope.options.empty());
    for (const ObservedReservation& reservation : scope.reservations) EXPECT_FALSE(reservation.identifier.empty());
  }
}

TEST_P(DriverContract, ItsConfigurationHoldsNoSecret) {
  io::BlockingLoop loop;
  const auto driver = connect();
  const auto configuration = loop.run(driver->dhcp()->collect_configuration(soon()));
  ASSERT_TRUE(configuration.ok()) << configuration.error().describe();
  EXPECT_FALSE(configuration->document.empty());
  for (const std::string& secret : truth().secrets) {
    EXPECT_THAT(configuration->document, Not(HasSubstr(secret)));
    for (const ObservedScope& scope : configuration->scopes) EXPECT_THAT(scope.options, Not(HasSubstr(secret)));
    const ObservedDhcpServer& server = configuration->server;
    for (const std::string* text :
         {&server.options, &server.option_definitions, &server.client_classes, &server.high_availability, &server.lease_database}) {
      EXPECT_THAT(*text, Not(HasSubstr(secret)));
    }
    for (const std::string& finding : configuration->findings) EXPECT_THAT(finding, Not(HasSubstr(secret)));
  }
}

TEST_P(DriverContract, ReadsTheServersOwnCounters) {
  io::BlockingLoop loop;
  const auto driver = connect();
  const auto statistics = loop.run(driver->dhcp()->collect_statistics(soon()));
  ASSERT_TRUE(statistics.ok()) << statistics.error().describe();
  std::vector<ObservedStatistics> expected;
  for (const KnownScope& scope : truth().scopes) expected.push_back({scope.key, scope.pool_addresses, scope.assigned, scope.declined});
  EXPECT_EQ(*statistics, expected);
}

TEST_P(DriverContract, ReadsEveryLeaseOnceInTheOrderOfAddresses) {
  io::BlockingLoop loop;
  const auto driver = connect();
  CollectingSink sink;
  const auto collection = loop.run(driver->dhcp()->collect_leases(sink, soon()));
  ASSERT_TRUE(collection.ok()) << collection.error().describe();
  EXPECT_FALSE(collection->route.empty());
  EXPECT_EQ(collection->leases, truth().lease_count);
  EXPECT_EQ(sink.leases.size(), truth().lease_count);
  EXPECT_LE(sink.largest_chunk, 1000U);
  for (std::size_t i = 1; i < sink.leases.size(); ++i) ASSERT_LT(sink.leases[i - 1].address, sink.leases[i].address);

  std::map<ip::Address, ObservedLease> by_address;
  for (const ObservedLease& lease : sink.leases) by_address[lease.address] = lease;
  for (const KnownLease& known : truth().leases) {
    ASSERT_TRUE(by_address.contains(known.address)) << known.address.to_string();
    const ObservedLease& lease = by_address[known.address];
    EXPECT_EQ(lease.scope_key, known.scope_key) << known.address.to_string();
    EXPECT_EQ(lease.state, known.state) << known.address.to_string();
    EXPECT_EQ(lease.hardware_address ? lease.hardware_address->to_string() : "", known.hardware_address);
    EXPECT_EQ(lease.hostname, known.hostname);
    if (!known.client_id.empty()) {
      EXPECT_EQ(lease.client_id ? lease.client_id->to_string() : "", known.client_id);
    }
    EXPECT_EQ(lease.iaid, known.iaid) << known.address.to_string();
    EXPECT_EQ(lease.delegated_length, known.delegated_length) << known.address.to_string();
    EXPECT_LT(lease.starts_at, lease.expires_at);
  }
}

TEST_P(DriverContract, ASecondPassReadsTheSame) {
  io::BlockingLoop loop;
  const auto driver = connect();
  CollectingSink first;
  CollectingSink second;
  ASSERT_TRUE(loop.run(driver->dhcp()->collect_leases(first, soon())).ok());
  ASSERT_TRUE(loop.run(driver->dhcp()->collect_leases(second, soon())).ok());
  EXPECT_FALSE(first.leases.empty());
  EXPECT_EQ(first.leases, second.leases);
}

TEST_P(DriverContract, ASinksErrorEndsTheCollection) {
  io::BlockingLoop loop;
  const auto driver = connect();
  CollectingSink sink;
  sink.error = Error(ErrorCode::Overloaded, "the sink is full");
  const auto collection = loop.run(driver->dhcp()->collect_leases(sink, soon()));
  ASSERT_FALSE(collection.ok());
  EXPECT_EQ(collection.error().code, ErrorCode::Overloaded);
  EXPECT_EQ(collection.error().message, "the sink is full");
}

TEST_P(DriverContract, AWrongPasswordIsUnauthenticatedAndSaysWhatToDo) {
  io::BlockingLoop loop;  // before the driver, whose connection lives on it
  Endpoint endpoint = server_->endpoint();
  endpoint.password = Secret("not-the-password-of-this-server");
  const auto driver = server_->connect(endpoint, {});
  expect_all_to_fail(loop, *driver, soon(), ErrorCode::Unauthenticated, endpoint);
  EXPECT_THAT(loop.run(driver->probe(soon())).error().message, HasSubstr("password"));
}

TEST_P(DriverContract, AServerThatIsNotThereIsUnavailableAndNamed) {
  io::BlockingLoop loop;  // before the driver, whose connection lives on it
  Endpoint endpoint = server_->endpoint();
  endpoint.url = server_->url_of_nobody();
  const auto driver = server_->connect(endpoint, {});
  expect_all_to_fail(loop, *driver, soon(), ErrorCode::Unavailable, endpoint);
  EXPECT_THAT(loop.run(driver->probe(soon())).error().message, HasSubstr(endpoint.url));
}

TEST_P(DriverContract, EndsAtItsDeadline) {
  io::BlockingLoop loop;
  const auto driver = connect();
  expect_all_to_fail(loop, *driver, io::Deadline::after(Duration::zero()), ErrorCode::DeadlineExceeded, server_->endpoint());
}

TEST_P(DriverContract, EndsWhenItIsCancelled) {
  io::BlockingLoop loop;
  const auto driver = connect();
  std::stop_source stop;
  stop.request_stop();
  expect_all_to_fail(loop, *driver, soon().with(stop.get_token()), ErrorCode::Cancelled, server_->endpoint());
}

TEST_P(DriverContract, RefusesMoreThanItsLimits) {
  io::BlockingLoop loop;
  Limits limits;
  limits.scopes = 1;
  limits.leases = 2;
  const auto driver = connect(limits);
  const auto configuration = loop.run(driver->dhcp()->collect_configuration(soon()));
  ASSERT_FALSE(configuration.ok());
  expect_error(configuration.error(), ErrorCode::Malformed, server_->endpoint());
  CollectingSink sink;
  const auto collection = loop.run(driver->dhcp()->collect_leases(sink, soon()));
  ASSERT_FALSE(collection.ok());
  expect_error(collection.error(), ErrorCode::Malformed, server_->endpoint());
}

}  // namespace ipam::driver
