#include "ledger/journal_verifier.h"

#include "ledger/ledger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ipam::ledger {
namespace {

// A journal of so many records, whose restorations leave gaps before them.
std::vector<model::JournalRecord> journal(std::size_t count, std::vector<std::size_t> restorations = {}) {
  std::vector<model::JournalRecord> records;
  Position position;
  for (std::size_t i = 0; i < count; ++i) {
    model::JournalRecord record;
    const bool restoration = std::find(restorations.begin(), restorations.end(), i) != restorations.end();
    record.sequence = position.sequence + (restoration ? 1'000 : 1);
    record.object_type = restoration ? "restoration" : "address";
    record.object_name = std::to_string(i);
    position.chain = crypto::chain(position.chain, as_bytes(chained_text(record)));
    record.chain.assign(position.chain.begin(), position.chain.end());
    position.sequence = record.sequence;
    records.push_back(record);
  }
  return records;
}

Result<Position> verify(const std::vector<model::JournalRecord>& records) {
  JournalVerifier verifier;
  for (const auto& record : records) IPAM_TRY(verifier.add(record));
  return verifier.finish();
}

TEST(JournalVerifier, FindsAWholeJournalWholeInAnyOrder) {
  EXPECT_EQ(verify({}).value().sequence, 0U);
  auto records = journal(200, {0, 50, 51, 199});
  const auto& newest = records.back();
  std::mt19937 random(7);
  for (int time = 0; time < 20; ++time) {
    const auto end = verify(records);
    ASSERT_TRUE(end.ok()) << end.error().describe();
    EXPECT_EQ(end->sequence, 199U - 3 + 4 * 1'000);
    EXPECT_TRUE(std::equal(end->chain.begin(), end->chain.end(), newest.chain.begin()) || time > 0);
    std::shuffle(records.begin(), records.end(), random);
  }
}

TEST(JournalVerifier, MissesWhatIsMissing) {
  const auto whole = journal(60, {20});
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    auto records = whole;
    records.erase(records.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(verify(records).ok()) << i;
  }
  auto shorter = whole;
  shorter.pop_back();
  EXPECT_EQ(verify(shorter).value().sequence, whole[58].sequence) << "an end that was cut off is for the caller to compare";
}

TEST(JournalVerifier, SeesWhatWasChanged) {
  const auto whole = journal(30, {10});
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto records = whole;
    records[i].object_name += "x";
    EXPECT_FALSE(verify(records).ok()) << i;
    records = whole;
    records[i].chain[5] ^= 1U;
    EXPECT_FALSE(verify(records).ok()) << i;
  }
  // A gap before what is no restoration, also with a chain that fits.
  auto records = journal(10, {5});
  records[5].object_type = "address";
  Position position{.sequence = records[4].sequence};
  std::copy(records[4].chain.begin(), records[4].chain.end(), position.chain.begin());
  for (std::size_t i = 5; i < records.size(); ++i) {
    position.chain = crypto::chain(position.chain, as_bytes(chained_text(records[i])));
    records[i].chain.assign(position.chain.begin(), position.chain.end());
  }
  EXPECT_FALSE(verify(records).ok());
}

}  // namespace
}  // namespace ipam::ledger
