// Ranges over each other, addresses that several claim, and what lies in nothing.
#include "service/planning/overlap.h"

#include "integration/house.h"
#include "service/planning/claims.h"
#include "service/planning/group_nodes.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using service::Overlap;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kPeers = R"([{"mode":"hot-standby","this-server-name":"NAME","peers":[)"
                               R"({"name":"kea1","url":"http://10.0.0.2:8001/","role":"primary"},)"
                               R"({"name":"kea2","url":"http://10.0.0.3:8001/","role":"standby"}]}])";

class Overlaps : public testing::Test {
 protected:
  House house_;

  void SetUp() override { house_.add_subnet("10.0.0.0/24"); }

  model::Range range_of(const std::string& extent, model::ManagedBy managed_by, const std::string& instance) {
    const ip::Range parsed = range(extent);
    model::Range made;
    made.space_id = house_.default_space().id;
    made.first = parsed.first();
    made.last = parsed.last();
    made.managed_by = managed_by;
    made.service_instance = instance;
    return made;
  }
  Result<model::Range> add(const model::Range& wanted) {
    auto written = house_.run(house_.planning->create<model::Range>(administrator(), wanted, {}));
    if (!written.ok()) return written.error();
    return written->value;
  }
  Overlap overlap(const model::Range& range) { return house_.planning->overlaps().read(range).value().overlap; }
  bool counts(const model::Range& range) { return house_.planning->overlaps().read(range).value().use_for_utilization; }
  template <class T>
  std::size_t found(const std::string& query) {
    const auto page = house_.search->list<T>(administrator(), {}, {.query = query});
    EXPECT_TRUE(page.ok()) << page.error().describe();
    return page->items.size();
  }
  // A range as the scope of a server with these partners.
  model::Range add_scope_range(const std::string& server_name, const std::string& extent, const std::string& partners) {
    const auto server =
        house_.put(model::ManagedServer{.name = server_name, .url = "http://" + server_name + "/", .space_id = house_.default_space().id});
    house_.put(model::DhcpServer{.server_id = server.id, .high_availability = partners});
    const auto scope = house_.put(model::DhcpScope{.server_id = server.id, .space_id = server.space_id, .key = "1", .prefix = prefix("10.0.0.0/24")});
    model::Range made = range_of(extent, model::ManagedBy::NonMsDhcp, server_name);
    made.scope_id = scope.id;
    return add(made).value();
  }
  static std::string partners_as(const std::string& name) {
    std::string text = kPeers;
    text.replace(text.find("NAME"), 4, name);
    return text;
  }
};

TEST_F(Overlaps, RangesOfOneServiceStayApart) {
  ASSERT_TRUE(add(range_of("10.0.0.10-10.0.0.99", model::ManagedBy::Ipam, "")).ok());
  const auto refused = add(range_of("10.0.0.50-10.0.0.120", model::ManagedBy::Ipam, ""));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Conflict);
  EXPECT_THAT(refused.error().message, HasSubstr("overlaps range 10.0.0.10-10.0.0.99, which is managed by ipam too"));
  EXPECT_FALSE(add(range_of("10.0.0.50-10.0.0.120", model::ManagedBy::Ipam, "Localhost")).ok()) << "it is Cadastre by any name";
}

TEST_F(Overlaps, RangesOfDifferentServicesAreFlaggedAndOneCounts) {
  const auto own = add(range_of("10.0.0.10-10.0.0.99", model::ManagedBy::Ipam, "")).value();
  EXPECT_EQ(overlap(own), Overlap::None);
  const auto other = add(range_of("10.0.0.50-10.0.0.120", model::ManagedBy::Other, "appliance")).value();
  EXPECT_EQ(overlap(own), Overlap::Overlapping);
  EXPECT_EQ(overlap(other), Overlap::Overlapping);
  EXPECT_TRUE(counts(own));
  EXPECT_FALSE(counts(other));
  EXPECT_EQ(found<model::Range>("overlap = overlapping"), 2U);
  EXPECT_EQ(found<model::Range>("overlap = none"), 0U);
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Overlaps, WhatIsExcludedIsNotShared) {
  model::Range own = range_of("10.0.0.10-10.0.0.99", model::ManagedBy::Ipam, "");
  own.exclusions = {range("10.0.0.50-10.0.0.79"), range("10.0.0.80-10.0.0.99")};
  own = add(own).value();
  // Also one of the same service may lie there.
  const auto inside = add(range_of("10.0.0.50-10.0.0.99", model::ManagedBy::Ipam, "")).value();
  EXPECT_EQ(overlap(own), Overlap::None);
  EXPECT_EQ(overlap(inside), Overlap::None);
  EXPECT_TRUE(counts(inside));
  EXPECT_EQ(house_.planning->usage(own).capacity, 40U);
  EXPECT_EQ(house_.planning->usage(inside).capacity, 50U);
}

