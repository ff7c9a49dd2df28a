// The driver against the real BIND of tests/lab/bind_lab.py.
#include "driver/bind9/bind9_driver.h"
#include "driver/bind9/real_bind_suite.h"
#include "driver/bind9/record_text.h"
#include "driver/fake_driver_suite.h"
#include "io/blocking.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace ipam::driver::bind9 {
namespace {

using client::dns::BindLab;
using model::ZoneHealth;
using model::ZoneKind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kKey = "key-hmac-sha256";
constexpr const char* kZone = "hmac-sha256.example";
constexpr std::uint32_t kSerial = 2026112501;

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

// One lab for all tests: the servers take seconds to start. What is true of them is asked of them by dig before each test.
BindLab& shared_lab() {
  static BindLab lab({});
  return lab;
}

// By one dig for all: starting it takes longer than asking.
std::map<std::string, std::uint32_t> dig_serials(const std::vector<std::string>& zones) {
  std::string questions = "+noall +answer";
  for (const std::string& zone : zones) questions += " " + zone + " SOA";
  std::map<std::string, std::uint32_t> serials;
  for (const std::string& line : dig(shared_lab().primary().port, questions)) {
    std::istringstream words(line);
    std::string name, ttl, record_class, type, primary, mailbox;
    words >> name >> ttl >> record_class >> type >> primary >> mailbox >> serials[name.substr(0, name.find_last_of('.'))];
  }
  return serials;
}

ObservedRecord record_of(const std::string& line) {
  std::istringstream words(line);
  std::string name, record_class;
  ObservedRecord record;
  words >> name >> record.ttl >> record_class >> record.type;
  std::getline(words, record.data);
  record.data.erase(0, record.data.find_first_not_of(" \t"));
  record.name = model_name(wire::dns::Name::parse(name).value());
  return record;
}

class RealBind final : public DnsContractServer {
 public:
  RealBind() {
    const client::dns::LabKey& key = shared_lab().key(kKey);
    truth_.version = "9.";
    truth_.zone = kZone;
    truth_.view = "_default";
    for (const char* secret : {kKey, "rndc-key", "transfer-key", "update-key"}) truth_.secrets.push_back(shared_lab().key(secret).secret.reveal());
    const std::map<std::string, ZoneHealth> ill = {{"broken.example", ZoneHealth::NeverLoaded}, {"private.example", ZoneHealth::NotServed}};
    const std::vector<std::string> names = {
        "10.in-addr.arpa",     "8.b.d.0.1.0.0.2.ip6.arpa", "broken.example",      "closed.example", "hmac-sha1.example", "hmac-sha224.example",
        "hmac-sha256.example", "hmac-sha384.example",      "hmac-sha512.example", "lab.example",    "private.example",   "static.example"};
    const auto serials = dig_serials(names);
    for (const std::string& name : names) {
      KnownZone zone{.name = name, .view = "_default", .kind = ZoneKind::Primary, .health = ZoneHealth::Ok, .serial = kSerial};
      if (const auto found = ill.find(name); found != ill.end()) zone.health = found->second;
      if (zone.health == ZoneHealth::NeverLoaded) {
        zone.serial.reset();
      } else if (zone.health == ZoneHealth::Ok) {
        zone.serial = serials.at(name);
      }
      truth_.zones.push_back(std::move(zone));
    }
    // The SOA record stands at the end again.
    auto lines =
        dig(shared_lab().primary().port, fmt::format("+noall +answer -y {}:{}:{} {} AXFR", key.algorithm, key.name, key.secret.reveal(), kZone));
    lines.pop_back();
    for (const std::string& line : lines) truth_.records.push_back(record_of(line));
  }

