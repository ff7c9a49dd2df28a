// The contract of a Store, written once for every engine: what SQLite and PostgreSQL must both do. An engine's test program says
//
//   IPAM_INSTANTIATE_STORE_CONTRACT(Sqlite, [] { return std::unique_ptr<StoreUnderTest>(new …); });
//
// Thread rule: of the tests themselves; a StoreUnderTest is used by one thread.
#pragma once

#include "store/backup.h"

#include <gtest/gtest.h>

#include <functional>

namespace ipam::store {

// An engine with one empty database of its own, which goes with this object.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  // Opens the database, which keeps what earlier stores wrote. At most one store is open at a time.
  virtual Result<std::unique_ptr<Store>> open() = 0;
  // Copies and puts back the same database.
  virtual std::unique_ptr<BackupEngine> backup_engine() = 0;
};
using MakeStoreUnderTest = std::function<std::unique_ptr<StoreUnderTest>()>;

class StoreContract : public testing::TestWithParam<MakeStoreUnderTest> {
 protected:
  void SetUp() override;

  Store& store() { return *store_; }
  std::unique_ptr<Reader> reader();
  void reopen();
  void close() { store_.reset(); }
  std::unique_ptr<BackupEngine> backup_engine() { return database_->backup_engine(); }

  // Every row of T in the order of its key, as cells.
  template <Stored T>
  std::vector<std::vector<Value>> rows() {
    std::vector<std::vector<Value>> all;
    const auto snapshot = reader();
    const auto read = for_each<T>(*snapshot, {}, [&](const T& row) -> Result<bool> {
      all.push_back(to_cells(row));
      return true;
    });
    EXPECT_TRUE(read.ok()) << read.error().describe();
    return all;
  }

 private:
  std::unique_ptr<StoreUnderTest> database_;
  std::unique_ptr<Store> store_;
};

// One fixture a file. `name` names the instance, and by standing in that file makes the linker take its tests.
struct StoreValues : StoreContract {
  static std::string name(const testing::TestParamInfo<MakeStoreUnderTest>&);
};
struct StoreWrites : StoreContract {
  static std::string name(const testing::TestParamInfo<MakeStoreUnderTest>&);
};
struct StoreQueries : StoreContract {
  static std::string name(const testing::TestParamInfo<MakeStoreUnderTest>&);
};
struct StoreSnapshots : StoreContract {
  static std::string name(const testing::TestParamInfo<MakeStoreUnderTest>&);
};
struct StoreBackups : StoreContract {
  static std::string name(const testing::TestParamInfo<MakeStoreUnderTest>&);
};

}  // namespace ipam::store

#define IPAM_INSTANTIATE_STORE_CONTRACT(engine, make)                                                                                            \
  INSTANTIATE_TEST_SUITE_P(engine, StoreValues, ::testing::Values(::ipam::store::MakeStoreUnderTest(make)), ::ipam::store::StoreValues::name);   \
  INSTANTIATE_TEST_SUITE_P(engine, StoreWrites, ::testing::Values(::ipam::store::MakeStoreUnderTest(make)), ::ipam::store::StoreWrites::name);   \
  INSTANTIATE_TEST_SUITE_P(engine, StoreQueries, ::testing::Values(::ipam::store::MakeStoreUnderTest(make)), ::ipam::store::StoreQueries::name); \
  INSTANTIATE_TEST_SUITE_P(engine, StoreBackups, ::testing::Values(::ipam::store::MakeStoreUnderTest(make)), ::ipam::store::StoreBackups::name); \
  INSTANTIATE_TEST_SUITE_P(engine, StoreSnapshots, ::testing::Values(::ipam::store::MakeStoreUnderTest(make)), ::ipam::store::StoreSnapshots::name)
