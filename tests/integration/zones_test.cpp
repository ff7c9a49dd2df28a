// What a collection does with the zones and records that a driver observes; the managed servers are in memory.
#include "integration/house.h"
#include "model/dns_name.h"
#include "service/zones/record_merge.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using driver::FakeServer;
using driver::ObservedRecord;
using driver::ObservedZone;
using driver::RecordDifference;
using model::ZoneHealth;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kZone = "corp.example";

ObservedZone zone(const std::string& name, std::uint32_t serial, model::ZoneKind kind = model::ZoneKind::Primary) {
  ObservedZone observed;
  observed.name = name;
  observed.view = "_default";
  observed.kind = kind;
  observed.health = ZoneHealth::Ok;
  observed.serial = serial;
  return observed;
}

ObservedRecord soa(std::uint32_t serial, std::uint32_t refresh = 600) {
  return {kZone, "SOA", fmt::format("ns1.corp.example hostmaster.corp.example {} {} 300 86400 60", serial, refresh), 3600};
}
ObservedRecord a(const std::string& name, const std::string& data, std::uint32_t ttl = 3600) { return {name + "." + kZone, "A", data, ttl}; }

RecordDifference added(ObservedRecord record, std::uint32_t serial) { return {RecordDifference::Kind::Added, std::move(record), serial}; }
RecordDifference removed(ObservedRecord record, std::uint32_t serial) { return {RecordDifference::Kind::Removed, std::move(record), serial}; }

class Zones : public testing::Test {
 protected:
  House house_;
  model::ManagedServer server_ = add_server("ns1");

