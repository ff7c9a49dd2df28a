#include "driver/dns_contract_suite.h"

#include "driver/fake_driver_suite.h"
#include "io/blocking.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace ipam::driver {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// No test may leave a room for success by being asked nothing.
void DnsContract::SetUp() {
  server_ = GetParam().start();
  ASSERT_NE(server_, nullptr);
  ASSERT_GE(truth().zones.size(), 3U);
  ASSERT_GE(truth().records.size(), 3U);
  ASSERT_FALSE(truth().secrets.empty() || truth().version.empty());
}

DnsContractCase dns_case(std::string name, std::function<std::unique_ptr<DnsContractServer>()> start) { return {std::move(name), std::move(start)}; }

std::string name_of_dns_case(const ::testing::TestParamInfo<DnsContractCase>& info) { return info.param.name; }

namespace {

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

void expect_error(const Error& error, ErrorCode code, const Endpoint& endpoint, const std::vector<std::string>& secrets) {
  EXPECT_EQ(error.code, code) << error.describe();
  EXPECT_THAT(error.message, StartsWith(endpoint.server_name));
  for (const std::string& secret : secrets) EXPECT_THAT(error.describe(), Not(HasSubstr(secret)));
  EXPECT_LT(error.message.size(), 2000U);
}

// In one order, without what servers write differently.
std::vector<std::string> lines(const std::vector<ObservedRecord>& records) {
  std::vector<std::string> text;
  for (const ObservedRecord& each : records) text.push_back(each.name + " " + std::to_string(each.ttl) + " " + each.type + " " + each.data);
  std::sort(text.begin(), text.end());
  return text;
}

std::vector<ObservedRecord> records_of(const CollectingRecordSink& sink) {
  std::vector<ObservedRecord> records;
  for (const RecordDifference& each : sink.differences) {
    EXPECT_EQ(each.kind, RecordDifference::Kind::Added);
    EXPECT_EQ(each.serial, sink.serial);
    records.push_back(each.record);
  }
  return records;
}

std::uint32_t serial_of(const KnownDnsServer& truth) {
  for (const KnownZone& zone : truth.zones) {
    if (zone.name == truth.zone && zone.view == truth.view) return zone.serial.value();
  }
  throw std::runtime_error("the truth has no such zone");
}

// All calls fail alike.
void expect_all_to_fail(io::BlockingLoop& loop, Driver& driver, const ZoneRequest& zone, io::Deadline deadline, ErrorCode code,
                        const Endpoint& endpoint, const std::vector<std::string>& secrets) {
  const auto check = [&](const auto& result) {
    ASSERT_FALSE(result.ok());
    expect_error(result.error(), code, endpoint, secrets);
  };
  ASSERT_NE(driver.dns(), nullptr);
  check(loop.run(driver.probe(deadline)));
  check(loop.run(driver.dns()->collect_zones(deadline)));
  CollectingRecordSink sink;
  check(loop.run(driver.dns()->transfer_zone(zone, sink, deadline)));
  EXPECT_TRUE(sink.differences.empty());
}

}  // namespace

// Programs that take only fakes from these suites link it too.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DnsContract);

TEST_P(DnsContract, ProbeTellsVersionCapabilitiesAndEveryAccess) {
  io::BlockingLoop loop;
  const auto driver = connect();
  const auto report = loop.run(driver->probe(soon()));
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_THAT(report->version, StartsWith(truth().version));
  EXPECT_FALSE(report->capabilities.empty());
  EXPECT_TRUE(std::is_sorted(report->capabilities.begin(), report->capabilities.end()));
  EXPECT_EQ(report->accesses.size(), server_->endpoint().accesses.size());
  for (const AccessReport& access : report->accesses) EXPECT_EQ(access.availability, model::ServerAvailability::Reachable) << access.problem;
}

TEST_P(DnsContract, ReadsEveryZoneWithItsSerialAndHealth) {
  io::BlockingLoop loop;
  const auto driver = connect();
  const auto observed = loop.run(driver->dns()->collect_zones(soon()));
  ASSERT_TRUE(observed.ok()) << observed.error().describe();
  ASSERT_EQ(observed->zones.size(), truth().zones.size());
  for (std::size_t i = 0; i < truth().zones.size(); ++i) {
    const KnownZone& known = truth().zones[i];
    const ObservedZone& zone = observed->zones[i];
    EXPECT_EQ(zone.name, known.name);
    EXPECT_EQ(zone.view, known.view);
    EXPECT_EQ(zone.kind, known.kind) << known.name;
    EXPECT_EQ(model::enum_to_text(zone.health), model::enum_to_text(known.health)) << known.name << ": " << zone.problem;
    EXPECT_EQ(zone.serial, known.serial) << known.name;
    const bool well = known.health == model::ZoneHealth::Ok || known.health == model::ZoneHealth::Unknown;
    EXPECT_EQ(zone.problem.empty(), well) << known.name << ": " << zone.problem;
  }
}

TEST_P(DnsContract, TransfersEveryRecordOfAZone) {
  io::BlockingLoop loop;
  const auto driver = connect();
  CollectingRecordSink sink;
  const ZoneRequest request{truth().zone, truth().view, std::nullopt};
  const auto transfer = loop.run(driver->dns()->transfer_zone(request, sink, soon()));
  ASSERT_TRUE(transfer.ok()) << transfer.error().describe();
  EXPECT_FALSE(transfer->route.empty());
  EXPECT_FALSE(transfer->up_to_date);
  EXPECT_EQ(transfer->serial, serial_of(truth()));
  EXPECT_EQ(sink.content, RecordSink::Content::Whole);
  EXPECT_EQ(sink.serial, transfer->serial);
  EXPECT_EQ(transfer->added, truth().records.size());
  EXPECT_EQ(transfer->removed, 0U);
  EXPECT_LE(sink.largest_chunk, 1000U);
  EXPECT_EQ(lines(records_of(sink)), lines(truth().records));
}