TEST_F(Overlaps, AGapBetweenExclusionsIsShared) {
  model::Range own = range_of("10.0.0.10-10.0.0.99", model::ManagedBy::Ipam, "");
  own.exclusions = {range("10.0.0.50-10.0.0.78"), range("10.0.0.80-10.0.0.99")};
  ASSERT_TRUE(add(own).ok());
  EXPECT_FALSE(add(range_of("10.0.0.50-10.0.0.99", model::ManagedBy::Ipam, "")).ok());
}

TEST_F(Overlaps, FailoverPartnersMayServeTheSame) {
  const auto primary = add_scope_range("kea1", "10.0.0.100-10.0.0.199", partners_as("kea1"));
  const auto standby = add_scope_range("kea2", "10.0.0.100-10.0.0.199", partners_as("kea2"));
  EXPECT_EQ(overlap(primary), Overlap::FailoverPartners);
  EXPECT_EQ(overlap(standby), Overlap::FailoverPartners);
  EXPECT_FALSE(counts(standby));
  const auto stranger = add_scope_range("kea3", "10.0.0.150-10.0.0.159", "");
  EXPECT_EQ(overlap(stranger), Overlap::Overlapping);
  EXPECT_EQ(overlap(primary), Overlap::Overlapping);
}

TEST_F(Overlaps, PartnersAreToldByTheirPeers) {
  EXPECT_TRUE(service::are_partners(partners_as("kea1"), partners_as("kea2")));
  EXPECT_FALSE(service::are_partners(partners_as("kea1"), ""));
  EXPECT_FALSE(service::are_partners("[]", "[]"));
  EXPECT_FALSE(service::are_partners("{", "{"));
  EXPECT_FALSE(service::are_partners(R"([{"peers":[{"name":"a","url":"u"}]}])", R"([{"peers":[{"name":"a","url":"u"}]}])"));
}

TEST_F(Overlaps, SumsOfGroupsCountSharedAddressesOnce) {
  model::LogicalGroup group;
  const auto field = house_.put(model::CustomField{.name = "Floor", .kind = model::CustomFieldKind::Choice});
  const auto value = house_.put(model::CustomFieldValue{.field_id = field.id, .text = "3"});
  house_.planning->fields().forget({});
  group.kind = model::GroupedKind::Range;
  group.fields = {field.id};
  for (const auto& [managed_by, instance] : {std::pair(model::ManagedBy::Ipam, ""), std::pair(model::ManagedBy::Other, "x")}) {
    model::Range each = range_of("10.0.0.10-10.0.0.19", managed_by, instance);
    each.custom = {{field.id.to_string(), value.id.to_string()}};
    ASSERT_TRUE(add(each).ok());
  }
  const auto nodes = service::group_nodes(*house_.store, *house_.planning, administrator(), group, {}).value();
  ASSERT_EQ(nodes.size(), 1U);
  EXPECT_EQ(nodes[0].objects, 2U);
  EXPECT_EQ(nodes[0].usage.capacity, 10U);
}

TEST_F(Overlaps, WhatLiesInNothingIsUnmapped) {
  const auto add_address = [&](const char* text) {
    model::Address object;
    object.space_id = house_.default_space().id;
    object.address = address(text);
    return house_.run(house_.planning->create<model::Address>(administrator(), object, {})).value().value;
  };
  const auto range = add(range_of("10.0.0.10-10.0.0.19", model::ManagedBy::Ipam, "")).value();
  const auto inside = add_address("10.0.0.12");
  const auto outside = add_address("10.0.0.200");
  EXPECT_EQ(house_.planning->range_around(inside), std::optional(range.id));
  EXPECT_EQ(house_.planning->range_around(outside), std::nullopt);
  EXPECT_EQ(found<model::Address>("mapped = false"), 1U);
  EXPECT_EQ(found<model::Subnet>("mapped = false"), 1U);
  model::Block block;
  block.space_id = house_.default_space().id;
  block.prefix = prefix("10.0.0.0/8");
  ASSERT_TRUE(house_.run(house_.planning->create<model::Block>(administrator(), block, {})).ok());
  EXPECT_EQ(found<model::Subnet>("mapped = false"), 0U);
  EXPECT_EQ(found<model::Range>("mapped = true"), 1U);
}

class Claims : public Overlaps {
 protected:
  model::Id<model::AddressSpace> space_ = house_.default_space().id;

