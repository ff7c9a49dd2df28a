// The journal and the index that the ledger keeps: nothing lost, nothing altered unseen, no secret, and the index always what the rows say.
#include "integration/house.h"
#include "store/sqlite/connection.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>

namespace ipam::test {
namespace {

using ledger::Transaction;
using testing::HasSubstr;
using testing::Not;

class Journal : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 5; ++i) house_.add_subnet(fmt::format("10.{}.0.0/16", i));
    ASSERT_TRUE(house_.verify_journal().ok());
  }
  // What someone with the file and without the program does.
  void tamper(const std::string& sql) {
    auto raw = store::sqlite::Connection::open(house_.folder.file("ipam.db"), store::sqlite::Access::ReadWrite, "");
    ASSERT_TRUE(raw.ok());
    ASSERT_TRUE((*raw)->run(sql).ok());
  }
  std::string verdict() {
    const auto verified = house_.verify_journal();
    return verified.ok() ? "whole" : verified.error().message;
  }

  House house_;
};

TEST_F(Journal, HasNoGaps) {
  std::uint64_t sequence = 0;
  for (const auto& record : house_.rows<model::JournalRecord>()) EXPECT_EQ(record.sequence, ++sequence);
  EXPECT_EQ(sequence, house_.ledger->sequence());
}

TEST_F(Journal, GoesOnWithoutAGapAfterARestart) {
  const auto before = house_.ledger->sequence();
  house_.restart();
  house_.add_subnet("10.9.0.0/16");
  EXPECT_EQ(house_.ledger->sequence(), before + 1);
  EXPECT_EQ(verdict(), "whole");
}

TEST_F(Journal, AnAlteredRecordIsFound) {
  tamper("UPDATE journal SET actor = 'someone else' WHERE sequence = 3");
  EXPECT_THAT(verdict(), HasSubstr("record 3 is not as it was written"));
}

TEST_F(Journal, ARemovedRecordIsFound) {
  tamper("DELETE FROM journal WHERE sequence = 3");
  EXPECT_THAT(verdict(), HasSubstr("no record 3"));
}

TEST_F(Journal, ARemovedRecordIsFoundWhenTheOthersAreNumberedAnew) {
  tamper(
      "DELETE FROM journal WHERE sequence = 3; UPDATE journal SET sequence = 3 WHERE sequence = 4;"
      "UPDATE journal SET sequence = 4 WHERE sequence = 5; UPDATE journal SET sequence = 5 WHERE sequence = 6");
  EXPECT_THAT(verdict(), HasSubstr("record 3 is not as it was written"));
}

TEST_F(Journal, RecordsInAnotherOrderAreFound) {
  tamper(
      "UPDATE journal SET sequence = 900 WHERE sequence = 3; UPDATE journal SET sequence = 3 WHERE sequence = 4;"
      "UPDATE journal SET sequence = 4 WHERE sequence = 900");
  EXPECT_THAT(verdict(), HasSubstr("record 3 is not as it was written"));
}

TEST_F(Journal, SecretsAreOnlySaidToHaveChanged) {
  model::User user;
  user.name = "alice";
  user.password_hash = "hash-of-alice";
  user = house_.put(user);
  model::Credential credential;
  credential.name = "kea";
  credential.sealed = "sealed-of-kea";
  credential = house_.put(credential);
  model::Token token;
  token.name = "script";
  token.user_id = user.id;
  token.hash = Bytes(32, 0xAB);
  token = house_.put(token);
  const auto changed = house_.write([&](Transaction& transaction) -> Result<void> {
    user.password_hash = "next-hash-of-alice";
    credential.sealed = "next-sealed-of-kea";
    IPAM_TRY(transaction.update(user));
    IPAM_TRY(transaction.update(credential));
    IPAM_TRY(transaction.erase(token.id));
    IPAM_TRY(transaction.erase(credential.id));
    return transaction.erase(user.id);
  });
  ASSERT_TRUE(changed.ok()) << changed.error().describe();
  const std::string journal = house_.journal_text();
  for (const char* secret : {"hash-of-alice", "sealed-of-kea", "abababab"}) EXPECT_THAT(journal, Not(HasSubstr(secret)));
  EXPECT_THAT(journal, HasSubstr("\"password_hash\":{\"changed\":true}"));
  EXPECT_THAT(journal, HasSubstr("\"sealed\":{\"changed\":true}"));
}

// Random requests of all kinds of objects that the index knows; some fail at their end, some batches fail to commit.
class RandomWork {
 public:
  RandomWork(House& house, unsigned seed) : house_(house), random_(seed), space_(house.default_space().id) {
    for (std::size_t i = 0; i < 40; ++i) scopes_.push_back(house.add_scope(fmt::format("10.{}.0.0/16", i)).id);
  }

