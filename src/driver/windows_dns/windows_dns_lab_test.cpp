// The driver against the real Samba domain controller of tests/lab/samba_lab.py.
#include "client/kerberos/samba_lab_suite.h"
#include "driver/dns_contract_suite.h"
#include "driver/fake_driver_suite.h"
#include "driver/windows_dns/windows_dns_driver.h"
#include "io/blocking.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace ipam::driver::windows_dns {
namespace {

using client::kerberos::SambaLab;
using model::ZoneHealth;
using model::ZoneKind;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::size_t kNames = 2500;
constexpr const char* kZone = "types.contoso.test";

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

// One lab for all tests: it takes seconds to start. What is true of it is asked of it by dig, and known from tests/lab/samba_zones.py.
SambaLab& shared_lab() {
  static SambaLab lab({"--zones", std::to_string(kNames)});
  return lab;
}

// "dc1.contoso.test. hostmaster.contoso.test. 7 900 600 86400 3600"
std::string dig_soa(const std::string& zone) {
  const auto lines = shared_lab().run(fmt::format("dig @{} +norec +short {} SOA", shared_lab().address(), zone));
  if (lines.size() != 1) throw std::runtime_error("dig tells no SOA record of " + zone);
  return lines[0];
}

std::uint32_t dig_serial(const std::string& zone) {
  std::istringstream words(dig_soa(zone));
  std::string primary, mailbox;
  std::uint32_t serial = 0;
  words >> primary >> mailbox >> serial;
  return serial;
}

Endpoint lab_endpoint() {
  Endpoint endpoint;
  endpoint.server_name = "lab-dc";
  endpoint.url = fmt::format("dcerpc://{}?address={}&kdc={}", shared_lab().host(), shared_lab().address(), shared_lab().address());
  endpoint.user_name = shared_lab().administrator();
  endpoint.password = Secret(shared_lab().administrator_password());
  return endpoint;
}

class RealSamba final : public DnsContractServer {
 public:
  RealSamba() {
    truth_.version = "5.2.";
    truth_.zone = kZone;
    truth_.view = "_default";
    truth_.secrets = {shared_lab().administrator_password()};
    for (const char* name : {"16.10.in-addr.arpa", "_msdcs.contoso.test", "big.contoso.test", "contoso.test", "types.contoso.test"}) {
      truth_.zones.push_back({name, "_default", ZoneKind::Primary, ZoneHealth::Ok, dig_serial(name)});
    }
    const auto add = [&](const std::string& name, const std::string& type, const std::string& data, std::uint32_t ttl = 900) {
      truth_.records.push_back({name.empty() ? kZone : name + "." + kZone, type, data, ttl});
    };
    add("", "SOA", dig_soa(kZone), 3600);
    add("", "NS", "dc1.contoso.test.");
    add("a", "A", "10.16.1.1", 300);
    add("a", "A", "10.16.1.2", 300);
    add("aaaa", "AAAA", "2001:db8::1");
    add("cname", "CNAME", "a.types.contoso.test.");
    add("mx", "MX", "10 mail1.contoso.test.");
    add("mx", "MX", "20 mail2.contoso.test.");
    add("txt", "TXT", "\"v=spf1 -all\" \"second string\"");
    add("_sip._tcp", "SRV", "1 50 5060 a.types.contoso.test.");
    add("sub", "NS", "ns1.sub.types.contoso.test.");
    add("ns1.sub", "A", "10.16.1.53");
    add("*", "A", "10.16.1.99");
  }

  const KnownDnsServer& truth() const override { return truth_; }
  Endpoint endpoint() const override { return lab_endpoint(); }
  Endpoint endpoint_of_nobody() const override {
    Endpoint endpoint = this->endpoint();
    endpoint.url = fmt::format("dcerpc://{}:1?address=127.0.0.1&kdc={}", shared_lab().host(), shared_lab().address());
    return endpoint;
  }
  Endpoint endpoint_with_wrong_secret() const override {
    Endpoint endpoint = this->endpoint();
    endpoint.password = Secret("not the password of this account");
    return endpoint;
  }
  std::unique_ptr<Driver> connect(const Endpoint& endpoint, const Limits& limits) override {
    return WindowsDnsDriver::create(endpoint, limits, clock_, resolver_, blocking_).value();
  }

