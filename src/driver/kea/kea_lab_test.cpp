// The driver against a real Kea on loopback: tests/lab/kea_lab.py.
#include "base/bytes.h"
#include "client/sftp/sshd_suite.h"
#include "driver/fake_driver_suite.h"
#include "driver/kea/kea_driver.h"
#include "driver/kea/kea_lab_suite.h"
#include "io/blocking.h"

#include <gmock/gmock.h>

#include <map>

namespace ipam::driver::kea {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// The contract only reads: its tests share one lab of each kind, for each start takes seconds.
KeaLab& shared_lab(const std::vector<std::string>& arguments) {
  static std::map<std::vector<std::string>, std::unique_ptr<KeaLab>> labs;
  auto& lab = labs[arguments];
  if (!lab) lab = std::make_unique<KeaLab>(arguments);
  return *lab;
}

class RealKea final : public ContractServer {
 public:
  explicit RealKea(const std::vector<std::string>& arguments) : lab_(shared_lab(arguments)) {}

  const KnownServer& truth() const override { return lab_.truth(); }
  Endpoint endpoint() const override { return lab_.endpoint(); }
  std::string url_of_nobody() const override { return "http://127.0.0.1:1/"; }
  std::unique_ptr<Driver> connect(const Endpoint& endpoint, const Limits& limits) override {
    return KeaDriver::create(endpoint, limits, clock_, resolver_, 25).value();  // small pages, so that there are several
  }

 private:
  KeaLab& lab_;
  SystemClock clock_;
  io::Resolver resolver_{1};
};

// The same by way of the lease files, with a real sshd.
class RealKeaByFiles final : public ContractServer {
 public:
  RealKeaByFiles() : lab_(shared_lab({"--leases", "30", "--ipv6", "--hooks", "stat_cmds"})) {}

  const KnownServer& truth() const override { return lab_.truth(); }
  Endpoint endpoint() const override {
    Endpoint endpoint = lab_.endpoint();
    const auto options = sshd_.options();
    endpoint.accesses.push_back({.kind = model::AccessKind::LeaseFile,
                                 .url = "sftp://127.0.0.1:" + std::to_string(options.port),
                                 .user_name = options.user_name,
                                 .secret = options.secret,
                                 .credential_kind = model::CredentialKind::SshKey,
                                 .tls_trust = model::TlsTrust::Fingerprint,
                                 .fingerprint = options.host_key_fingerprint});
    return endpoint;
  }
  std::string url_of_nobody() const override { return "http://127.0.0.1:1/"; }
  std::unique_ptr<Driver> connect(const Endpoint& endpoint, const Limits& limits) override {
    return KeaDriver::create(endpoint, limits, clock_, resolver_, 25, &pool_).value();
  }

