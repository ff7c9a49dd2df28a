// The servers in memory against the contract of changes: as one with DHCP and as one with DNS.
#include "driver/changer_contract_suite.h"
#include "driver/fake_driver_suite.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::driver {
namespace {

constexpr const char* kSecret = "s3cret-of-the-fake";

ObservedReservation reservation(int number, const std::string& hostname) {
  return {.address = ip::Address::parse(fmt::format("10.0.0.{}", number)).value(),
          .identifier = Bytes{2, 0, 0, 0, 0, static_cast<std::uint8_t>(number)},
          .hostname = hostname,
          .delegated_length = std::nullopt,
          .options = "[]"};
}

RecordSetChange set(const std::string& name, std::vector<std::string> before, std::vector<std::string> after) {
  RecordSetChange change{.zone = "a.example", .view = "_default", .name = name + ".a.example", .type = "A", .before = {}, .after = {}};
  for (std::string& data : before) change.before.push_back({change.name, "A", std::move(data), 300});
  for (std::string& data : after) change.after.push_back({change.name, "A", std::move(data), 300});
  return change;
}

class MemoryServer : public ChangerContractServer {
 public:
  MemoryServer() {
    shared_.with([](FakeServer& server) { server.password = kSecret; });
    factory_.server("http://nobody/").with([](FakeServer& server) {
      server.error = Error(ErrorCode::Unavailable, "http://nobody/: nothing answers there");
    });
  }
  std::vector<std::string> secrets() const override { return {kSecret}; }
  Endpoint endpoint() const override { return endpoint_with("http://fake1/", kSecret); }
  Endpoint endpoint_of_nobody() const override { return endpoint_with("http://nobody/", kSecret); }
  Endpoint endpoint_with_wrong_secret() const override { return endpoint_with("http://fake1/", "another"); }
  std::unique_ptr<Driver> connect(const Endpoint& endpoint) override { return factory_.create(model::Product::Kea, endpoint, {}).value(); }

 protected:
  FakeFactory factory_;
  Guarded<FakeServer>& shared_ = factory_.server("http://fake1/");

 private:
  static Endpoint endpoint_with(const std::string& url, const std::string& password) {
    return {.server_name = "fake1", .url = url, .user_name = "u", .password = Secret(password)};
  }
};

class MemoryDhcp final : public MemoryServer {
 public:
  MemoryDhcp() { shared_.lock()->configuration.scopes = {{.key = "1", .prefix = ip::Prefix::parse("10.0.0.0/24").value(), .options = "[]"}}; }
  ChangeSamples samples(int number) const override {
    const ObservedReservation made = reservation(number, "app"), renamed = reservation(number, "web");
    return {.make = ReservationChange{"1", std::nullopt, made},
            .edit = ReservationChange{"1", made, renamed},
            .beside = ReservationChange{"1", std::nullopt, reservation(number + 100, "beside")},
            .of_another_kind = set("x", {}, {"10.0.0.1"}),
            .must_mention = fmt::format("10.0.0.{}", number)};
  }
  std::vector<std::string> read(const Change& place) override {
    const auto& change = std::get<ReservationChange>(place);
    const ip::Address address = (change.before ? change.before : change.after)->address;
    std::vector<std::string> lines;
    for (const ObservedReservation& kept : shared_.lock()->configuration.scopes.front().reservations) {
      if (kept.address == address) lines.push_back(reservation_line(kept.address.to_string(), to_hex(kept.identifier, ':'), kept.hostname));
    }
    return lines;
  }
  void make_elsewhere(const Change& wanted) override {
    const auto& change = std::get<ReservationChange>(wanted);
    shared_.with([&](FakeServer& server) {
      auto& kept = server.configuration.scopes.front().reservations;
      if (change.before) kept.erase(std::find(kept.begin(), kept.end(), *change.before));
      if (change.after) kept.push_back(*change.after);
      ++server.generation;
    });
  }
};

class MemoryDns final : public MemoryServer {
 public:
  MemoryDns() {
    shared_.with([](FakeServer& server) {
      server.has_dhcp = false;
      server.has_dns = true;
      server.zones.push_back({.name = "a.example", .view = "_default", .serial = 7});
      server.records["a.example"] = {{"a.example", "NS", "ns.a.example.", 300}};
    });
  }
  ChangeSamples samples(int number) const override {
    const std::string name = fmt::format("c{}", number), data = fmt::format("10.1.1.{}", number);
    return {.make = set(name, {}, {data}),
            .edit = set(name, {data}, {"10.1.2.1", "10.1.2.2"}),
            .beside = set(name + "b", {}, {"10.1.3.1"}),
            .of_another_kind = ReservationChange{"1", std::nullopt, reservation(1, "x")},
            .must_mention = data};
  }
  std::vector<std::string> read(const Change& place) override {
    const auto& change = std::get<RecordSetChange>(place);
    std::vector<std::string> lines;
    for (const ObservedRecord& record : shared_.lock()->records["a.example"]) {
      if (record.name == change.name && record.type == change.type) lines.push_back(record.data);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  void make_elsewhere(const Change& wanted) override {
    const auto& change = std::get<RecordSetChange>(wanted);
    shared_.with([&](FakeServer& server) {
      auto& records = server.records["a.example"];
      for (const ObservedRecord& record : change.before) records.erase(std::find(records.begin(), records.end(), record));
      records.insert(records.end(), change.after.begin(), change.after.end());
      ++server.generation;
    });
  }
};

INSTANTIATE_TEST_SUITE_P(Fake, ChangerContract,
                         ::testing::Values(changer_case("DhcpInMemory", [] { return std::make_unique<MemoryDhcp>(); }),
                                           changer_case("DnsInMemory", [] { return std::make_unique<MemoryDns>(); })),
                         name_of_changer_case);

}  // namespace
}  // namespace ipam::driver