  void SetUp() override {
    fake().with([](FakeServer& server) {
      server.zones = {zone(kZone, 1)};
      server.records[kZone] = {soa(1), a("www", "10.0.0.1"), a("www", "10.0.0.2"), a("mail", "10.0.0.3")};
    });
  }
  model::ManagedServer add_server(const std::string& name) {
    model::ManagedServer server;
    server.name = name;
    server.product = model::Product::Bind9;
    server.url = "http://" + name + "/";
    server.space_id = house_.default_space().id;
    house_.drivers.server(server.url).with([](FakeServer& fake) {
      fake.has_dns = true;
      fake.has_dhcp = false;
    });
    return house_.put(server);
  }
  Guarded<FakeServer>& fake(const std::string& name = "ns1") { return house_.drivers.server("http://" + name + "/"); }
  static io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(30)); }
  Result<std::string> collect(const model::ManagedServer& server) {
    return house_.run(house_.collector->collect_zones(server, "task/DnsConfiguration", soon()));
  }
  Result<std::string> collect() { return collect(server_); }
  Result<std::string> check(const model::ManagedServer& server) {
    return house_.run(house_.collector->check_zones(server, "task/ServiceMonitoring", soon()));
  }
  // As a person would ask: only what is shown.
  std::vector<std::string> shown(std::vector<store::Condition> where = {}) {
    std::vector<std::string> texts;
    const auto page =
        house_.dns->list_records(administrator(), {.where = std::move(where), .sort = {{"zone_id", false}, {"name", false}}, .limit = 1'000});
    EXPECT_TRUE(page.ok()) << page.error().describe();
    for (const auto& view : page->items) {
      if (view.record.type != "SOA") texts.push_back(fmt::format("{} {} {}", view.record.name, view.record.ttl, view.record.data));
    }
    return texts;
  }
  model::ZoneStatus status(const std::string& server = "ns1") {
    for (const auto& view : house_.dns->list_zones(administrator(), {}).value().items) {
      if (house_.inventory->get_server(administrator(), view.zone.server_id)->name == server) return view.status;
    }
    return {};
  }
  std::size_t rows() { return house_.rows<model::DnsRecord>().size(); }
};

const std::vector<std::string> kFirst{"mail.corp.example 3600 10.0.0.3", "www.corp.example 3600 10.0.0.1", "www.corp.example 3600 10.0.0.2"};

TEST_F(Zones, AFirstLoadShowsEveryRecordAndIsOneSummaryInTheJournal) {
  EXPECT_EQ(collect().value(), "1 zone; 1 change; records of 1 zone: 4 there, 4 new, 0 gone");
  EXPECT_EQ(shown(), kFirst);
  EXPECT_EQ(status().records, 4U);
  EXPECT_EQ(status().transferred_serial, 1U);
  EXPECT_EQ(status().refresh_seconds, 600U);
  EXPECT_FALSE(status().unfinished);
  EXPECT_EQ(house_.rows<model::JournalRecord>({{"object_type", store::Comparison::Equal, std::string("dns_zone")}}).size(), 2U)
      << "the zone itself, and its records together";
  EXPECT_THAT(house_.journal_text(), HasSubstr(R"("records":{"content":"first load","route":"memory","serial_before":null,"serial":1,"added":4)"));
  EXPECT_THAT(house_.journal_text(), Not(HasSubstr("10.0.0.1")));
  EXPECT_TRUE(house_.verify_journal().ok());
}

TEST_F(Zones, TheDigestOfAFirstLoadIsThatOfItsRowsByTheirIds) {
  ASSERT_TRUE(collect().ok());
  std::string lines;
  for (const auto& row : house_.rows<model::DnsRecord>()) lines += fmt::format("+{} {} {} {}\n", row.name, row.ttl, row.type, row.data);
  EXPECT_THAT(house_.journal_text(), HasSubstr(to_hex(crypto::sha256(as_bytes(lines)))));
}

TEST_F(Zones, WritesNoRecordWhenTheSerialIsAsBefore) {
  ASSERT_TRUE(collect().ok());
  const auto before = house_.ledger->sequence();
  EXPECT_EQ(collect().value(), "1 zone; 0 changes; records of 1 zone: 4 there, 0 new, 0 gone");
  EXPECT_EQ(house_.ledger->sequence(), before);
}

TEST_F(Zones, AnotherWholeZoneWritesOnlyWhatDiffers) {
  ASSERT_TRUE(collect().ok());
  const auto kept = house_.rows<model::DnsRecord>({{"data", store::Comparison::Equal, std::string("10.0.0.1")}}).front();
  fake().with([](FakeServer& server) {
    server.zones[0].serial = 2;
    server.records[kZone] = {soa(2), a("www", "10.0.0.1"), a("mail", "10.0.0.3", 60), a("new", "10.0.0.9")};
  });
  EXPECT_EQ(collect().value(), "1 zone; 0 changes; records of 1 zone: 4 there, 3 new, 3 gone");
  EXPECT_THAT(shown(), ElementsAre("mail.corp.example 60 10.0.0.3", "new.corp.example 3600 10.0.0.9", "www.corp.example 3600 10.0.0.1"));
  EXPECT_EQ(house_.rows<model::DnsRecord>({{"data", store::Comparison::Equal, std::string("10.0.0.1")}}).front(), kept);
  EXPECT_EQ(rows(), 4U) << "what went is cleared";
  EXPECT_THAT(house_.journal_text(), HasSubstr(R"({"kind":"removed","name":"www.corp.example","type":"A","data":"10.0.0.2","ttl":3600})"));
}

TEST_F(Zones, DifferencesAreAppliedInTheirOrderAndToldByVersion) {
  ASSERT_TRUE(collect().ok());
  fake().with([](FakeServer& server) {
    server.zones[0].serial = 3;
    server.differences[kZone] = {removed(soa(1), 2),
                                 removed(a("www", "10.0.0.1"), 2),
                                 added(soa(2), 2),
                                 added(a("new", "10.0.0.9"), 2),
                                 removed(soa(2), 3),
                                 removed(a("new", "10.0.0.9"), 3),
                                 removed(a("mail", "10.0.0.3"), 3),
                                 added(soa(3), 3),
                                 added(a("www", "10.0.0.1"), 3),
                                 added(a("mail", "10.0.0.3", 60), 3)};
    server.chunk = 3;
  });
  EXPECT_TRUE(collect().ok());
  EXPECT_THAT(shown(), ElementsAre("mail.corp.example 60 10.0.0.3", "www.corp.example 3600 10.0.0.2", "www.corp.example 3600 10.0.0.1"));
  EXPECT_EQ(status().records, 4U);
  EXPECT_EQ(status().transferred_serial, 3U);
  EXPECT_EQ(rows(), 4U);
  EXPECT_THAT(house_.journal_text(), HasSubstr(R"("content":"differences","route":"memory","serial_before":1,"serial":2,"added":2,"removed":2)"));
  EXPECT_THAT(house_.journal_text(), HasSubstr(R"("serial_before":2,"serial":3,"added":3,"removed":3)"));
}

TEST_F(Zones, DifferencesThatDoNotFitMakeTheWholeZoneBeRead) {
  ASSERT_TRUE(collect().ok());
  fake().with([](FakeServer& server) {
    server.zones[0].serial = 2;
    server.differences[kZone] = {added(a("new", "10.0.0.9"), 2), removed(a("never", "10.0.0.77"), 2)};
    server.records[kZone] = {soa(2), a("whole", "10.0.0.8")};
  });

  EXPECT_TRUE(collect().ok());
  EXPECT_THAT(shown(), ElementsAre("whole.corp.example 3600 10.0.0.8"));
  EXPECT_EQ(rows(), 2U);
}

TEST_F(Zones, ATransferThatBreaksOffLeavesTheRecordsAsTheyWere) {
  ASSERT_TRUE(collect().ok());
  fake().with([](FakeServer& server) {
    server.zones[0].serial = 2;
    server.records[kZone] = {a("evil", "192.0.2.1"), a("www", "10.0.0.1", 1), soa(2), a("other", "192.0.2.2")};
    server.record_error = Error(ErrorCode::PermissionDenied, "the signature of message 3 is wrong");
    server.chunk = 1;
  });
  for (const std::size_t told : {0U, 1U, 2U, 3U, 4U}) {
    fake().lock()->record_error_after = told;
    EXPECT_EQ(collect().error().code, ErrorCode::PermissionDenied);
    EXPECT_EQ(shown(), kFirst);
    EXPECT_EQ(rows(), 4U);
    EXPECT_EQ(status().transferred_serial, 1U);
    EXPECT_THAT(status().transfer_problem, HasSubstr("the signature of message 3 is wrong"));
  }
  fake().lock()->record_error.reset();
  EXPECT_TRUE(collect().ok());
  EXPECT_EQ(shown().size(), 3U);
  EXPECT_EQ(status().transfer_problem, "");
}

TEST_F(Zones, AFirstLoadThatBreaksOffShowsNothing) {
  fake().with([](FakeServer& server) {
    server.record_error = Error(ErrorCode::Unavailable, "the connection ended");
    server.record_error_after = 3;
    server.chunk = 1;
  });
  EXPECT_EQ(collect().error().code, ErrorCode::Unavailable);
  EXPECT_THAT(shown(), IsEmpty());
  EXPECT_EQ(rows(), 0U);
}

TEST_F(Zones, WhatAStoppedProgramLeftIsClearedByTheNextTransfer) {
  ASSERT_TRUE(collect().ok());
  // As a program that ends in the middle leaves it: rows of a generation that never came to be shown.
  const auto zone_id = house_.rows<model::DnsZone>().front().id;
  model::ZoneStatus interrupted = status();
  interrupted.unfinished = true;
  auto old = house_.rows<model::DnsRecord>({{"data", store::Comparison::Equal, std::string("10.0.0.1")}}).front();
  ASSERT_TRUE(house_
                  .write([&](ledger::Transaction& transaction) -> Result<void> {
                    transaction.put_row(interrupted);
                    old.removed = interrupted.generation + 1;
                    transaction.put_row(old);
                    model::DnsRecord half{{1}, zone_id, "half.corp.example", "A", "10.9.9.9", 1, std::nullopt, interrupted.generation + 1};
                    transaction.insert_row(half);
                    return {};
                  })
                  .ok());
  EXPECT_EQ(shown(), kFirst) << "also before it is cleared";
  fake().lock()->zones[0].serial = 2;
  fake().lock()->differences[kZone] = {removed(a("www", "10.0.0.1"), 2)};
  EXPECT_TRUE(collect().ok());
  EXPECT_THAT(shown(), ElementsAre("mail.corp.example 3600 10.0.0.3", "www.corp.example 3600 10.0.0.2"));
  EXPECT_EQ(rows(), 3U);
}

TEST_F(Zones, AServerThatTellsARecordTwiceIsRightedLater) {
  fake().lock()->records[kZone] = {soa(1), a("www", "10.0.0.1"), a("www", "10.0.0.1")};
  ASSERT_TRUE(collect().ok());
  fake().lock()->zones[0].serial = 2;
  fake().lock()->records[kZone] = {soa(2), a("www", "10.0.0.1")};
  ASSERT_TRUE(collect().ok());
  EXPECT_THAT(shown(), ElementsAre("www.corp.example 3600 10.0.0.1"));
}

TEST_F(Zones, AZoneThatIsGoneTakesItsRecordsAlong) {
  ASSERT_TRUE(collect().ok());
  fake().lock()->zones.clear();
  EXPECT_EQ(collect().value(), "0 zones; 1 change; records of 0 zones: 0 there, 0 new, 0 gone");
  EXPECT_EQ(rows(), 0U);
  EXPECT_THAT(house_.rows<model::ZoneStatus>(), IsEmpty());
  EXPECT_THAT(house_.rows<model::DnsZone>(), IsEmpty());
}

TEST_F(Zones, AServerThatIsRemovedTakesItsZonesAndRecordsAlong) {
  ASSERT_TRUE(collect().ok());
  ASSERT_TRUE(house_.run(house_.inventory->erase_server(administrator(), server_.id, std::nullopt, {})).ok());
  EXPECT_EQ(rows(), 0U);
  EXPECT_THAT(house_.rows<model::ZoneStatus>(), IsEmpty());
  EXPECT_EQ(collect().error().code, ErrorCode::NotFound) << "a collection that comes later brings nothing back";
  EXPECT_THAT(house_.rows<model::DnsZone>(), IsEmpty());
}

TEST_F(Zones, ASecondaryIsReadOnlyWhereNoPrimaryIsManaged) {
  const auto second = add_server("ns2");
  fake("ns2").with([](FakeServer& server) {
    server.zones = {zone(kZone, 1, model::ZoneKind::Secondary)};
    server.records[kZone] = {soa(1), a("copy", "10.0.0.1")};
  });
  ASSERT_TRUE(collect(second).ok());
  EXPECT_THAT(shown(), ElementsAre("copy.corp.example 3600 10.0.0.1"));
  ASSERT_TRUE(collect().ok());
  fake("ns2").lock()->zones[0].serial = 5;
  EXPECT_THAT(collect(second).value(), HasSubstr("1 zone read from another server"));
}

TEST_F(Zones, ASecondaryThatLagsForLongerThanRefreshIsBehind) {
  const auto second = add_server("ns2");
  fake("ns2").lock()->zones = {zone(kZone, 0xFFFF'FFFF, model::ZoneKind::Secondary)};
  ASSERT_TRUE(collect().ok());  // serial 1: newer, because serials go round
  ASSERT_TRUE(check(second).ok());
  EXPECT_EQ(status("ns2").health, ZoneHealth::Ok) << "it may still be on its way";
  house_.clock.advance(std::chrono::seconds(601));
  EXPECT_THAT(check(second).value(), HasSubstr("1 zone not well, the first: corp.example: has had serial 4294967295"));
  EXPECT_EQ(status("ns2").health, ZoneHealth::SerialBehind);
  EXPECT_THAT(status("ns2").problem, HasSubstr("ns1 has 1"));
  EXPECT_EQ(status("ns1").health, ZoneHealth::Ok);
  fake("ns2").lock()->zones[0].serial = 1;
  ASSERT_TRUE(check(second).ok());
  EXPECT_EQ(status("ns2").health, ZoneHealth::Ok);
  EXPECT_EQ(status("ns2").problem, "");
}

TEST_F(Zones, AnExpiredZoneKeepsItsRecordsAndSaysWhatIsWrong) {
  ASSERT_TRUE(collect().ok());
  fake().with([](FakeServer& server) {
    server.zones[0].serial.reset();
    server.zones[0].health = ZoneHealth::Expired;
    server.zones[0].problem = "expired at 08:00";
  });
  EXPECT_THAT(check(server_).value(), HasSubstr("corp.example: expired at 08:00"));
  EXPECT_EQ(shown(), kFirst);
  EXPECT_EQ(status().health, ZoneHealth::Expired);
}

TEST_F(Zones, RecordsAreFoundByAddressAndPointersByTheAddressTheyMean) {
  fake().with([](FakeServer& server) {
    server.zones.push_back(zone("10.in-addr.arpa", 1));
    server.records["10.in-addr.arpa"] = {{"3.0.0.10.in-addr.arpa", "PTR", "mail.corp.example", 60}};
  });
  ASSERT_TRUE(collect().ok());
  EXPECT_THAT(shown({{"address", store::Comparison::Equal, store::to_value(address("10.0.0.3"))}}),
              ElementsAre("3.0.0.10.in-addr.arpa 60 mail.corp.example", "mail.corp.example 3600 10.0.0.3"));
  EXPECT_THAT(shown({{"name", store::Comparison::Equal, std::string("mail.corp.example")}}), ElementsAre("mail.corp.example 3600 10.0.0.3"));
}

TEST_F(Zones, AServerWithoutDnsIsSaidSo) {
  fake().lock()->has_dns = false;
  const auto answer = collect();
  EXPECT_EQ(answer.error().code, ErrorCode::Unsupported);
  EXPECT_EQ(house_.inventory->get_status(administrator(), server_.id)->availability, model::ServerAvailability::Unknown);
}

}  // namespace
}  // namespace ipam::test
