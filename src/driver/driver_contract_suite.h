// What every driver must do, as tests: `driver.h` in running form. A driver's own test instantiates it with a server whose truth is known from
// elsewhere than the driver: from the server's own tools, or because the test wrote it.
//
//   INSTANTIATE_TEST_SUITE_P(Fake, DriverContract, testing::Values(contract_case("Memory", start_fake)), name_of_case);
//
// Thread rule: one test at a time.
#pragma once

#include "driver/driver.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

namespace ipam::driver {

struct KnownScope {
  std::string key;
  ip::Prefix prefix;
  std::string shared_network;
  std::uint32_t lease_seconds = 0;
  std::size_t pools = 0;
  std::uint64_t pool_addresses = 0;  // without those of pools whose prefixes are delegated
  std::size_t reservations = 0;
  std::uint64_t assigned = 0;  // as in ObservedStatistics
  std::uint64_t declined = 0;
};

struct KnownLease {
  ip::Address address;
  std::string scope_key;
  model::LeaseState state = model::LeaseState::Active;
  std::string hardware_address;
  std::string hostname;
  std::string client_id = {};  // empty: not compared
  std::optional<std::uint32_t> iaid = {};
  std::optional<std::uint8_t> delegated_length = {};
};

struct KnownServer {
  std::string version;  // or how it begins
  std::vector<KnownScope> scopes;
  std::vector<KnownLease> leases;    // some of them
  std::size_t lease_count = 0;       // all of them
  std::vector<std::string> secrets;  // what must be found nowhere
};

// A server that lives as long as the object. It must have at least two scopes and three leases, one of them declined, and secrets.
class ContractServer {
 public:
  virtual ~ContractServer() = default;
  virtual const KnownServer& truth() const = 0;
  virtual Endpoint endpoint() const = 0;  // with the right credential
  virtual std::string url_of_nobody() const = 0;
  virtual std::unique_ptr<Driver> connect(const Endpoint& endpoint, const Limits& limits) = 0;
};

struct ContractCase {
  std::string name;
  std::function<std::unique_ptr<ContractServer>()> start;
};

class DriverContract : public ::testing::TestWithParam<ContractCase> {
 protected:
  void SetUp() override;
  std::unique_ptr<Driver> connect(const Limits& limits = {}) { return server_->connect(server_->endpoint(), limits); }
  const KnownServer& truth() const { return server_->truth(); }

  std::unique_ptr<ContractServer> server_;
};

ContractCase contract_case(std::string name, std::function<std::unique_ptr<ContractServer>()> start);
std::string name_of_case(const ::testing::TestParamInfo<ContractCase>& info);

}  // namespace ipam::driver
