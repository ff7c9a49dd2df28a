#include "store/sqlite/sqlite_store.h"

#include "store/sqlite/crash_vfs_suite.h"
#include "store/sqlite/sqlite_backup.h"
#include "store/sqlite/migrations.h"
#include "store/store_contract_suite.h"
#include "support/temporary_folder.h"

#include <sqlite3.h>

#include <chrono>
#include <fstream>
#include <thread>

namespace ipam::store {
namespace {

class SqliteUnderTest final : public StoreUnderTest {
 public:
  Result<std::unique_ptr<Store>> open() override {
    auto opened = IPAM_TRY(sqlite::SqliteStore::open({.path = folder_.file("ipam.db")}));
    return std::unique_ptr<Store>(std::move(opened));
  }
  std::unique_ptr<BackupEngine> backup_engine() override { return std::make_unique<sqlite::SqliteBackup>(folder_.file("ipam.db")); }

 private:
  test::TemporaryFolder folder_;
};

std::unique_ptr<StoreUnderTest> make_sqlite() { return std::make_unique<SqliteUnderTest>(); }

IPAM_INSTANTIATE_STORE_CONTRACT(Sqlite, make_sqlite);

}  // namespace

namespace sqlite {
namespace {

WriteSet one_counter(const std::string& name) {
  WriteSet writes;
  writes.insert(Counter{name, 1});
  return writes;
}

std::uint64_t counters(Store& store) { return count(*store.open_reader().value(), table<Counter>(), {}).value(); }

class SqliteStoreTest : public testing::Test {
 protected:
  std::string path() const { return folder_.file("ipam.db"); }
  std::unique_ptr<SqliteStore> open() { return SqliteStore::open({.path = path()}).value(); }
  // A connection of another program.
  std::unique_ptr<sqlite3, SqliteDeleter> other_program() {
    sqlite3* handle = nullptr;
    EXPECT_EQ(sqlite3_open(path().c_str(), &handle), SQLITE_OK);
    return std::unique_ptr<sqlite3, SqliteDeleter>(handle);
  }
  static void run(const std::unique_ptr<sqlite3, SqliteDeleter>& handle, const char* sql) {
    EXPECT_EQ(sqlite3_exec(handle.get(), sql, nullptr, nullptr, nullptr), SQLITE_OK) << sql;
  }

