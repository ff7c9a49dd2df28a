// The contract, part five: a backup is one instant of the database, taken while others write; a damaged one is noticed; a restored one is the
// database again, and the one that it replaced is kept.
#include "store/store_contract_suite.h"
#include "store/workload_suite.h"
#include "support/temporary_folder.h"

#include <fstream>
#include <thread>

namespace ipam::store {
namespace {

Result<void> go_on(int) { return {}; }
Result<void> no_record(const model::JournalRecord&) { return {}; }

std::uint64_t write_sets_of(Store& store) {
  const auto reader = store.open_reader();
  EXPECT_TRUE(reader.ok());
  const auto counted = whole_write_sets(**reader);
  EXPECT_TRUE(counted.ok()) << counted.error().describe();
  return counted.ok() ? *counted : 0;
}

void flip_byte(const std::filesystem::path& file, std::uint64_t at) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(at));
  const char old = static_cast<char>(stream.get());
  stream.seekp(static_cast<std::streamoff>(at));
  stream.put(static_cast<char>(old ^ 0x55));
}

// A file for a backup, which goes with it.
class Backed {
 public:
  std::filesystem::path file() const { return folder_.file("backup"); }
  void make(BackupEngine& engine) const {
    const auto made = engine.back_up(
        file(), [](Reader&) { return Result<void>(); }, go_on);
    ASSERT_TRUE(made.ok()) << made.error().describe();
  }

 private:
  test::TemporaryFolder folder_;
};

void write_up_to(Store& store, std::uint64_t from, std::uint64_t until) {
  for (std::uint64_t number = from; number <= until; ++number) ASSERT_TRUE(store.commit(numbered_write_set(number)).ok());
}

TEST_P(StoreBackups, AreOneInstantWhileOthersWrite) {
  write_up_to(store(), 1, 40);
  const auto engine = backup_engine();
  const Backed backed;
  std::atomic<bool> stop = false;
  std::atomic<std::uint64_t> written = 40;
  std::thread writer([&] {
    while (!stop && store().commit(numbered_write_set(written + 1)).ok()) ++written;
  });
  std::uint64_t seen = 0;
  const auto made = engine->back_up(
      backed.file(),
      [&](Reader& snapshot) -> Result<void> {
        seen = IPAM_TRY(whole_write_sets(snapshot));
        return {};
      },
      go_on);
  stop = true;
  writer.join();
  ASSERT_TRUE(made.ok()) << made.error().describe();
  std::uint64_t records = 0;
  const auto checked = engine->check(
      backed.file(),
      [&](const model::JournalRecord& record) -> Result<void> {
        EXPECT_LE(record.sequence, seen);
        ++records;
        return {};
      },
      go_on);
  ASSERT_TRUE(checked.ok()) << checked.error().describe();
  EXPECT_EQ(records, seen);
  EXPECT_GE(seen, 40U);
  EXPECT_EQ(write_sets_of(store()), written);
  close();
  auto restored = engine->restore_beside(backed.file(), go_on);
  ASSERT_TRUE(restored.ok()) << restored.error().describe();
  EXPECT_EQ(write_sets_of((*restored)->store()), seen);
}

TEST_P(StoreBackups, RestoredTakeTheDatabasesPlace) {
  write_up_to(store(), 1, 30);
  const auto engine = backup_engine();
  const Backed backed;
  ASSERT_NO_FATAL_FAILURE(backed.make(*engine));
  write_up_to(store(), 31, 50);
  close();
  for (int time = 0; time < 2; ++time) {  // once more over what the first time left
    auto restored = engine->restore_beside(backed.file(), go_on);
    ASSERT_TRUE(restored.ok()) << restored.error().describe();
    EXPECT_FALSE((*restored)->kept_at().empty());
    const auto put = (*restored)->put_in_place();
    ASSERT_TRUE(put.ok()) << put.error().describe();
    restored->reset();
    reopen();
    EXPECT_EQ(write_sets_of(store()), 30U);
    ASSERT_TRUE(store().commit(numbered_write_set(31)).ok());
    close();
  }
  reopen();
  EXPECT_EQ(write_sets_of(store()), 31U);
}

TEST_P(StoreBackups, ThatAreNotPutInPlaceLeaveTheDatabaseAsItWas) {
  write_up_to(store(), 1, 10);
  const auto engine = backup_engine();
  const Backed backed;
  ASSERT_NO_FATAL_FAILURE(backed.make(*engine));
  write_up_to(store(), 11, 20);
  close();
  ASSERT_TRUE(engine->restore_beside(backed.file(), go_on).ok());
  ASSERT_TRUE(engine->finish_interrupted().ok());
  reopen();
  EXPECT_EQ(write_sets_of(store()), 20U);
}

TEST_P(StoreBackups, AreNotWholeWhenTheyAreCutOff) {
  write_up_to(store(), 1, 60);
  const auto engine = backup_engine();
  const Backed backed;
  ASSERT_NO_FATAL_FAILURE(backed.make(*engine));
  std::filesystem::resize_file(backed.file(), std::filesystem::file_size(backed.file()) / 2);
  const auto checked = engine->check(backed.file(), no_record, go_on);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code, ErrorCode::FailedPrecondition) << checked.error().describe();
  EXPECT_NE(checked.error().message.find("is damaged"), std::string::npos) << checked.error().describe();
  close();
  EXPECT_FALSE(engine->restore_beside(backed.file(), go_on).ok());
  reopen();
  EXPECT_EQ(write_sets_of(store()), 60U);
}

TEST_P(StoreBackups, AreNotReadFromWhatIsNone) {
  const auto engine = backup_engine();
  const Backed backed;
  EXPECT_EQ(engine->check(backed.file(), no_record, go_on).error().code, ErrorCode::NotFound);
  std::ofstream(backed.file()) << std::string(10'000, 'x');
  const auto checked = engine->check(backed.file(), no_record, go_on);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code, ErrorCode::FailedPrecondition) << checked.error().describe();
  flip_byte(backed.file(), 0);
  EXPECT_FALSE(engine->check(backed.file(), no_record, go_on).ok());
}

TEST_P(StoreBackups, EndWhenTheyAreToldTo) {
  write_up_to(store(), 1, 20);
  const auto engine = backup_engine();
  const Backed backed;
  const auto enough = [](int) { return Result<void>(Error(ErrorCode::Cancelled, "enough")); };
  ASSERT_NO_FATAL_FAILURE(backed.make(*engine));
  const auto stopped = [](const model::JournalRecord&) { return Result<void>(Error(ErrorCode::Cancelled, "enough")); };
  EXPECT_EQ(engine->check(backed.file(), stopped, enough).error().code, ErrorCode::Cancelled);
  EXPECT_EQ(write_sets_of(store()), 20U);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreBackups);

}  // namespace

std::string StoreBackups::name(const testing::TestParamInfo<MakeStoreUnderTest>&) { return "Store"; }

}  // namespace ipam::store
