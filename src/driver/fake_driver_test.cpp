#include "driver/fake_driver_suite.h"

#include "driver/driver_contract_suite.h"
#include "io/blocking.h"

namespace ipam::driver {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

ip::Address address(std::string_view text) { return ip::Address::parse(text).value(); }
ip::Prefix prefix(std::string_view text) { return ip::Prefix::parse(text).value(); }

ObservedLease lease(std::string_view text, std::string key, model::LeaseState state, std::string_view mac, std::string hostname) {
  return {.address = address(text),
          .scope_key = std::move(key),
          .state = state,
          .hardware_address = mac.empty() ? std::nullopt : std::optional(ip::HardwareAddress::parse(mac).value()),
          .client_id = std::nullopt,
          .hostname = std::move(hostname),
          .starts_at = Time(seconds(1000)),
          .expires_at = Time(seconds(2000))};
}

class MemoryServer final : public ContractServer {
 public:
  MemoryServer() {
    using model::LeaseState;
    factory_.server(endpoint().url).with([](FakeServer& server) {
      server.password = "s3cret-of-the-fake";
      server.configuration.document = "{}";
      server.configuration.scopes = {
          {.key = "1", .prefix = prefix("10.0.0.0/24"), .lease_seconds = 60, .options = "[]", .pools = {{address("10.0.0.1"), address("10.0.0.9")}}},
          {.key = "2", .prefix = prefix("10.0.1.0/24"), .shared_network = "n", .lease_seconds = 90, .options = "[]"}};
      server.statistics = {{"1", 9, 3, 1}, {"2", 0, 0, 0}};
      server.leases = {lease("10.0.0.3", "1", LeaseState::Declined, "", ""), lease("10.0.0.1", "1", LeaseState::Active, "02:00:00:00:00:01", "a"),
                       lease("10.0.0.2", "1", LeaseState::Expired, "02:00:00:00:00:02", "b")};
    });
    truth_.version = "1.0";
    truth_.secrets = {"s3cret-of-the-fake"};
    truth_.scopes = {{"1", prefix("10.0.0.0/24"), "", 60, 1, 9, 0, 3, 1}, {"2", prefix("10.0.1.0/24"), "n", 90, 0, 0, 0, 0, 0}};
    truth_.leases = {{address("10.0.0.1"), "1", LeaseState::Active, "02:00:00:00:00:01", "a"},
                     {address("10.0.0.2"), "1", LeaseState::Expired, "02:00:00:00:00:02", "b"},
                     {address("10.0.0.3"), "1", LeaseState::Declined, "", ""}};
    truth_.lease_count = 3;
  }

  const KnownServer& truth() const override { return truth_; }
  Endpoint endpoint() const override {
    return {.server_name = "fake1", .url = "http://fake1/", .user_name = "u", .password = Secret("s3cret-of-the-fake")};
  }
  std::string url_of_nobody() const override { return "http://nobody/"; }
  std::unique_ptr<Driver> connect(const Endpoint& endpoint, const Limits& limits) override {
    return factory_.create(model::Product::Kea, endpoint, limits).value();
  }

 private:
  FakeFactory factory_;
  KnownServer truth_;
};

INSTANTIATE_TEST_SUITE_P(Fake, DriverContract, ::testing::Values(contract_case("Memory", [] { return std::make_unique<MemoryServer>(); })),
                         name_of_case);

class FakeDriverTest : public ::testing::Test {
 protected:
  FakeDriverTest() : server_(factory_.server("http://fake/")) {
    driver_ = factory_.create(model::Product::Kea, {.server_name = "fake", .url = "http://fake/"}, {}).value();
  }
  static io::Deadline soon() { return io::Deadline::after(seconds(60)); }

  FakeFactory factory_;
  Guarded<FakeServer>& server_;
  std::unique_ptr<Driver> driver_;
  io::BlockingLoop loop_;
};

TEST_F(FakeDriverTest, FailsInTheMiddleOfItsLeases) {
  server_.with([](FakeServer& server) {
    for (std::uint32_t i = 0; i < 2500; ++i) server.leases.push_back({.address = ip::Address::v4(i), .scope_key = "1"});
    server.lease_error = Error(ErrorCode::Unavailable, "gone");
    server.lease_error_after = 1500;
  });
  CollectingSink sink;
  EXPECT_EQ(loop_.run(driver_->dhcp()->collect_leases(sink, soon())).error().code, ErrorCode::Unavailable);
  EXPECT_EQ(sink.leases.size(), 1500U);
  EXPECT_EQ(sink.chunks, 2U);
}

TEST_F(FakeDriverTest, TakesItsTimeUntilTheDeadline) {
  server_.lock()->delay = hours(1);
  EXPECT_EQ(loop_.run(driver_->probe(io::Deadline::after(std::chrono::milliseconds(5)))).error().code, ErrorCode::DeadlineExceeded);
}

TEST_F(FakeDriverTest, CountsItsCallsAndMayHaveNoDhcp) {
  EXPECT_TRUE(loop_.run(driver_->probe(soon())).ok());
  EXPECT_TRUE(loop_.run(driver_->dhcp()->collect_configuration(soon())).ok());
  EXPECT_EQ(server_.lock()->probes, 1U);
  EXPECT_EQ(server_.lock()->collections, 1U);
  server_.lock()->has_dhcp = false;
  EXPECT_EQ(driver_->dhcp(), nullptr);
}

}  // namespace
}  // namespace ipam::driver