  const KnownDnsServer& truth() const override { return truth_; }
  Endpoint endpoint() const override { return lab_endpoint(shared_lab(), shared_lab().primary(), kKey); }
  Endpoint endpoint_of_nobody() const override {
    Endpoint endpoint = this->endpoint();
    endpoint.url = "http://127.0.0.1:1/";
    endpoint.accesses[0].url = "dns://127.0.0.1:1";
    endpoint.accesses[1].url = "rndc://127.0.0.1:1";
    return endpoint;
  }
  Endpoint endpoint_with_wrong_secret() const override {
    Endpoint endpoint = this->endpoint();
    endpoint.accesses[0].secret = Secret("bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBzZXJ2ZXI=");
    return endpoint;
  }
  std::unique_ptr<Driver> connect(const Endpoint& endpoint, const Limits& limits) override {
    return Bind9Driver::create(endpoint, limits, clock_, resolver_).value();
  }

 private:
  KnownDnsServer truth_;
  SystemClock clock_;
  io::Resolver resolver_{1};
};

INSTANTIATE_TEST_SUITE_P(Bind9, DnsContract, ::testing::Values(dns_case("Real", [] { return std::make_unique<RealBind>(); })), name_of_dns_case);

// Places in the same zone; what stands there is read by dig and changed by nsupdate.
class ChangedBind final : public ChangerContractServer {
 public:
  ChangeSamples samples(int number) const override {
    const std::string name = fmt::format("c{}", number), data = fmt::format("10.1.1.{}", number);
    return {.make = set(name, {}, {data}),
            .edit = set(name, {data}, {"10.1.2.1", "10.1.2.2"}),
            .beside = set(name + "b", {}, {"10.1.3.1"}),
            .of_another_kind = ReservationChange{"1", std::nullopt, ObservedReservation{}},
            .must_mention = data};
  }
  std::vector<std::string> secrets() const override { return bind_.truth().secrets; }
  Endpoint endpoint() const override { return bind_.endpoint(); }
  Endpoint endpoint_of_nobody() const override { return bind_.endpoint_of_nobody(); }
  Endpoint endpoint_with_wrong_secret() const override { return bind_.endpoint_with_wrong_secret(); }
  std::unique_ptr<Driver> connect(const Endpoint& endpoint) override { return bind_.connect(endpoint, {}); }
  std::vector<std::string> read(const Change& place) override {
    const auto& change = std::get<RecordSetChange>(place);
    auto lines = dig(shared_lab().primary().port, fmt::format("+short {} {}", change.name, change.type));
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  void make_elsewhere(const Change& wanted) override {
    const auto& change = std::get<RecordSetChange>(wanted);
    std::string script = fmt::format("server 127.0.0.1 {}\nzone {}\n", shared_lab().primary().port, change.zone);
    for (const ObservedRecord& record : change.before) script += fmt::format("update delete {} {} {}\n", record.name, record.type, record.data);
    for (const ObservedRecord& record : change.after) {
      script += fmt::format("update add {} {} {} {}\n", record.name, record.ttl, record.type, record.data);
    }
    nsupdate(shared_lab().key(kKey), script + "send\n");
  }

 private:
  static RecordSetChange set(const std::string& label, const std::vector<std::string>& before, const std::vector<std::string>& after) {
    RecordSetChange change{.zone = kZone, .view = "_default", .name = label + "." + kZone, .type = "A", .before = {}, .after = {}};
    for (const std::string& data : before) change.before.push_back({change.name, "A", data, 300});
    for (const std::string& data : after) change.after.push_back({change.name, "A", data, 300});
    return change;
  }

  RealBind bind_;
};

INSTANTIATE_TEST_SUITE_P(Bind9, ChangerContract, ::testing::Values(changer_case("Real", [] { return std::make_unique<ChangedBind>(); })),
                         name_of_changer_case);

class RealBindServer : public testing::Test {
 protected:
  std::unique_ptr<Driver> connect(const Endpoint& endpoint) { return Bind9Driver::create(endpoint, {}, clock_, resolver_).value(); }
  std::unique_ptr<Driver> primary(const std::string& key) { return connect(lab_endpoint(shared_lab(), shared_lab().primary(), key)); }
  std::unique_ptr<Driver> secondary() { return connect(lab_endpoint(shared_lab(), shared_lab().secondary(), "transfer-key")); }
  static RecordSetChange set(const std::string& zone, const std::string& name, const std::string& type, const std::vector<std::string>& before,
                             const std::vector<std::string>& after) {
    RecordSetChange change{.zone = zone, .view = "_default", .name = name, .type = type, .before = {}, .after = {}};
    for (const std::string& data : before) change.before.push_back({name, type, data, 300});
    for (const std::string& data : after) change.after.push_back({name, type, data, 300});
    return change;
  }
  Result<Applied> carry_out(Driver& driver, std::vector<Change> changes) {
    auto plan = loop_.run(driver.changer()->plan(std::move(changes), soon()));
    if (!plan.ok()) return plan.error();
    return loop_.run(driver.changer()->apply(std::move(plan).value(), soon()));
  }