TEST_P(DnsContract, AKnownSerialIsUpToDate) {
  io::BlockingLoop loop;
  const auto driver = connect();
  CollectingRecordSink sink;
  const ZoneRequest request{truth().zone, truth().view, serial_of(truth())};
  const auto transfer = loop.run(driver->dns()->transfer_zone(request, sink, soon()));
  ASSERT_TRUE(transfer.ok()) << transfer.error().describe();
  EXPECT_TRUE(transfer->up_to_date);
  EXPECT_EQ(transfer->serial, serial_of(truth()));
  EXPECT_FALSE(sink.content.has_value());
}

TEST_P(DnsContract, ASerialThatWentBackIsStale) {
  io::BlockingLoop loop;
  const auto driver = connect();
  CollectingRecordSink sink;
  const ZoneRequest request{truth().zone, truth().view, serial_of(truth()) + 1000};
  const auto transfer = loop.run(driver->dns()->transfer_zone(request, sink, soon()));
  ASSERT_FALSE(transfer.ok());
  expect_error(transfer.error(), ErrorCode::Stale, server_->endpoint(), truth().secrets);
}

TEST_P(DnsContract, AZoneThatIsNotThereIsNotFound) {
  io::BlockingLoop loop;
  const auto driver = connect();
  CollectingRecordSink sink;
  const ZoneRequest request{"no-such-zone.example", truth().view, std::nullopt};
  const auto transfer = loop.run(driver->dns()->transfer_zone(request, sink, soon()));
  ASSERT_FALSE(transfer.ok());
  expect_error(transfer.error(), ErrorCode::NotFound, server_->endpoint(), truth().secrets);
}

TEST_P(DnsContract, ASinksErrorEndsTheTransfer) {
  io::BlockingLoop loop;
  const auto driver = connect();
  CollectingRecordSink sink;
  sink.error = Error(ErrorCode::Overloaded, "the sink is full");
  const ZoneRequest request{truth().zone, truth().view, std::nullopt};
  const auto transfer = loop.run(driver->dns()->transfer_zone(request, sink, soon()));
  ASSERT_FALSE(transfer.ok());
  EXPECT_EQ(transfer.error().code, ErrorCode::Overloaded);
  EXPECT_EQ(transfer.error().message, "the sink is full");
}

TEST_P(DnsContract, AServerThatIsNotThereIsUnavailableAndNamed) {
  io::BlockingLoop loop;
  const Endpoint endpoint = server_->endpoint_of_nobody();
  const auto driver = server_->connect(endpoint, {});
  expect_all_to_fail(loop, *driver, {truth().zone, truth().view, std::nullopt}, soon(), ErrorCode::Unavailable, endpoint, truth().secrets);
  EXPECT_THAT(loop.run(driver->probe(soon())).error().message, HasSubstr(endpoint.url));
}

TEST_P(DnsContract, AWrongSecretIsUnauthenticated) {
  io::BlockingLoop loop;
  const Endpoint endpoint = server_->endpoint_with_wrong_secret();
  const auto driver = server_->connect(endpoint, {});
  CollectingRecordSink sink;
  const ZoneRequest request{truth().zone, truth().view, std::nullopt};
  const auto transfer = loop.run(driver->dns()->transfer_zone(request, sink, soon()));
  ASSERT_FALSE(transfer.ok());
  expect_error(transfer.error(), ErrorCode::Unauthenticated, endpoint, truth().secrets);
  EXPECT_TRUE(sink.differences.empty());
}

TEST_P(DnsContract, EndsAtItsDeadline) {
  io::BlockingLoop loop;
  const auto driver = connect();
  expect_all_to_fail(loop, *driver, {truth().zone, truth().view, std::nullopt}, io::Deadline::after(Duration::zero()), ErrorCode::DeadlineExceeded,
                     server_->endpoint(), truth().secrets);
}

TEST_P(DnsContract, EndsWhenItIsCancelled) {
  io::BlockingLoop loop;
  const auto driver = connect();
  std::stop_source stop;
  stop.request_stop();
  expect_all_to_fail(loop, *driver, {truth().zone, truth().view, std::nullopt}, soon().with(stop.get_token()), ErrorCode::Cancelled,
                     server_->endpoint(), truth().secrets);
}

TEST_P(DnsContract, RefusesMoreThanItsLimits) {
  io::BlockingLoop loop;
  Limits few_zones;
  few_zones.zones = 1;
  const auto zones = loop.run(connect(few_zones)->dns()->collect_zones(soon()));
  ASSERT_FALSE(zones.ok());
  expect_error(zones.error(), ErrorCode::Malformed, server_->endpoint(), truth().secrets);
  Limits few_records;
  few_records.records = 2;
  CollectingRecordSink sink;
  const ZoneRequest request{truth().zone, truth().view, std::nullopt};
  const auto transfer = loop.run(connect(few_records)->dns()->transfer_zone(request, sink, soon()));
  ASSERT_FALSE(transfer.ok());
  expect_error(transfer.error(), ErrorCode::Malformed, server_->endpoint(), truth().secrets);
}

}  // namespace ipam::driver
