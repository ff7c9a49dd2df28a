// PostgresBackup: a backup is a custom-format archive of the database's schema by pg_dump, of one snapshot; it is checked by letting pg_restore read
// all of it, and restored by pg_restore and psql into a schema of its own, in one transaction. Putting it in place renames two schemas in one
// transaction; the replaced tables stay in the schema that put_in_place() names, until an administrator drops it. The tools must be at least as
// new as the server. Thread rule: as BackupEngine.
#pragma once

#include "store/backup.h"
#include "store/postgres/postgres_store.h"

namespace ipam::store::postgres {

class PostgresBackup final : public BackupEngine {
 public:
  explicit PostgresBackup(PostgresOptions options) : options_(std::move(options)) {}

  std::string_view kind() const override { return "postgresql"; }
  Result<void> back_up(const std::filesystem::path& to, const OnSnapshot& on_snapshot, const BackupProgress& progress) override;
  Result<void> check(const std::filesystem::path& file, const OnJournalRecord& on_record, const BackupProgress& progress) override;
  Result<void> check_restorable() override;
  Result<std::unique_ptr<RestoredDatabase>> restore_beside(const std::filesystem::path& file, const BackupProgress& progress) override;
  // A crash leaves nothing half done but a schema that nobody uses, which the next restore drops.
  Result<void> finish_interrupted() override { return {}; }

 private:
  const PostgresOptions options_;
};

}  // namespace ipam::store::postgres