 private:
  KnownDnsServer truth_;
  SystemClock clock_;
  io::Resolver resolver_{1};
  io::WorkerPool blocking_{"the tests' clients", 2, 100};
};

INSTANTIATE_TEST_SUITE_P(WindowsDns, DnsContract, ::testing::Values(dns_case("Samba", [] { return std::make_unique<RealSamba>(); })),
                         name_of_dns_case);

class SambaDns : public testing::Test {
 protected:
  std::unique_ptr<Driver> connect(const Endpoint& endpoint) { return server_.connect(endpoint, {}); }
  std::vector<ObservedRecord> read(Driver& driver, const std::string& zone) {
    CollectingRecordSink sink;
    const ZoneRequest request{zone, "_default", std::nullopt};
    const auto transfer = loop_.run(driver.dns()->transfer_zone(request, sink, soon()));
    EXPECT_TRUE(transfer.ok()) << transfer.error().describe();
    std::vector<ObservedRecord> records;
    for (const RecordDifference& each : sink.differences) records.push_back(each.record);
    largest_chunk_ = sink.largest_chunk;
    return records;
  }

  io::BlockingLoop loop_;
  RealSamba server_;
  std::size_t largest_chunk_ = 0;
};

TEST_F(SambaDns, ReadsALargeZoneInChunks) {
  const auto driver = connect(lab_endpoint());
  const auto records = read(*driver, "big.contoso.test");
  EXPECT_EQ(records.size(), kNames + 2);
  EXPECT_EQ(largest_chunk_, 1000U);
  EXPECT_THAT(records, Contains(ObservedRecord{"host-2499.big.contoso.test", "A", "10.16.9.195", 1200}));
}

TEST_F(SambaDns, ReadsReverseZonesAndDeepOnes) {
  const auto driver = connect(lab_endpoint());
  EXPECT_THAT(read(*driver, "16.10.in-addr.arpa"), Contains(ObservedRecord{"2.1.16.10.in-addr.arpa", "PTR", "a.types.contoso.test.", 900}));
  const auto domain = read(*driver, "_msdcs.contoso.test");
  const auto deep =
      std::count_if(domain.begin(), domain.end(), [](const ObservedRecord& record) { return record.name.starts_with("_ldap._tcp.pdc."); });
  EXPECT_EQ(deep, 1);
}

// Each record once, though a node is told by its parent and by itself.
TEST_F(SambaDns, NoRecordIsToldTwice) {
  const auto driver = connect(lab_endpoint());
  std::map<std::string, int> seen;
  for (const char* zone : {"contoso.test", "_msdcs.contoso.test", kZone}) {
    for (const ObservedRecord& each : read(*driver, zone)) EXPECT_EQ(++seen[each.name + " " + each.type + " " + each.data], 1) << each.name;
  }
  EXPECT_GT(seen.size(), 40U);
}

TEST_F(SambaDns, SignsInWithAKeytab) {
  Endpoint endpoint = lab_endpoint();
  endpoint.user_name = shared_lab().reader();
  endpoint.password = Secret(to_base64(shared_lab().reader_keytab()));
  endpoint.credential_kind = model::CredentialKind::Keytab;
  const auto driver = connect(endpoint);
  const auto report = loop_.run(driver->probe(soon()));
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_THAT(report->capabilities, Contains("zones"));
}

TEST_F(SambaDns, AProbeTellsWhatItFound) {
  const auto driver = connect(lab_endpoint());
  const auto report = loop_.run(driver->probe(soon()));
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_THAT(report->capabilities, testing::ElementsAre("records", "zones"));
  EXPECT_THAT(report->findings, SizeIs(0));
  EXPECT_EQ(driver->dhcp(), nullptr);
  EXPECT_EQ(driver->changer(), nullptr);
}

TEST_F(SambaDns, AHostThatTheDomainDoesNotKnowIsToldSo) {
  Endpoint endpoint = lab_endpoint();
  endpoint.url = fmt::format("dcerpc://dc9.contoso.test?address={}&kdc={}", shared_lab().address(), shared_lab().address());
  const auto driver = connect(endpoint);
  const auto report = loop_.run(driver->probe(soon()));
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(report.error().message, AllOf(StartsWith("lab-dc: dcerpc://dc9.contoso.test"), HasSubstr("the domain knows no service of this name")));
}

}  // namespace
}  // namespace ipam::driver::windows_dns
