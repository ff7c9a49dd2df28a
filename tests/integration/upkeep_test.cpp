// What the tasks AddressExpiry and Audit tell.
#include "service/upkeep/upkeep.h"

#include "integration/house.h"

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

}  // namespace
}  // namespace ipam::test