  void step() {
    if (below(10) == 0) house_.store->fail_commits(Error(ErrorCode::Unavailable, "no space left"), 1);
    const bool fails = below(5) == 0;
    const std::size_t changes = 1 + below(4);
    // Chosen beforehand: a request may run twice.
    std::vector<std::pair<std::size_t, std::uint32_t>> choices;
    for (std::size_t i = 0; i < changes; ++i) choices.emplace_back(below(7), static_cast<std::uint32_t>(below(2'000)));
    const auto done = house_.write([&](Transaction& transaction) -> Result<void> {
      for (const auto& [kind, number] : choices) IPAM_TRY(change(transaction, kind, number));
      if (fails) return Error(ErrorCode::Exhausted, "fails at its end");
      return {};
    });
    ASSERT_TRUE(done.ok() || done.error().code != ErrorCode::Internal) << done.error().describe();
  }

 private:
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

  // Makes the object of this number when it is not there, else changes or removes it.
  template <class T>
  Result<void> toggle(Transaction& transaction, const T& object, const std::function<bool(const T&)>& same, std::uint32_t number) {
    auto there = IPAM_TRY(transaction.find_where<T>({}, same));
    if (!there) {
      IPAM_TRY(transaction.create(object));
    } else if (number % 3 == 0) {
      T after = object;
      after.id = there->id;
      after.revision = there->revision;
      IPAM_TRY(transaction.update(after));
    } else {
      IPAM_TRY(transaction.erase(there->id));
    }
    return {};
  }

  Result<void> change(Transaction& transaction, std::size_t kind, std::uint32_t number) {
    const std::uint32_t slot = number % 40;
    const ip::Address at = ip::Address::v4(0x0A000000U + slot * 7);
    const ip::Address end = ip::Address::v4(0x0A000000U + slot * 7 + number % 5);
    switch (kind) {
      case 0: {
        model::Subnet subnet{.space_id = space_, .prefix = ip::Prefix::containing(at, 29), .name = std::to_string(number)};
        return toggle<model::Subnet>(
            transaction, subnet, [&](const auto& other) { return other.prefix == subnet.prefix; }, number);
      }
      case 1: {
        model::Block block{.space_id = space_, .prefix = ip::Prefix::containing(at, 26), .name = std::to_string(number)};
        return toggle<model::Block>(
            transaction, block, [&](const auto& other) { return other.prefix == block.prefix; }, number);
      }
      case 2: {
        model::Range object{.space_id = space_, .first = at, .last = end};
        object.managed_by = number % 2 == 0 ? model::ManagedBy::Ipam : model::ManagedBy::MsDhcp;
        return toggle<model::Range>(
            transaction, object, [&](const auto& other) { return other.first == at; }, number);
      }
      case 3: {
        model::DhcpPool pool{.scope_id = scopes_[slot], .space_id = space_, .first = at, .last = end};
        return toggle<model::DhcpPool>(
            transaction, pool, [&](const auto& other) { return other.scope_id == pool.scope_id; }, number);
      }
      case 4: {
        model::DhcpReservation reservation{.scope_id = scopes_[slot], .space_id = space_, .address = end, .identifier = Bytes{1, 2}};
        return toggle<model::DhcpReservation>(
            transaction, reservation, [&](const auto& other) { return other.scope_id == reservation.scope_id; }, number);
      }
      case 5: {
        model::Address object{.space_id = space_, .address = end, .name = std::to_string(number)};
        return toggle<model::Address>(
            transaction, object, [&](const auto& other) { return other.address == end; }, number);
      }
      default: break;
    }
    const auto lease_there =
        IPAM_TRY(store::find_where<model::Lease>(transaction.committed(), {{"server_id", store::Comparison::Equal, std::int64_t{1}},
                                                                           {"address", store::Comparison::Equal, store::to_value(at)}}));
    // The batch's own leases are not to be asked for: one change a request and lease.
    if (!leases_.insert(at).second) return {};
    model::Lease lease{.server_id = {1}, .address = at, .space_id = space_};
    lease.state = number % 4 == 0 ? model::LeaseState::Expired : model::LeaseState::Active;
    if (lease_there && number % 3 == 0) {
      transaction.erase_lease(*lease_there);
    } else {
      transaction.put_lease(lease_there, lease);
    }
    return {};
  }

 public:
  // Which leases the request under way has touched.
  std::set<ip::Address> leases_;

 private:
  House& house_;
  std::mt19937 random_;
  model::Id<model::AddressSpace> space_;
  std::vector<model::Id<model::DhcpScope>> scopes_;
};

TEST(LedgerIndex, EqualsAFreshLoadAfterAnyWork) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    House house;
    RandomWork work(house, seed);
    for (int i = 0; i < 120; ++i) {
      work.leases_.clear();
      work.step();
      if (testing::Test::HasFatalFailure()) return;
    }
    ASSERT_EQ(house.index_defect(), "") << "seed " << seed;
    ASSERT_TRUE(house.verify_journal().ok()) << "seed " << seed;
    ASSERT_GT(house.rows<model::JournalRecord>().size(), 120U) << "most of the work is meant to succeed";
  }
}

}  // namespace
}  // namespace ipam::test
