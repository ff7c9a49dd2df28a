// Quotas: who may take how much, and what is charged to whom.
#include "service/planning/quota_service.h"

#include "integration/house.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using model::Group;
using testing::HasSubstr;

class Quotas : public testing::Test {
 protected:
  House house_;
  service::Principal alice_ = member_of(Group::IpamAsmAdministrators, "alice");
  service::Principal bob_ = member_of(Group::IpamAsmAdministrators, "bob");

  void SetUp() override {
    house_.add_subnet("10.0.0.0/24");
    house_.add_subnet("10.0.1.0/24");
    for (const char* name : {"alice", "bob"}) {
      house_.put(model::User{.name = name, .password_hash = "x", .access_group = Group::IpamAsmAdministrators});
    }
  }
  service::QuotaService quotas() { return {*house_.store, *house_.ledger}; }
  Result<model::Quota> add(const std::string& place, model::QuotaSubject kind, const std::string& subject, std::optional<std::uint64_t> addresses,
                           std::optional<std::uint64_t> subnets = {}) {
    model::Quota quota;
    quota.space_id = house_.default_space().id;
    quota.prefix = prefix(place);
    quota.subject_kind = kind;
    quota.subject = subject;
    quota.most_addresses = addresses;
    quota.most_subnets = subnets;
    auto service = quotas();
    auto written = house_.run(service.create(administrator(), quota, {}));
    if (!written.ok()) return written.error();
    return written->value;
  }
  Result<service::Allocation> take(const service::Principal& who, const std::string& from, std::uint32_t count = 1) {
    service::AllocationRequest request;
    request.fields.space_id = house_.default_space().id;
    request.from = {range(from)};
    request.count = count;
    auto written = house_.run(house_.allocation->allocate(who, request, {}));
    if (!written.ok()) return written.error();
    return written->value;
  }
};

TEST_F(Quotas, EndWhatAUserTakes) {
  const auto quota = add("10.0.0.0/8", model::QuotaSubject::User, "alice", 3).value();
  ASSERT_TRUE(take(alice_, "10.0.0.0/24", 2).ok());
  const auto refused = take(alice_, "10.0.1.0/24", 2);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Exhausted);
  EXPECT_THAT(refused.error().message, HasSubstr("the quota of user alice in 10.0.0.0/8 is 3 addresses, of which 3 are taken"));
  EXPECT_EQ(house_.rows<model::Address>().size(), 2U) << "all or none";
  EXPECT_TRUE(take(alice_, "10.0.1.0/24").ok());
  EXPECT_FALSE(take(alice_, "10.0.1.0/24").ok());
  EXPECT_TRUE(take(bob_, "10.0.1.0/24", 20).ok());
  EXPECT_EQ(quotas().use_of(quota.id).value().addresses, 3U);
}

TEST_F(Quotas, HoldForRecordsThatAreMadeByHandToo) {
  ASSERT_TRUE(add("10.0.0.0/24", model::QuotaSubject::User, "alice", 0).ok());
  model::Address object;
  object.space_id = house_.default_space().id;
  object.address = address("10.0.0.5");
  EXPECT_FALSE(house_.run(house_.planning->create<model::Address>(alice_, object, {})).ok());
  EXPECT_TRUE(house_.run(house_.planning->create<model::Address>(bob_, object, {})).ok());
}

TEST_F(Quotas, AreSharedByAGroupAndTheInnermostCounts) {
  ASSERT_TRUE(add("10.0.0.0/8", model::QuotaSubject::Group, "ipam_asm_administrators", 2).ok());
  ASSERT_TRUE(take(alice_, "10.0.0.0/24").ok());
  ASSERT_TRUE(take(bob_, "10.0.0.0/24").ok());
  EXPECT_FALSE(take(bob_, "10.0.0.0/24").ok());
  EXPECT_TRUE(take(administrator(), "10.0.0.0/24").ok());
  ASSERT_TRUE(add("10.0.0.0/24", model::QuotaSubject::User, "bob", 1).ok());
  EXPECT_TRUE(take(bob_, "10.0.0.0/24").ok());
  EXPECT_FALSE(take(bob_, "10.0.0.0/24").ok());
}

TEST_F(Quotas, WhatIsGivenBackIsChargedNoMore) {
  ASSERT_TRUE(add("10.0.0.0/24", model::QuotaSubject::User, "alice", 1).ok());
  const auto taken = take(alice_, "10.0.0.0/24").value().addresses.front();
  EXPECT_FALSE(take(alice_, "10.0.0.0/24").ok());
  house_.planning->set_release_cooldown(std::chrono::hours(1));
  ASSERT_TRUE(house_.run(house_.planning->erase<model::Address>(alice_, taken.id, std::nullopt, {})).ok());
  EXPECT_TRUE(take(alice_, "10.0.0.0/24").ok());
}

TEST_F(Quotas, CountSubnetsByThemselves) {
  ASSERT_TRUE(add("10.0.0.0/8", model::QuotaSubject::User, "alice", std::nullopt, 1).ok());
  const auto make = [&](const char* place) {
    model::Subnet subnet;
    subnet.space_id = house_.default_space().id;
    subnet.prefix = prefix(place);
    subnet.name = place;
    return house_.run(house_.planning->create<model::Subnet>(alice_, subnet, {}));
  };
  EXPECT_TRUE(make("10.1.0.0/24").ok());
  const auto refused = make("10.1.1.0/24");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("1 subnet"));
  EXPECT_TRUE(take(alice_, "10.0.0.0/24", 9).ok());
}

TEST_F(Quotas, AreRefusedWhereTheyMeanNothing) {
  EXPECT_EQ(add("10.0.0.0/8", model::QuotaSubject::User, "nobody", 1).error().fields.at(0).pointer, "/subject");
  EXPECT_EQ(add("10.0.0.0/8", model::QuotaSubject::Group, "friends", 1).error().fields.at(0).pointer, "/subject");
  EXPECT_FALSE(add("10.0.0.0/8", model::QuotaSubject::User, "alice", std::nullopt).ok());
  ASSERT_TRUE(add("10.0.0.0/8", model::QuotaSubject::User, "alice", 1).ok());
  EXPECT_EQ(add("10.0.0.0/8", model::QuotaSubject::User, "alice", 2).error().code, ErrorCode::AlreadyExists);
  auto service = quotas();
  EXPECT_EQ(house_.run(service.create(alice_, {}, {})).error().code, ErrorCode::PermissionDenied);
}

}  // namespace
}  // namespace ipam::test
