// SqliteBackup: a backup of the embedded database is one file of SQLite, made by its online backup interface (sqlite.org/backup.html) from one
// snapshot while the server writes on; the WAL cannot start over meanwhile and grows by what is written. Thread rule: as BackupEngine.
#pragma once

#include "store/backup.h"

namespace ipam::store::sqlite {

class SqliteBackup final : public BackupEngine {
 public:
  // `database`: the file in use, which need not be there or be whole.
  explicit SqliteBackup(std::filesystem::path database) : database_(std::move(database)) {}

  std::string_view kind() const override { return "sqlite"; }
  Result<void> back_up(const std::filesystem::path& to, const OnSnapshot& on_snapshot, const BackupProgress& progress) override;
  Result<void> check(const std::filesystem::path& file, const OnJournalRecord& on_record, const BackupProgress& progress) override;
  Result<void> check_restorable() override { return {}; }
  Result<std::unique_ptr<RestoredDatabase>> restore_beside(const std::filesystem::path& file, const BackupProgress& progress) override;
  Result<void> finish_interrupted() override;

 private:
  const std::filesystem::path database_;
};

}  // namespace ipam::store::sqlite
