// A restore that is cut short in its last step: whichever of its moves were made, the next start has one whole database, and it is the right one.
#include "store/sqlite/sqlite_backup.h"

#include "store/sqlite/sqlite_store.h"
#include "store/workload_suite.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <fstream>

namespace ipam::store::sqlite {
namespace {

namespace fs = std::filesystem;

class CutShort : public testing::Test {
 protected:
  void SetUp() override {
    write(1, 20);
    ASSERT_TRUE(engine_
                    .back_up(
                        database_ + ".restored", [](Reader&) { return Result<void>(); }, [](int) { return Result<void>(); })
                    .ok());
    write(21, 30);
  }
  void write(std::uint64_t from, std::uint64_t until) {
    const auto store = SqliteStore::open({.path = database_}).value();
    for (std::uint64_t number = from; number <= until; ++number) ASSERT_TRUE(store->commit(numbered_write_set(number)).ok());
  }
  std::uint64_t write_sets() const {
    const auto store = SqliteStore::open({.path = database_}).value();
    const auto counted = whole_write_sets(*store->open_reader().value());
    EXPECT_TRUE(counted.ok()) << counted.error().describe();
    return counted.ok() ? *counted : 0;
  }
  // A WAL that the replaced database left: of another database it must never be read.
  void leave_wal() const { std::ofstream(database_ + "-wal") << std::string(5'000, 'x'); }

  test::TemporaryFolder folder_;
  const std::string database_ = folder_.file("ipam.db");
  const std::string kept_ = database_ + ".replaced-20261127T080000Z";
  SqliteBackup engine_{database_};
};

TEST_F(CutShort, BeforeTheFirstMoveItIsUndone) {
  ASSERT_TRUE(engine_.finish_interrupted().ok());
  EXPECT_EQ(write_sets(), 30U);
  EXPECT_FALSE(fs::exists(database_ + ".restored"));
}

TEST_F(CutShort, AfterTheFirstMoveItIsCompleted) {
  fs::rename(database_, kept_);
  leave_wal();
  ASSERT_TRUE(engine_.finish_interrupted().ok());
  EXPECT_EQ(write_sets(), 20U);
  EXPECT_TRUE(fs::exists(kept_ + "-wal")) << "it stays with its database";
  ASSERT_TRUE(engine_.finish_interrupted().ok());
  EXPECT_EQ(write_sets(), 20U);
}

TEST_F(CutShort, AfterTheMoveOfTheWalToo) {
  fs::rename(database_, kept_);
  leave_wal();
  fs::rename(database_ + "-wal", kept_ + "-wal");
  ASSERT_TRUE(engine_.finish_interrupted().ok());
  EXPECT_EQ(write_sets(), 20U);
}

}  // namespace
}  // namespace ipam::store::sqlite
