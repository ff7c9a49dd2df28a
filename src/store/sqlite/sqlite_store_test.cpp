#include "store/sqlite/sqlite_store.h"

#include "store/store_contract_suite.h"
#include "support/temporary_folder.h"

namespace ipam::store {
namespace {

class SqliteUnderTest final : public StoreUnderTest {
 public:
  Result<std::unique_ptr<Store>> open() override {
    auto opened = IPAM_TRY(sqlite::SqliteStore::open({.path = folder_.file("ipam.db")}));
    return std::unique_ptr<Store>(std::move(opened));
  }

 private:
  test::TemporaryFolder folder_;
};

std::unique_ptr<StoreUnderTest> make_sqlite() { return std::make_unique<SqliteUnderTest>(); }

IPAM_INSTANTIATE_STORE_CONTRACT(Sqlite, make_sqlite);

}  // namespace
}  // namespace ipam::store