  io::BlockingLoop loop_;
  SystemClock clock_;
  io::Resolver resolver_{1};
};

TEST_F(RealBindServer, TellsTheHealthOfEverySecondaryZone) {
  const auto driver = secondary();
  const auto observed = loop_.run(driver->dns()->collect_zones(soon()));
  ASSERT_TRUE(observed.ok()) << observed.error().describe();
  std::map<std::string, const ObservedZone*> zones;
  for (const ObservedZone& zone : observed->zones) {
    EXPECT_EQ(zone.kind, ZoneKind::Secondary);
    zones[zone.name] = &zone;
  }
  ASSERT_EQ(zones.size(), 6U);
  const std::map<std::string, ZoneHealth> expected = {{"lab.example", ZoneHealth::Ok},          {"10.in-addr.arpa", ZoneHealth::Ok},
                                                      {"static.example", ZoneHealth::Ok},       {"orphan.example", ZoneHealth::PrimaryUnreachable},
                                                      {"expired.example", ZoneHealth::Expired}, {"never.example", ZoneHealth::NeverLoaded}};
  for (const auto& [name, health] : expected) {
    ASSERT_TRUE(zones.contains(name)) << name;
    EXPECT_EQ(model::enum_to_text(zones[name]->health), model::enum_to_text(health)) << name << ": " << zones[name]->problem;
  }
  EXPECT_TRUE(zones["lab.example"]->serial && zones["lab.example"]->expires_at && zones["lab.example"]->refresh_at);
  EXPECT_THAT(zones["orphan.example"]->problem, HasSubstr("rndc refresh orphan.example"));
  EXPECT_FALSE(zones["expired.example"]->serial);
}

TEST_F(RealBindServer, ReadsWhatChangedByDifferences) {
  const auto driver = primary("transfer-key"), changing = primary("update-key");
  const ZoneRequest all{"lab.example", "_default", std::nullopt};
  CollectingRecordSink whole;
  const std::uint32_t before = loop_.run(driver->dns()->transfer_zone(all, whole, soon())).value().serial;
  const auto made = carry_out(*changing, {set("lab.example", "new.lab.example", "A", {}, {"10.5.5.5"})});
  ASSERT_TRUE(made.ok()) << made.error().describe();
  const auto gone = carry_out(*changing, {inverse(made->changes[0])});
  ASSERT_TRUE(gone.ok()) << gone.error().describe();
  CollectingRecordSink sink;
  const ZoneRequest since{"lab.example", "_default", before};
  const auto transfer = loop_.run(driver->dns()->transfer_zone(since, sink, soon()));
  ASSERT_TRUE(transfer.ok()) << transfer.error().describe();
  EXPECT_EQ(transfer->route, "IXFR signed by transfer-key");
  EXPECT_EQ(sink.content, RecordSink::Content::Differences);
  std::vector<std::string> steps;
  for (const RecordDifference& each : sink.differences) {
    const std::string what = each.record.type == "SOA" ? "SOA" : each.record.data;
    steps.push_back(fmt::format("{}{} {}", each.kind == RecordDifference::Kind::Added ? '+' : '-', what, each.serial - before));
  }
  EXPECT_THAT(steps, ElementsAre("-SOA 1", "+SOA 1", "+10.5.5.5 1", "-SOA 2", "-10.5.5.5 2", "+SOA 2"));
}

TEST_F(RealBindServer, MakesAnAddressAndItsReverseInTwoZones) {
  const auto driver = primary("update-key");
  const std::vector<Change> both = {set("lab.example", "pair.lab.example", "A", {}, {"10.0.7.7"}),
                                    set("10.in-addr.arpa", "7.7.0.10.in-addr.arpa", "PTR", {}, {"pair.lab.example."})};
  const auto plan = loop_.run(driver->changer()->plan(both, soon()));
  ASSERT_TRUE(plan.ok()) << plan.error().describe();
  ASSERT_EQ(plan->steps.size(), 2U);
  EXPECT_EQ(plan->steps[1].request,
            "zone 10.in-addr.arpa.\nprereq nxrrset 7.7.0.10.in-addr.arpa. PTR\nupdate add 7.7.0.10.in-addr.arpa. 300 PTR pair.lab.example.\n");
  const auto applied = loop_.run(driver->changer()->apply(*plan, soon()));
  ASSERT_TRUE(applied.ok()) << applied.error().describe();
  EXPECT_EQ(applied->changes, both);
  EXPECT_THAT(dig(shared_lab().primary().port, "+short -x 10.0.7.7"), ElementsAre("pair.lab.example."));
  // The second zone does not take it: the first is taken back.
  const auto half = loop_.run(driver->changer()->plan({set("lab.example", "half.lab.example", "A", {}, {"10.0.7.8"}),
                                                       set("10.in-addr.arpa", "8.7.0.10.in-addr.arpa", "PTR", {}, {"half.lab.example."})},
                                                      soon()));
  ASSERT_TRUE(half.ok()) << half.error().describe();
  ASSERT_TRUE(carry_out(*driver, {set("10.in-addr.arpa", "8.7.0.10.in-addr.arpa", "PTR", {}, {"other.lab.example."})}).ok());
  const auto refused = loop_.run(driver->changer()->apply(*half, soon()));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Stale) << refused.error().describe();
  EXPECT_THAT(dig(shared_lab().primary().port, "+short half.lab.example A"), IsEmpty());
}

TEST_F(RealBindServer, SaysWhatRefusesAChange) {
  const auto change = [&](const std::string& key, const Change& wanted) {
    const auto driver = primary(key);
    const auto plan = loop_.run(driver->changer()->plan({wanted}, soon()));
    return plan.ok() ? Error(ErrorCode::Internal, "it was planned") : plan.error();
  };
  const Error may_not = change("transfer-key", set("lab.example", "x.lab.example", "A", {}, {"10.0.0.1"}));
  EXPECT_EQ(may_not.code, ErrorCode::PermissionDenied) << may_not.describe();
  EXPECT_THAT(may_not.message, HasSubstr("allow-update"));
  const Error no_zone = change("update-key", set("elsewhere.example", "x.elsewhere.example", "A", {}, {"10.0.0.1"}));
  EXPECT_TRUE(no_zone.code == ErrorCode::NotFound || no_zone.code == ErrorCode::PermissionDenied) << no_zone.describe();
  const Error exists = change("update-key", set("lab.example", "www.lab.example", "A", {}, {"10.0.0.1"}));
  EXPECT_EQ(exists.code, ErrorCode::Conflict) << exists.describe();
  EXPECT_THAT(exists.message, HasSubstr("10.0.0.80"));
  const Error alias = change("update-key", set("lab.example", "mail2.lab.example", "A", {}, {"10.0.0.1"}));
  EXPECT_EQ(alias.code, ErrorCode::Conflict) << alias.describe();
  EXPECT_THAT(alias.message, HasSubstr("alias"));
  const Error beside = change("update-key", set("lab.example", "www.lab.example", "CNAME", {}, {"mail.lab.example."}));
  EXPECT_EQ(beside.code, ErrorCode::Conflict) << beside.describe();
  const Error reservation = change("update-key", ReservationChange{.scope_key = "1", .before = {}, .after = {}});
  EXPECT_EQ(reservation.code, ErrorCode::Unsupported) << reservation.describe();
  for (const Change& bad :
       {Change(set("lab.example", "x.other.example", "A", {}, {"10.0.0.1"})), Change(set("lab.example", "a..b", "A", {}, {"10.0.0.1"})),
        Change(set("lab.example", "x.lab.example", "A", {}, {"10.0.0"})), Change(set("lab.example", "x.lab.example", "AXFR", {}, {"x"}))}) {
    EXPECT_EQ(change("update-key", bad).code, ErrorCode::InvalidArgument);
  }
}

// A wildcard answers for names that are not there: only prerequisites tell what the zone holds.
TEST_F(RealBindServer, IsNotDeceivedByWildcards) {
  const auto driver = primary("update-key");
  const auto made = carry_out(*driver, {set("lab.example", "own.wild.lab.example", "A", {}, {"10.0.0.5"})});
  ASSERT_TRUE(made.ok()) << made.error().describe();
  EXPECT_THAT(dig(shared_lab().primary().port, "+short own.wild.lab.example A"), ElementsAre("10.0.0.5"));
  const auto gone = carry_out(*driver, {inverse(made->changes[0])});
  ASSERT_TRUE(gone.ok()) << gone.error().describe();
  EXPECT_THAT(dig(shared_lab().primary().port, "+short own.wild.lab.example A"), ElementsAre("10.0.0.99"));
}

TEST_F(RealBindServer, ProbesEachAccessForItself) {
  Endpoint endpoint = lab_endpoint(shared_lab(), shared_lab().primary(), "transfer-key");
  const auto well = loop_.run(connect(endpoint)->probe(soon())).value();
  EXPECT_THAT(well.capabilities, ElementsAre("control", "record-changes", "records", "zones"));
  EXPECT_THAT(well.findings, IsEmpty());
  endpoint.accesses[1].secret = Secret("bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBzZXJ2ZXI=");
  endpoint.accesses[0].url = "dns://127.0.0.1:1";
  const auto ill = loop_.run(connect(endpoint)->probe(soon())).value();
  ASSERT_EQ(ill.accesses.size(), 2U);
  EXPECT_EQ(ill.accesses[0].availability, model::ServerAvailability::Unreachable);
  EXPECT_EQ(ill.accesses[1].availability, model::ServerAvailability::AccessDenied);
  EXPECT_THAT(ill.accesses[1].problem, HasSubstr("control key"));
  const auto no_transfer = loop_.run(primary("rndc-key")->probe(soon())).value();
  EXPECT_THAT(no_transfer.findings, Contains(HasSubstr("allow-transfer")));
  endpoint.accesses.clear();
  const auto bare = connect(endpoint);
  EXPECT_EQ(bare->changer(), nullptr);
  EXPECT_THAT(loop_.run(bare->probe(soon())).value().findings, Contains(HasSubstr("dns://")));
  CollectingRecordSink sink;
  const ZoneRequest zone{"lab.example", "_default", std::nullopt};
  EXPECT_EQ(loop_.run(bare->dns()->transfer_zone(zone, sink, soon())).error().code, ErrorCode::Unsupported);
}

TEST(RealBindWithoutStatistics, NamesTheOptionThatIsMissing) {
  const BindLab lab({"--primary-only", "--zone-statistics", "none"});
  const SystemClock clock;
  io::Resolver resolver(1);
  io::BlockingLoop loop;
  const auto driver = Bind9Driver::create(lab_endpoint(lab, lab.primary(), "transfer-key"), {}, clock, resolver).value();
  const auto zones = loop.run(driver->dns()->collect_zones(soon()));
  ASSERT_FALSE(zones.ok());
  EXPECT_EQ(zones.error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(zones.error().message, HasSubstr("zone-statistics full"));
  EXPECT_THAT(loop.run(driver->probe(soon())).value().findings, Contains(HasSubstr("zone-statistics full")));
}

}  // namespace
}  // namespace ipam::driver::bind9
