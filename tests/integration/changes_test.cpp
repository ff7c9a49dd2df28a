// Changes to managed servers: plan, apply, undo, and what is left when a part fails; the servers are in memory.
#include "integration/house.h"
#include "service/change/record_edits.h"
#include "service/change/reservation_edits.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using driver::FakeServer;
using driver::ObservedRecord;
using service::Pointer;
using service::WantedChange;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Changes : public testing::Test {
 protected:
  House house_;
  model::ManagedServer ns1_ = add_server("ns1"), ns2_ = add_server("ns2"), kea1_ = add_server("kea1");
  service::ChangeService& changes_ = *house_.changes;

  void SetUp() override {
    fake("ns1").with([](FakeServer& server) {
      server.has_dns = true;
      server.zones = {zone("corp.example")};
      server.records["corp.example"] = {{"www.corp.example", "A", "10.0.0.1", 600}, {"alias.corp.example", "CNAME", "www.corp.example.", 60}};
    });
    fake("ns2").with([](FakeServer& server) {
      server.has_dns = true;
      server.zones = {zone("10.in-addr.arpa")};
      server.records["10.in-addr.arpa"] = {{"1.0.0.10.in-addr.arpa", "PTR", "www.corp.example.", 600}};
    });
    fake("kea1").with([](FakeServer& server) {
      driver::ObservedScope scope;
      scope.key = "1";
      scope.prefix = prefix("10.0.0.0/24");
      scope.reservations = {{address("10.0.0.10"), model::ReservationIdentifier::HardwareAddress, Bytes(6, 1), "printer", std::nullopt, ""}};
      server.configuration.scopes = {scope};
    });
    for (const auto& server : {ns1_, ns2_}) ASSERT_TRUE(house_.run(house_.collector->collect_zones(server, "task/DnsConfiguration", soon())).ok());
    ASSERT_TRUE(house_.run(house_.collector->collect_configuration(kea1_, "task/ServerConfiguration", soon())).ok());
  }
  static driver::ObservedZone zone(const std::string& name) {
    driver::ObservedZone observed;
    observed.name = name;
    observed.view = "_default";
    observed.serial = 1;
    observed.health = model::ZoneHealth::Ok;
    return observed;
  }
  model::ManagedServer add_server(const std::string& name) {
    model::ManagedServer server;
    server.name = name;
    server.url = "http://" + name + "/";
    server.space_id = house_.default_space().id;
    house_.drivers.server(server.url);
    return house_.put(server);
  }
  Guarded<FakeServer>& fake(const std::string& name) { return house_.drivers.server("http://" + name + "/"); }
  static io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(30)); }

  service::RecordEdits records_{*house_.store};
  service::ReservationEdits reservations_{*house_.store};
  static service::NewRecord record(const std::string& name, const std::string& data, Pointer pointer = Pointer::Leave) {
    return {.name = name, .type = "a", .data = data, .ttl = std::nullopt, .zone = {}, .server = {}, .view = {}, .pointer = pointer};
  }
  static service::NewReservation reservation(const std::string& text, const std::string& client) {
    service::NewReservation wanted;
    wanted.address = address(text);
    wanted.identifier = client;
    wanted.hostname = "App7";
    return wanted;
  }
  Result<service::MadeChanges> apply(std::vector<WantedChange> changes) {
    model::ChangeContext why;
    why.reason = "new host";
    why.change_reference = "CHG7";
    return house_.run(changes_.apply(administrator(), std::move(changes), why, soon()));
  }
  Result<service::MadeChanges> undo(model::Id<model::ServerChange> id) {
    auto inverse = changes_.inverse_of(administrator(), id, {});
    if (!inverse.ok()) return inverse.error();
    return apply(*inverse);
  }
  model::ServerChange change(model::Id<model::ServerChange> id) { return changes_.get(administrator(), id).value(); }
  void collect(const model::ManagedServer& server) {
    house_.clock.advance(std::chrono::minutes(1));
    const bool dhcp = server.name == "kea1";
    const auto done = house_.run(dhcp ? house_.collector->collect_configuration(server, "task/ServerConfiguration", soon())
                                      : house_.collector->collect_zones(server, "task/DnsConfiguration", soon()));
    ASSERT_TRUE(done.ok()) << done.error().describe();
  }
  std::vector<std::string> on_server(const std::string& server, const std::string& zone) {
    std::vector<std::string> texts;
    for (const ObservedRecord& each : fake(server).lock()->records[zone]) texts.push_back(fmt::format("{} {} {}", each.name, each.type, each.data));
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  std::vector<std::string> stored() {
    std::vector<std::string> texts;
    const auto page = house_.dns->list_records(administrator(), {.limit = 100});
    for (const auto& view : page->items) {
      texts.push_back(fmt::format("{} {} {}", view.record.name, view.record.type, view.record.data));
    }
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  std::vector<std::string> reserved() {
    std::vector<std::string> texts;
    for (const auto& row : house_.rows<model::DhcpReservation>()) texts.push_back(row.address.to_string() + " " + row.hostname);
    return texts;
  }
};

const std::string kWww = "www.corp.example A 10.0.0.1", kAlias = "alias.corp.example CNAME www.corp.example.",
                  kPointer = "1.0.0.10.in-addr.arpa PTR www.corp.example.";

TEST_F(Changes, APlanTellsWhatWouldBeSentAndChangesNothing) {
  const auto sequence = house_.ledger->sequence();
  const auto plans = house_.run(
      changes_.plan(administrator(), records_.add(administrator(), record("App7.Corp.Example.", "10.0.0.7", Pointer::Keep)).value(), soon()));
  ASSERT_EQ(plans->size(), 2U);
  EXPECT_EQ(plans->at(0).server.name, "ns1");
  EXPECT_EQ(plans->at(0).plan.steps.at(0).what, "app7.corp.example A: add 10.0.0.7");
  EXPECT_EQ(plans->at(1).plan.steps.at(0).what, "7.0.0.10.in-addr.arpa PTR: add app7.corp.example.");
  EXPECT_EQ(house_.ledger->sequence(), sequence);
  EXPECT_THAT(stored(), ElementsAre(kPointer, kAlias, kWww));
}

TEST_F(Changes, ARecordAndItsPointerAreMadeStoredToldAndTakenBackTogether) {
  const auto done = apply(records_.add(administrator(), record("app7.corp.example", "10.0.0.7", Pointer::Keep)).value());
  ASSERT_TRUE(done.ok()) << done.error().describe();
  EXPECT_THAT(on_server("ns1", "corp.example"), ElementsAre(kAlias, "app7.corp.example A 10.0.0.7", kWww));
  EXPECT_THAT(on_server("ns2", "10.in-addr.arpa"), ElementsAre(kPointer, "7.0.0.10.in-addr.arpa PTR app7.corp.example."));
  EXPECT_THAT(stored(), ElementsAre(kPointer, "7.0.0.10.in-addr.arpa PTR app7.corp.example.", kAlias, "app7.corp.example A 10.0.0.7", kWww))
      << "without waiting for a collection";
  EXPECT_THAT(house_.journal_text(), HasSubstr(R"("state":{"before":"announced","after":"made"})"));
  EXPECT_TRUE(house_.verify_journal().ok());
  ASSERT_TRUE(undo(done->changes.back().id).ok());
  EXPECT_THAT(on_server("ns1", "corp.example"), ElementsAre(kAlias, kWww));
  EXPECT_THAT(on_server("ns2", "10.in-addr.arpa"), ElementsAre(kPointer));
  EXPECT_THAT(stored(), ElementsAre(kPointer, kAlias, kWww));
}

TEST_F(Changes, TheNextDifferencesMayTellWhatWasChangedHere) {
  ASSERT_TRUE(apply(records_.add(administrator(), record("app7.corp.example", "10.0.0.7")).value()).ok());
  fake("ns1").with([](FakeServer& server) {
    using Kind = driver::RecordDifference::Kind;
    server.differences["corp.example"] = {{Kind::Added, {"app7.corp.example", "A", "10.0.0.7", 3600}, 2}};
  });
  ASSERT_TRUE(house_.run(house_.collector->collect_zones(ns1_, "task/DnsConfiguration", soon())).ok());
  EXPECT_THAT(stored(), ElementsAre(kPointer, kAlias, "app7.corp.example A 10.0.0.7", kWww));
}

TEST_F(Changes, UndoIsRefusedWhenTheServerHoldsSomethingElse) {
  const auto done = apply(records_.add(administrator(), record("app7.corp.example", "10.0.0.7")).value());
  fake("ns1").lock()->records["corp.example"].push_back({"app7.corp.example", "A", "10.0.0.99", 3600});
  EXPECT_EQ(undo(done->changes.back().id).error().code, ErrorCode::Conflict);
  EXPECT_THAT(on_server("ns1", "corp.example"), ElementsAre(kAlias, "app7.corp.example A 10.0.0.7", "app7.corp.example A 10.0.0.99", kWww));
}

TEST_F(Changes, WhatIsNoChangeOfAServerCannotBeUndone) {
  EXPECT_EQ(undo(model::Id<model::ServerChange>{999'999}).error().code, ErrorCode::NotFound);
  const auto made = apply(records_.add(administrator(), record("app7.corp.example", "10.0.0.7")).value());
  ASSERT_TRUE(undo(made->changes.back().id).ok());
  EXPECT_EQ(undo(made->changes.back().id).error().code, ErrorCode::FailedPrecondition) << "it is undone already";
  EXPECT_EQ(change(made->changes.back().id).state, model::ServerChangeState::Undone);
}

TEST_F(Changes, APartThatFailsTakesTheOthersBack) {
  fake("ns2").lock()->change_error = Error(ErrorCode::FailedPrecondition, "the server refuses: NOTAUTH");
  const auto failed = apply(records_.add(administrator(), record("app7.corp.example", "10.0.0.7", Pointer::Keep)).value());
  EXPECT_EQ(failed.error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(failed.error().message, HasSubstr("NOTAUTH; taken back: app7.corp.example A: add 10.0.0.7 on ns1"));
  EXPECT_THAT(on_server("ns1", "corp.example"), ElementsAre(kAlias, kWww));
  EXPECT_THAT(stored(), ElementsAre(kPointer, kAlias, kWww));
}

TEST_F(Changes, AnUnknownOutcomeIsKeptAndSettledByTheNextCollection) {
  fake("ns1").with([](FakeServer& server) {
    server.change_unknown = "it is not known whether the change was made";
    server.change_is_lost = true;
  });
  const auto lost = apply(records_.add(administrator(), record("app7.corp.example", "10.0.0.7")).value());
  EXPECT_EQ(lost.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(lost.error().message, HasSubstr("ipam server collect ns1"));
  EXPECT_THAT(stored(), ElementsAre(kPointer, kAlias, kWww)) << "what is not known is not shown";
  const auto id = house_.rows<model::ServerChange>().front().id;
  EXPECT_EQ(change(id).state, model::ServerChangeState::Unknown);
  collect(ns1_);
  EXPECT_EQ(change(id).state, model::ServerChangeState::Made);
  EXPECT_THAT(stored(), ElementsAre(kPointer, kAlias, "app7.corp.example A 10.0.0.7", kWww));
  fake("ns1").with([](FakeServer& server) { server.change_is_lost = false; });
  EXPECT_FALSE(apply(records_.add(administrator(), record("app8.corp.example", "10.0.0.8")).value()).ok());
  collect(ns1_);
  EXPECT_EQ(house_.rows<model::ServerChange>().back().state, model::ServerChangeState::NotMade);
}

TEST_F(Changes, WhatTheDatabaseCouldNotRecordIsSettledByTheNextCollection) {
  // The server takes it, and then the database fails: nobody has heard the end.
  fake("kea1").lock()->before_apply = [this] { house_.store->fail_commits(Error(ErrorCode::Unavailable, "the database is gone"), 99); };
  const auto lost = apply(reservations_.add(administrator(), reservation("10.0.0.77", "02:00:00:00:00:07")).value());
  ASSERT_FALSE(lost.ok());
  EXPECT_THAT(lost.error().message, HasSubstr("the change was made"));
  house_.store->fail_commits(Error(), 0);
  fake("kea1").lock()->before_apply = nullptr;
  const auto id = house_.rows<model::ServerChange>().front().id;
  EXPECT_EQ(change(id).state, model::ServerChangeState::Announced);
  EXPECT_THAT(reserved(), ElementsAre("10.0.0.10 printer"));
  EXPECT_EQ(undo(id).error().code, ErrorCode::FailedPrecondition);
  collect(kea1_);
  EXPECT_EQ(change(id).state, model::ServerChangeState::Made);
  EXPECT_THAT(reserved(), ElementsAre("10.0.0.10 printer", "10.0.0.77 app7"));
  ASSERT_TRUE(undo(id).ok());
  EXPECT_THAT(reserved(), ElementsAre("10.0.0.10 printer"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Changes, AReservationIsMadeChangedRemovedAndUndone) {
  const auto made = apply(reservations_.add(administrator(), reservation("10.0.0.77", "02:00:00:00:00:07")).value());
  ASSERT_TRUE(made.ok()) << made.error().describe();
  EXPECT_THAT(reserved(), ElementsAre("10.0.0.10 printer", "10.0.0.77 app7"));
  EXPECT_EQ(fake("kea1").lock()->configuration.scopes[0].reservations.size(), 2U);
  EXPECT_EQ(house_.index_defect(), "");
  const auto id = house_.rows<model::DhcpReservation>({{"hostname", store::Comparison::Equal, std::string("app7")}}).front().id;
  service::ReservationPatch patch;
  patch.hostname = "app8";
  patch.address = address("10.0.0.78");
  const auto changed = apply(reservations_.change(administrator(), id, {}, patch).value());
  ASSERT_TRUE(changed.ok()) << changed.error().describe();
  EXPECT_THAT(reserved(), ElementsAre("10.0.0.10 printer", "10.0.0.78 app8"));
  ASSERT_TRUE(undo(changed->changes.back().id).ok());
  EXPECT_THAT(reserved(), ElementsAre("10.0.0.10 printer", "10.0.0.77 app7"));
  ASSERT_TRUE(apply(reservations_.remove(administrator(), id, {}).value()).ok());
  EXPECT_THAT(reserved(), ElementsAre("10.0.0.10 printer"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Changes, WhatCannotBeIsRefusedAtItsField) {
  const auto field = [](const auto& result) -> std::string {
    if (result.ok() || result.error().fields.empty()) return "none";
    return result.error().fields.front().pointer;
  };
  const auto as = administrator();
  EXPECT_EQ(field(records_.add(as, record("no..name.corp.example", "10.0.0.1"))), "/name");
  EXPECT_EQ(field(records_.add(as, record("www.other.example", "10.0.0.1"))), "/name");
  EXPECT_EQ(field(records_.add(as, record("new.corp.example", "10.0.0"))), "/data");
  EXPECT_EQ(field(records_.add(as, record("new.corp.example", "2001:db8::1"))), "/data");
  EXPECT_EQ(field(records_.add(as, record("new.corp.example", "192.0.2.1", Pointer::Keep))), "/ptr");
  EXPECT_EQ(records_.add(as, record("www.corp.example", "10.0.0.1")).error().code, ErrorCode::AlreadyExists);
  EXPECT_EQ(records_.add(as, record("alias.corp.example", "10.0.0.1")).error().code, ErrorCode::Conflict);
  EXPECT_EQ(field(reservations_.add(as, reservation("10.9.0.1", "02:00:00:00:00:07"))), "/address");
  EXPECT_EQ(field(reservations_.add(as, reservation("10.0.0.9", "none"))), "/identifier");
  EXPECT_EQ(reservations_.add(as, reservation("10.0.0.10", "02:00:00:00:00:07")).error().code, ErrorCode::AlreadyExists);
  EXPECT_EQ(reservations_.add(as, reservation("10.0.0.11", "01:01:01:01:01:01")).error().code, ErrorCode::AlreadyExists);
}

TEST_F(Changes, OnlyWhoManagesServersMayChangeThem) {
  for (const auto group : {model::Group::IpamUsers, model::Group::IpamAsmAdministrators, model::Group::IpamIpAuditAdministrators}) {
    EXPECT_EQ(records_.add(member_of(group), record("new.corp.example", "10.0.0.2")).error().code, ErrorCode::PermissionDenied);
    EXPECT_EQ(reservations_.add(member_of(group), reservation("10.0.0.9", "02:00:00:00:00:07")).error().code, ErrorCode::PermissionDenied);
    const auto changes = records_.add(administrator(), record("new.corp.example", "10.0.0.2")).value();
    EXPECT_EQ(house_.run(changes_.plan(member_of(group), changes, soon())).error().code, ErrorCode::PermissionDenied);
  }
}

TEST_F(Changes, AServerThatIsGoneOrTakesNoChangesIsSaidSo) {
  fake("ns1").lock()->has_changer = false;
  EXPECT_EQ(apply(records_.add(administrator(), record("new.corp.example", "10.0.0.2")).value()).error().code, ErrorCode::Unsupported);
  fake("ns1").with([](FakeServer& server) {
    server.has_changer = true;
    server.error = Error(ErrorCode::Unavailable, "nothing answers there");
  });
  const auto sequence = house_.ledger->sequence();
  EXPECT_EQ(apply(records_.add(administrator(), record("new.corp.example", "10.0.0.2")).value()).error().code, ErrorCode::Unavailable);
  EXPECT_EQ(house_.ledger->sequence(), sequence) << "nothing was sent: there is nothing to tell";
}

}  // namespace
}  // namespace ipam::test
