// What every driver with DNS must do, as tests: DnsReader of `driver.h` in running form; `changer_contract_suite.h` has the changes. A driver's own
// test instantiates it with a server whose truth is known from elsewhere than the driver: from the server's own tools, or because the test wrote it.
// An empty success fails it.
//
//   INSTANTIATE_TEST_SUITE_P(Bind9, DnsContract, testing::Values(dns_case("Real", start_bind)), name_of_dns_case);
//
// Thread rule: one test at a time.
#pragma once

#include "driver/driver.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

namespace ipam::driver {

struct KnownZone {
  std::string name;
  std::string view;
  model::ZoneKind kind = model::ZoneKind::Primary;
  model::ZoneHealth health = model::ZoneHealth::Ok;
  std::optional<std::uint32_t> serial;
};

struct KnownDnsServer {
  std::string version;           // or how it begins
  std::vector<KnownZone> zones;  // all of them, ascending by view and name
  std::string zone;              // one of them, in the view `view`, that can be read
  std::string view;
  std::vector<ObservedRecord> records;  // all of its records, in any order, the SOA record among them
  std::vector<std::string> secrets;     // what must be found nowhere
};

// A server that lives as long as the object. At least three zones, one of them not well where the product can tell; at least three records.
class DnsContractServer {
 public:
  virtual ~DnsContractServer() = default;
  virtual const KnownDnsServer& truth() const = 0;
  virtual Endpoint endpoint() const = 0;
  virtual Endpoint endpoint_of_nobody() const = 0;
  // The right server, and a secret that is not its.
  virtual Endpoint endpoint_with_wrong_secret() const = 0;
  virtual std::unique_ptr<Driver> connect(const Endpoint& endpoint, const Limits& limits) = 0;
};

struct DnsContractCase {
  std::string name;
  std::function<std::unique_ptr<DnsContractServer>()> start;
};

class DnsContract : public ::testing::TestWithParam<DnsContractCase> {
 protected:
  void SetUp() override;
  std::unique_ptr<Driver> connect(const Limits& limits = {}) { return server_->connect(server_->endpoint(), limits); }
  const KnownDnsServer& truth() const { return server_->truth(); }

  std::unique_ptr<DnsContractServer> server_;
};

DnsContractCase dns_case(std::string name, std::function<std::unique_ptr<DnsContractServer>()> start);
std::string name_of_dns_case(const ::testing::TestParamInfo<DnsContractCase>& info);

}  // namespace ipam::driver