 private:
  KeaLab& lab_;
  client::sftp::Sshd sshd_;
  SystemClock clock_;
  io::Resolver resolver_{1};
  io::WorkerPool pool_{"the test's clients", 2, 100};
};

INSTANTIATE_TEST_SUITE_P(Kea, DriverContract,
                         ::testing::Values(contract_case("RealOverHttp",
                                                         [] {
                                                           return std::make_unique<RealKea>(std::vector<std::string>{"--leases", "60"});
                                                         }),
                                           contract_case("RealWithVersion6",
                                                         [] {
                                                           return std::make_unique<RealKea>(std::vector<std::string>{"--leases", "30", "--ipv6"});
                                                         }),
                                           contract_case("RealByLeaseFiles", [] { return std::make_unique<RealKeaByFiles>(); }),
                                           contract_case("RealOverHttps",
                                                         [] {
                                                           return std::make_unique<RealKea>(std::vector<std::string>{"--leases", "60", "--https"});
                                                         })),
                         name_of_case);

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

TEST(RealKeaServer, WithoutHooksTellsItsScopesAndNamesTheHookForLeases) {
  const KeaLab lab({"--leases", "0", "--hooks", ""});
  const SystemClock clock;
  io::Resolver resolver(1);
  io::BlockingLoop loop;
  const auto driver = KeaDriver::create(lab.endpoint(), {}, clock, resolver).value();
  const auto report = loop.run(driver->probe(soon())).value();
  EXPECT_THAT(report.findings, Contains(HasSubstr("libdhcp_lease_cmds.so")));
  EXPECT_THAT(report.capabilities, Not(Contains("leases")));
  EXPECT_EQ(loop.run(driver->dhcp()->collect_configuration(soon())).value().scopes.size(), lab.truth().scopes.size());
  EXPECT_FALSE(loop.run(driver->dhcp()->collect_statistics(soon())).value().empty());
  CollectingSink sink;
  const auto leases = loop.run(driver->dhcp()->collect_leases(sink, soon()));
  ASSERT_FALSE(leases.ok());
  EXPECT_EQ(leases.error().code, ErrorCode::Unsupported);
  EXPECT_THAT(leases.error().message, HasSubstr("libdhcp_lease_cmds.so"));
}

TEST(RealKeaServer, TellsHowTheAccessToItsLeaseFilesIs) {
  RealKeaByFiles kea;
  io::BlockingLoop loop;
  const auto report = loop.run(kea.connect(kea.endpoint(), {})->probe(soon())).value();
  ASSERT_EQ(report.accesses.size(), 1U);
  EXPECT_EQ(report.accesses[0].availability, model::ServerAvailability::Reachable) << report.accesses[0].problem;
  EXPECT_THAT(report.capabilities, Contains("lease_file"));
  EXPECT_THAT(report.capabilities, Contains("leases"));
  EXPECT_THAT(report.findings, Not(Contains(HasSubstr("leases cannot be read"))));
  CollectingSink sink;
  EXPECT_EQ(loop.run(kea.connect(kea.endpoint(), {})->dhcp()->collect_leases(sink, soon())).value().route,
            "the lease file of DHCPv4 and the lease file of DHCPv6");
  Endpoint unpinned = kea.endpoint();
  unpinned.accesses[0].fingerprint.replace(0, 2, unpinned.accesses[0].fingerprint.starts_with("00") ? "01" : "00");
  const auto refused = loop.run(kea.connect(unpinned, {})->probe(soon())).value();
  EXPECT_EQ(refused.accesses[0].availability, model::ServerAvailability::Faulty);
  EXPECT_THAT(refused.accesses[0].problem, HasSubstr("not the pinned one"));
  const auto leases = loop.run(kea.connect(unpinned, {})->dhcp()->collect_leases(sink, soon()));
  ASSERT_FALSE(leases.ok());
  EXPECT_THAT(leases.error().message, HasSubstr("not the pinned one"));
}

TEST(RealKeaServer, WithAnotherCertificateThanThePinnedOneIsRefused) {
  const KeaLab lab({"--leases", "0", "--https"});
  const SystemClock clock;
  io::Resolver resolver(1);
  io::BlockingLoop loop;
  Endpoint endpoint = lab.endpoint();
  endpoint.tls_fingerprint.replace(0, 2, endpoint.tls_fingerprint.starts_with("00") ? "01" : "00");
  const auto pinned = loop.run(KeaDriver::create(endpoint, {}, clock, resolver).value()->probe(soon()));
  ASSERT_FALSE(pinned.ok());
  EXPECT_EQ(pinned.error().code, ErrorCode::FailedPrecondition) << pinned.error().describe();
  endpoint.tls_trust = model::TlsTrust::SystemAuthorities;
  endpoint.tls_fingerprint.clear();
  const auto by_authority = loop.run(KeaDriver::create(endpoint, {}, clock, resolver).value()->probe(soon()));
  ASSERT_FALSE(by_authority.ok());
  EXPECT_EQ(by_authority.error().code, ErrorCode::FailedPrecondition) << by_authority.error().describe();
}

}  // namespace
}  // namespace ipam::driver::kea