  test::TemporaryFolder folder_;
};

TEST_F(SqliteStoreTest, AFreshDatabaseIsOfTheNewestSchemaAndInWalMode) {
  const auto store = open();
  const auto reader = store->open_reader().value();
  const auto expect = [&](const char* pragma, const std::string& expected) {
    ASSERT_TRUE(reader->query(pragma, {}, [&](const Row& row) -> Result<bool> {
      EXPECT_EQ(row.text(0), expected) << pragma;
      return false;
    }));
  };
  expect("PRAGMA user_version", std::to_string(std::size(kMigrations)));
  expect("PRAGMA journal_mode", "wal");
}

TEST_F(SqliteStoreTest, ADatabaseOfANewerVersionIsLeftAlone) {
  open();
  run(other_program(), "PRAGMA user_version = 99");
  const auto opened = SqliteStore::open({.path = path()});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::FailedPrecondition);
  EXPECT_NE(opened.error().message.find("newer version"), std::string::npos);
  run(other_program(), fmt::format("PRAGMA user_version = {}", std::size(kMigrations)).c_str());
  EXPECT_TRUE(SqliteStore::open({.path = path()}).ok());
}

TEST_F(SqliteStoreTest, TwoProgramsMayMakeTheDatabaseAtOnce) {
  // The schema is made by whoever comes first; the other waits for it.
  const auto program = other_program();
  run(program, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE");
  Result<std::unique_ptr<SqliteStore>> opened = Error();
  std::jthread second([&] { opened = SqliteStore::open({.path = path()}); });
  run(program, std::string(kMigrations[0].sql).c_str());
  run(program, "PRAGMA user_version = 1; COMMIT");
  second.join();
  EXPECT_TRUE(opened.ok()) << opened.error().describe();
}

TEST_F(SqliteStoreTest, AFolderThatIsNotThereIsNamed) {
  const auto opened = SqliteStore::open({.path = folder_.file("missing/ipam.db")});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::Unavailable);
  EXPECT_NE(opened.error().message.find("missing/ipam.db"), std::string::npos);
}

TEST_F(SqliteStoreTest, AFileThatIsNoDatabaseIsCalledDamaged) {
  std::ofstream(path()) << std::string(10'000, 'x');
  const auto opened = SqliteStore::open({.path = path()});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::Unavailable);
  EXPECT_NE(opened.error().message.find("damaged"), std::string::npos);
}

TEST_F(SqliteStoreTest, ADamagedPageIsAnErrorOfTheReadThatMeetsIt) {
  {
    const auto store = open();
    WriteSet writes;
    for (int i = 0; i < 20'000; ++i) writes.insert(Counter{"counter-" + std::to_string(i), i});
    ASSERT_TRUE(store->commit(writes).ok());
  }
  const auto size = std::filesystem::file_size(path());
  std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
  // The end of the file has counters alone; the schema, which opening reads, grows with each migration.
  file.seekp(static_cast<std::streamoff>(size - size / 4));
  file << std::string(size / 4, 'x');
  file.close();
  const auto store = open();
  const auto reader = store->open_reader().value();
  const auto read = for_each<Counter>(*reader, {}, [](const Counter&) -> Result<bool> { return true; });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::Unavailable);
  EXPECT_NE(read.error().message.find("damaged"), std::string::npos);
}

TEST_F(SqliteStoreTest, ALockedDatabaseIsUnavailableForAWhile) {
  const auto store = open();
  const auto program = other_program();
  run(program, "BEGIN IMMEDIATE; INSERT INTO counter VALUES ('theirs', 1)");
  const auto start = std::chrono::steady_clock::now();
  const auto refused = store->commit(one_counter("ours"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  EXPECT_NE(refused.error().message.find("locked"), std::string::npos);
  EXPECT_EQ(counters(*store), 0U);  // readers go on
  run(program, "ROLLBACK");
  EXPECT_TRUE(store->commit(one_counter("ours")).ok());
  EXPECT_EQ(counters(*store), 1U);
}

TEST_F(SqliteStoreTest, AFullDiskIsUnavailableUntilThereIsSpace) {
  CrashVfs vfs;
  const auto store = SqliteStore::open({.path = path(), .vfs = vfs.name()}).value();
  ASSERT_TRUE(store->commit(one_counter("first")).ok());
  const auto expect_full = [&](const WriteSet& writes) {
    vfs.refuse_writes(SQLITE_FULL);
    for (int i = 0; i < 2; ++i) {
      const auto refused = store->commit(writes);
      ASSERT_FALSE(refused.ok());
      EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
      EXPECT_NE(refused.error().message.find("disk is full"), std::string::npos);
    }
    EXPECT_EQ(counters(*store), 1U);
    vfs.refuse_writes(0);
  };
  expect_full(one_counter("second"));
  // More than the page cache holds: the disk is found full in the middle of the transaction.
  WriteSet big;
  for (int i = 0; i < 8'000; ++i) big.insert(Counter{std::to_string(i) + std::string(3'000, 'x'), i});
  expect_full(big);
  EXPECT_TRUE(store->commit(one_counter("second")).ok());
  EXPECT_TRUE(store->commit(big).ok());
  EXPECT_EQ(counters(*store), 8'002U);
}

TEST_F(SqliteStoreTest, AfterAFailedCheckpointNothingIsWrittenUntilItIsOpenedAnew) {
  CrashVfs vfs;
  const SqliteOptions options{.path = path(), .vfs = vfs.name(), .checkpoint_pages = 1};
  std::uint64_t there = 0;
  {
    const auto store = SqliteStore::open(options).value();
    vfs.refuse_some_syncs(SQLITE_IOERR_FSYNC);
    std::uint64_t before = 0;
    for (int i = 0; vfs.operations() != before; ++i) {
      before = vfs.operations();
      (void)store->commit(one_counter(std::to_string(i)));
    }
    vfs.refuse_some_syncs(0);
    const auto refused = store->commit(one_counter("refused"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
    there = counters(*store);
  }
  const auto store = SqliteStore::open(options).value();
  EXPECT_EQ(counters(*store), there);
  EXPECT_TRUE(store->commit(one_counter("after")).ok());
}

TEST_F(SqliteStoreTest, TooManyReadersAtOnceAreOverload) {
  const auto store = SqliteStore::open({.path = path(), .max_readers = 3}).value();
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 3; ++i) readers.push_back(store->open_reader().value());
  for (int i = 0; i < 2; ++i) {
    const auto refused = store->open_reader();
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::Overloaded);
  }
  readers.pop_back();
  readers.push_back(store->open_reader().value());
  EXPECT_EQ(store->open_reader().error().code, ErrorCode::Overloaded);
}

TEST_F(SqliteStoreTest, ItsSizeCountsTheLogOfWritesToo) {
  const auto store = open();
  const std::uint64_t before = store->size_on_disk().value();
  WriteSet writes;
  for (int i = 0; i < 200; ++i) writes.insert(Counter{std::to_string(i) + std::string(10'000, 'x'), i});
  ASSERT_TRUE(store->commit(writes).ok());
  EXPECT_GE(store->size_on_disk().value(), before + 2'000'000U);
  std::uint64_t files = 0;
  for (const char* suffix : {"", "-wal"}) files += std::filesystem::file_size(path() + suffix);
  EXPECT_EQ(store->size_on_disk().value(), files);
}

}  // namespace
}  // namespace sqlite
}  // namespace ipam::store
