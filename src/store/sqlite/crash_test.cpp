// Power cuts: whatever instant the power fails at, and whatever part of the unsynced writes reached the disk, an acknowledged write set is there
// whole, and none is there in part. With IPAM_NIGHTLY=1 many more instants are tried.
#include "store/sqlite/crash_vfs_suite.h"
#include "store/sqlite/sqlite_store.h"
#include "store/workload_suite.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdlib>

namespace ipam::store::sqlite {
namespace {

// A busy machine gets through fewer cuts.
constexpr std::chrono::seconds kLongEnough{7};

bool nightly() { return std::getenv("IPAM_NIGHTLY") != nullptr; }

struct Plan {
  int checkpoint_pages = 1'000;
  std::uint64_t write_sets = 40;     // of one life between two power cuts
  std::uint64_t operations = 3'000;  // the cut comes before this many
  bool failing_syncs = false;
  CrashVfs::Dropped dropped_syncs = CrashVfs::Dropped::None;
};

// A database that lives from power cut to power cut.
class Victim {
 public:
  Victim(const Plan& plan, std::uint64_t seed) : plan_(plan), random_(seed) {
    // SQLite's own random numbers (the salts of the WAL) too, so that a seed that failed fails again.
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed % 1'000'000) + 1, static_cast<sqlite3*>(nullptr));
  }

  // One life: write sets until the power fails (or until enough), then a state that the cut may have left, checked. Errors: what was lost.
  Result<void> live_and_fail() {
    vfs_.begin(life_->path());
    vfs_.drop_syncs(plan_.dropped_syncs);
    if (plan_.failing_syncs && random_() % 2 == 0) vfs_.refuse_some_syncs(SQLITE_IOERR_FSYNC);
    // Opening, with its recovery, is short: it gets its share of the cuts.
    vfs_.crash_at(random_() % (random_() % 3 == 0 ? 100 : plan_.operations));
    work();
    return check_what_is_left();
  }

  // One life of which the power fails at exactly this operation.
  Result<void> live_until(std::uint64_t operation) {
    vfs_.begin(life_->path());
    vfs_.crash_at(operation);
    work();
    crashed_ = vfs_.crashed();
    return check_what_is_left();
  }

  bool crashed() const { return crashed_; }
  std::uint64_t acknowledged() const { return acknowledged_; }

 private:
  SqliteOptions options(const test::TemporaryFolder& folder) const {
    return {.path = folder.file("ipam.db"), .vfs = vfs_.name(), .checkpoint_pages = plan_.checkpoint_pages};
  }

  void work() {
    std::unique_ptr<SqliteStore> store;
    std::unique_ptr<Reader> reader;
    const std::uint64_t end = acknowledged_ + plan_.write_sets;
    for (std::uint64_t tries = 0; acknowledged_ < end && tries < 2 * plan_.write_sets && !vfs_.crashed(); ++tries) {
      if (!store) {
        store = SqliteStore::open(options(*life_)).value_or(nullptr);
        // A sync of the migration failed: the power goes next. (Another process would find in the kernel's cache what the disk never got, and no
        // database can tell.)
        if (!store) break;
      }
      // A reader that stays for a while keeps checkpoints from finishing and the WAL from starting over.
      if (random_() % 8 == 0) reader = store->open_reader().value_or(nullptr);
      if (random_() % 8 == 0) reader.reset();
      const std::uint64_t before = vfs_.operations();
      if (store->commit(numbered_write_set(acknowledged_ + 1)).ok()) {
        ++acknowledged_;
      } else if (vfs_.operations() == before) {
        // Refused untried, after a failed checkpoint: the server is restarted.
        reader.reset();
        store.reset();
      }
    }
    reader.reset();
  }

  Result<void> check_what_is_left() {
    auto next_life = std::make_unique<test::TemporaryFolder>();
    test::TemporaryFolder looked_at;
    const std::uint64_t image = random_();
    vfs_.build_image(next_life->path(), image);
    vfs_.build_image(looked_at.path(), image);
    vfs_.begin(looked_at.path());
    const auto store = IPAM_TRY(SqliteStore::open(options(looked_at)));
    const auto reader = IPAM_TRY(store->open_reader());
    std::string integrity;
    IPAM_TRY(reader->query("PRAGMA integrity_check", {}, [&](const Row& row) -> Result<bool> {
      integrity += row.text(0);
      return true;
    }));
    if (integrity != "ok") return Error(ErrorCode::Internal, "integrity_check: " + integrity);
    const std::uint64_t there = IPAM_TRY(whole_write_sets(*reader));
    if (there < acknowledged_ || there > acknowledged_ + 1) {
      return Error(ErrorCode::Internal, fmt::format("{} write sets were acknowledged and {} are there", acknowledged_, there));
    }
    // One that was not acknowledged may be there all the same: the power failed between the sync and the answer.
    acknowledged_ = there;
    life_ = std::move(next_life);
    return {};
  }

