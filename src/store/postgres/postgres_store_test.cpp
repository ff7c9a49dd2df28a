#include "store/postgres/postgres_store.h"

#include "store/postgres/postgres_backup.h"
#include "store/postgres/postgres_database_suite.h"
#include "store/store_contract_suite.h"
#include "support/postgres_cluster.h"

namespace ipam::store {
namespace {

class PostgresUnderTest final : public StoreUnderTest {
 public:
  Result<std::unique_ptr<Store>> open() override {
    auto opened = IPAM_TRY(postgres::PostgresStore::open(database_.options()));
    return std::unique_ptr<Store>(std::move(opened));
  }
  std::unique_ptr<BackupEngine> backup_engine() override { return std::make_unique<postgres::PostgresBackup>(database_.options()); }

 private:
  postgres::PostgresDatabase database_;
};

std::unique_ptr<StoreUnderTest> make_postgres() { return std::make_unique<PostgresUnderTest>(); }

IPAM_INSTANTIATE_STORE_CONTRACT(Postgres, make_postgres);

}  // namespace
}  // namespace ipam::store
