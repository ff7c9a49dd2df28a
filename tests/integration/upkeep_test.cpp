// What the tasks AddressExpiry and Audit tell.
#include "service/upkeep/upkeep.h"

#include "integration/house.h"
#include "store/upkeep_tables.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::HasSubstr;

class Upkeep : public testing::Test {
 protected:
  House house_;

  static io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(30)); }
  Result<std::string> audit() { return house_.run(house_.upkeep->audit(soon())); }
  Result<std::string> expire() { return house_.run(house_.upkeep->expire(soon())); }
  void add_address(const std::string& text, std::optional<Time> expires_at) {
    model::Address object;
    object.space_id = house_.default_space().id;
    object.address = address(text);
    object.name = "host";
    object.expires_at = expires_at;
    ASSERT_TRUE(house_.run(house_.planning->create<model::Address>(administrator(), object, {})).ok());
  }
};

TEST_F(Upkeep, AHealthyStorePassesTheAudit) {
  house_.add_subnet("10.0.0.0/24");
  add_address("10.0.0.5", std::nullopt);
  const auto told = audit();
  ASSERT_TRUE(told.ok()) << told.error().describe();
  EXPECT_THAT(*told, HasSubstr("up to sequence " + std::to_string(house_.ledger->sequence())));
}

TEST_F(Upkeep, ASecondAuditVerifiesOnlyWhatCameSince) {
  ASSERT_TRUE(audit().ok());
  house_.add_subnet("10.0.0.0/24");
  EXPECT_THAT(audit().value(), HasSubstr("1 journal record verified"));
}

TEST_F(Upkeep, AnAlteredJournalRecordIsNamed) {
  house_.add_subnet("10.0.0.0/24");
  auto record = house_.rows<model::JournalRecord>().back();
  record.actor = "somebody else";
  store::WriteSet writes;
  writes.put(record);
  ASSERT_TRUE(house_.sqlite->commit(writes).ok());
  const auto told = audit();
  ASSERT_FALSE(told.ok());
  EXPECT_EQ(told.error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(told.error().message, HasSubstr("record " + std::to_string(record.sequence)));
}

TEST_F(Upkeep, AnAddressThatTheIndexDoesNotKnowIsFound) {
  house_.add_subnet("10.0.0.0/24");
  add_address("10.0.0.5", std::nullopt);
  auto stray = house_.rows<model::Address>().front();
  stray.id.value += 1'000'000;
  stray.address = address("10.0.0.6");
  store::WriteSet writes;
  writes.insert(stray);
  ASSERT_TRUE(house_.sqlite->commit(writes).ok());
  const auto told = audit();
  ASSERT_FALSE(told.ok());
  EXPECT_THAT(told.error().message, HasSubstr("the index knows 1 addresses"));
}

TEST_F(Upkeep, ExpiredAndSoonExpiringAddressesAreCounted) {
  house_.add_subnet("10.0.0.0/24");
  add_address("10.0.0.5", house_.clock.now() - std::chrono::hours(24));
  add_address("10.0.0.6", house_.clock.now() + std::chrono::hours(24));
  add_address("10.0.0.7", house_.clock.now() + std::chrono::hours(24 * 30));
  add_address("10.0.0.8", std::nullopt);
  EXPECT_THAT(expire().value(), HasSubstr("1 address expired, 1 within 10 days, the first: 10.0.0.5 host (2026-11-22)"));
}

TEST_F(Upkeep, AnAddressIsToldOfOncePerState) {
  house_.add_subnet("10.0.0.0/24");
  add_address("10.0.0.5", house_.clock.now() + std::chrono::hours(24));
  ASSERT_TRUE(expire().ok());
  auto notices = house_.rows<model::ExpiryNotice>();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].kind, model::ExpiryNoticeKind::Alert);
  const Time first = notices[0].told_at;
  house_.clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(expire().ok());
  EXPECT_EQ(house_.rows<model::ExpiryNotice>()[0].told_at, first);
  house_.clock.advance(std::chrono::hours(24));
  ASSERT_TRUE(expire().ok());
  notices = house_.rows<model::ExpiryNotice>();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].kind, model::ExpiryNoticeKind::Expired);
}

TEST_F(Upkeep, AnAddressThatIsProlongedIsForgotten) {
  house_.add_subnet("10.0.0.0/24");
  add_address("10.0.0.5", house_.clock.now() + std::chrono::hours(24));
  ASSERT_TRUE(expire().ok());
  const auto id = house_.rows<model::Address>().front().id;
  const std::function<Result<void>(model::Address&)> prolong = [&](model::Address& address) -> Result<void> {
    address.expires_at = house_.clock.now() + std::chrono::hours(24 * 365);
    return {};
  };
  ASSERT_TRUE(house_.run(house_.planning->update<model::Address>(administrator(), id, std::nullopt, prolong, {})).ok());
  ASSERT_TRUE(expire().ok());
  EXPECT_TRUE(house_.rows<model::ExpiryNotice>().empty());
}

TEST_F(Upkeep, EveryRunTellsAnewWhereTheSettingsSaySo) {
  house_.add_subnet("10.0.0.0/24");
  add_address("10.0.0.5", house_.clock.now() + std::chrono::hours(48));
  service::Upkeep upkeep(*house_.store, *house_.ledger, *house_.index, *house_.database, house_.clock,
                         {std::chrono::hours(72), service::ExpiryLog::EveryRun});
  EXPECT_THAT(house_.run(upkeep.expire(soon())).value(), HasSubstr("0 addresses expired, 1 within 3 days"));
  const Time first = house_.rows<model::ExpiryNotice>().at(0).told_at;
  house_.clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(house_.run(upkeep.expire(soon())).ok());
  EXPECT_GT(house_.rows<model::ExpiryNotice>().at(0).told_at, first);
}

}  // namespace
}  // namespace ipam::test