  void add_record(const std::string& text, const std::string& mac) {
    model::Address object;
    object.space_id = space_;
    object.address = address(text);
    if (!mac.empty()) object.hardware_address = ip::HardwareAddress::parse(mac).value();
    ASSERT_TRUE(house_.run(house_.planning->create<model::Address>(administrator(), object, {})).ok());
  }
  void add_lease(std::uint64_t server, const std::string& text, const std::string& mac, model::LeaseState state = model::LeaseState::Active) {
    model::Lease lease;
    lease.server_id = {server};
    lease.space_id = space_;
    lease.address = address(text);
    lease.state = state;
    lease.hardware_address = ip::HardwareAddress::parse(mac).value();
    lease.expires_at = house_.clock.now() + std::chrono::hours(1);
    ASSERT_TRUE(house_
                    .write([&](ledger::Transaction& transaction) -> Result<void> {
                      transaction.put_lease(std::nullopt, lease);
                      return {};
                    })
                    .ok());
  }
  void add_reservation(const model::DhcpScope& scope, const std::string& text, const std::string& mac) {
    const auto hardware = ip::HardwareAddress::parse(mac).value();
    house_.put(model::DhcpReservation{
        .scope_id = scope.id, .space_id = space_, .address = address(text), .identifier = Bytes(hardware.bytes().begin(), hardware.bytes().end())});
  }
  service::DuplicatePage duplicates(std::string_view cursor = {}, std::size_t limit = 50) {
    const auto reader = house_.store->open_reader().value();
    return service::list_duplicates(*reader, administrator(), {}, cursor, limit).value();
  }
  std::vector<std::string> duplicate_addresses() {
    std::vector<std::string> texts;
    for (const auto& each : duplicates().items) texts.push_back(each.address.to_string());
    return texts;
  }
};

TEST_F(Claims, OfDifferentClientsAreDuplicates) {
  add_record("10.0.0.5", "02:00:00:00:00:01");
  add_lease(7, "10.0.0.5", "02:00:00:00:00:02");
  EXPECT_THAT(duplicate_addresses(), ElementsAre("10.0.0.5"));
  EXPECT_EQ(duplicates().items.front().claims.size(), 2U);
  EXPECT_EQ(found<model::Address>("duplicate = true"), 1U);
  EXPECT_EQ(found<model::Address>("duplicate = false"), 0U);
  EXPECT_EQ(found<model::Address>("duplicate != true"), 0U);
}

TEST_F(Claims, OfTheSameClientOrOfNobodyAreNone) {
  add_record("10.0.0.5", "02:00:00:00:00:01");
  add_lease(7, "10.0.0.5", "02:00:00:00:00:01");
  add_lease(8, "10.0.0.5", "02:00:00:00:00:01");
  add_record("10.0.0.6", "");
  add_lease(7, "10.0.0.6", "02:00:00:00:00:09");
  add_record("10.0.0.7", "02:00:00:00:00:01");
  add_lease(7, "10.0.0.7", "02:00:00:00:00:02", model::LeaseState::Expired);
  EXPECT_THAT(duplicate_addresses(), IsEmpty());
  EXPECT_EQ(found<model::Address>("duplicate = true"), 0U);
}

TEST_F(Claims, WithoutARecordCountToo) {
  const auto scope = house_.add_scope("10.0.0.0/24");
  add_lease(7, "10.0.0.5", "02:00:00:00:00:01");
  add_lease(8, "10.0.0.5", "02:00:00:00:00:02");
  add_reservation(scope, "10.0.0.8", "02:00:00:00:00:03");
  add_lease(7, "10.0.0.8", "02:00:00:00:00:04");
  add_reservation(scope, "10.0.0.9", "02:00:00:00:00:05");
  add_reservation(scope, "10.0.0.9", "02:00:00:00:00:06");
  EXPECT_THAT(duplicate_addresses(), ElementsAre("10.0.0.5", "10.0.0.8", "10.0.0.9"));
}

TEST_F(Claims, AreListedInPages) {
  for (int i = 10; i < 15; ++i) {
    add_lease(7, fmt::format("10.0.0.{}", i), "02:00:00:00:00:01");
    add_lease(8, fmt::format("10.0.0.{}", i), "02:00:00:00:00:02");
  }
  std::vector<std::string> texts;
  std::string cursor;
  do {
    const auto page = duplicates(cursor, 2);
    for (const auto& each : page.items) texts.push_back(each.address.to_string());
    cursor = page.next_cursor;
  } while (!cursor.empty());
  EXPECT_THAT(texts, ElementsAre("10.0.0.10", "10.0.0.11", "10.0.0.12", "10.0.0.13", "10.0.0.14"));
}

}  // namespace
}  // namespace ipam::test