  const Plan plan_;
  std::mt19937_64 random_;
  CrashVfs vfs_;
  std::unique_ptr<test::TemporaryFolder> life_ = std::make_unique<test::TemporaryFolder>();
  std::uint64_t acknowledged_ = 0;
  bool crashed_ = false;
};

// Lives of several databases, each until `write_sets` are in it; the error of the first loss.
Result<void> cut_power_often(const Plan& plan, std::uint64_t cuts, std::uint64_t seed) {
  std::uint64_t done = 0, committed = 0;
  const auto end = std::chrono::steady_clock::now() + kLongEnough;
  while (done < cuts && (nightly() || std::chrono::steady_clock::now() < end)) {
    Victim victim(plan, seed++);
    for (int life = 0; life < 12 && done < cuts; ++life, ++done) {
      if (auto survived = victim.live_and_fail(); !survived.ok()) {
        return std::move(survived).error().wrapped(ErrorCode::Internal, fmt::format("lost after {} cuts, seed {}, life {}", done, seed - 1, life));
      }
    }
    committed += victim.acknowledged();
  }
  testing::Test::RecordProperty("power_cuts", static_cast<int>(done));
  testing::Test::RecordProperty("write_sets", static_cast<int>(committed));
  std::printf("%llu power cuts, %llu write sets\n", static_cast<unsigned long long>(done), static_cast<unsigned long long>(committed));
  return {};
}

class PowerCut : public testing::Test {
 protected:
  // Each new schema and each failing disk says so in the log; thousands of them would hide a failure of the test.
  void SetUp() override { testing::internal::CaptureStderr(); }
  void TearDown() override {
    testing::internal::GetCapturedStderr();
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, 0, static_cast<sqlite3*>(nullptr));
  }
};

void expect_survival(const Plan& plan, std::uint64_t cuts, std::uint64_t seed) {
  const auto survived = cut_power_often(plan, nightly() ? cuts * 20 : cuts, seed);
  EXPECT_TRUE(survived.ok()) << survived.error().describe();
}

TEST_F(PowerCut, LosesNothingWithManyCheckpoints) { expect_survival({.checkpoint_pages = 30}, 500, 1); }

TEST_F(PowerCut, LosesNothingWithTheProductionSetting) { expect_survival({.write_sets = 150, .operations = 12'000}, 120, 1'000); }

TEST_F(PowerCut, LosesNothingWhenSyncsFailedBefore) { expect_survival({.checkpoint_pages = 30, .failing_syncs = true}, 400, 2'000); }

TEST_F(PowerCut, AtAnyOperationOfTheCreationLeavesADatabaseThatOpens) {
  std::uint64_t operation = 0;
  for (bool crashed = true; crashed; ++operation) {
    Victim victim({.write_sets = 1}, operation);
    const auto survived = victim.live_until(operation);
    ASSERT_TRUE(survived.ok()) << operation << ": " << survived.error().describe();
    crashed = victim.crashed();
  }
  EXPECT_GT(operation, 50U);
}

// A check that cannot fail proves nothing: on a disk that only pretends to sync, the loss must be seen.
void expect_loss(CrashVfs::Dropped dropped) {
  const auto survived = cut_power_often({.checkpoint_pages = 30, .dropped_syncs = dropped}, 200, 1);
  ASSERT_FALSE(survived.ok());
  std::printf("%s\n", survived.error().describe().c_str());
}

TEST_F(PowerCut, IsNoticedOnADiskThatDropsSyncsOfTheWal) { expect_loss(CrashVfs::Dropped::OfWal); }

TEST_F(PowerCut, IsNoticedOnADiskThatDropsSyncsOfTheDatabase) { expect_loss(CrashVfs::Dropped::OfDatabase); }

}  // namespace
}  // namespace ipam::store::sqlite
