// The servers in memory against the DNS contract.
#include "driver/dns_contract_suite.h"
#include "driver/fake_driver_suite.h"

namespace ipam::driver {
namespace {

class MemoryDnsServer final : public DnsContractServer {
 public:
  MemoryDnsServer() {
    using model::ZoneHealth;
    using model::ZoneKind;
    truth_.version = "1.0";
    truth_.secrets = {"s3cret-of-the-fake"};
    truth_.zone = "a.example";
    truth_.view = "_default";
    truth_.zones = {{"a.example", "_default", ZoneKind::Primary, ZoneHealth::Ok, 7},
                    {"b.example", "_default", ZoneKind::Secondary, ZoneHealth::Expired, std::nullopt},
                    {"a.example", "other", ZoneKind::Primary, ZoneHealth::Ok, 1}};
    truth_.records = {{"a.example", "SOA", "ns.a.example. hm.a.example. 7 1 1 1 1", 300},
                      {"a.example", "NS", "ns.a.example.", 300},
                      {"ns.a.example", "A", "10.0.0.1", 300}};
    shared_.with([&](FakeServer& server) {
      server.password = "s3cret-of-the-fake";
      server.has_dns = true;
      for (const KnownZone& zone : truth_.zones) {
        const bool well = zone.health == ZoneHealth::Ok;
        server.zones.push_back({.name = zone.name,
                                .view = zone.view,
                                .kind = zone.kind,
                                .health = zone.health,
                                .problem = well ? "" : "expired",
                                .serial = zone.serial});
      }
      server.records["a.example"] = truth_.records;
    });
    // A host that is off is still known to have DNS.
    factory_.server("http://nobody/").with([](FakeServer& server) {
      server.has_dns = true;
      server.error = Error(ErrorCode::Unavailable, "http://nobody/: nothing answers there");
    });
  }

  const KnownDnsServer& truth() const override { return truth_; }
  Endpoint endpoint() const override { return endpoint_with("http://fake1/", "s3cret-of-the-fake"); }
  Endpoint endpoint_of_nobody() const override { return endpoint_with("http://nobody/", "s3cret-of-the-fake"); }
  Endpoint endpoint_with_wrong_secret() const override { return endpoint_with("http://fake1/", "another"); }
  std::unique_ptr<Driver> connect(const Endpoint& endpoint, const Limits& limits) override {
    return factory_.create(model::Product::Bind9, endpoint, limits).value();
  }

 private:
  static Endpoint endpoint_with(const std::string& url, const std::string& password) {
    return {.server_name = "fake1", .url = url, .user_name = "u", .password = Secret(password)};
  }

  FakeFactory factory_;
  Guarded<FakeServer>& shared_ = factory_.server("http://fake1/");
  KnownDnsServer truth_;
};

INSTANTIATE_TEST_SUITE_P(Fake, DnsContract, ::testing::Values(dns_case("Memory", [] { return std::make_unique<MemoryDnsServer>(); })),
                         name_of_dns_case);

}  // namespace
}  // namespace ipam::driver
