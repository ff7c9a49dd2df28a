// BackupEngine: how one kind of database is copied while it is in use, such a copy is checked, and put in the place of a database.
//
//   auto engine = …;                                            // of the store that is open; or of settings, where the database is damaged
//   IPAM_TRY(engine->back_up(file, on_snapshot, progress));     // one snapshot: all of it or nothing
//   IPAM_TRY(engine->check(file, on_record, progress));         // reads every byte
//   auto restored = IPAM_TRY(engine->restore_beside(file, progress));
//   … restored->store() …                                       // a database of its own, which nobody uses yet
//   IPAM_TRY(restored->put_in_place());                         // now it is the database; the other one is kept at restored->kept_at()
//
// A copy holds what the database holds, password hashes and sealed secrets among it, and never the master key.
// Errors: those of store.h; NotFound (no such file); FailedPrecondition (the copy is damaged, or a tool is missing: the message says which);
// whatever `progress` answers. Thread rule: one thread; calls block, for as long as copying takes.
#pragma once

#include "store/store.h"

#include <filesystem>

namespace ipam::store {

// Told how far it is, in percent, from time to time; an error ends the work.
using BackupProgress = std::function<Result<void>(int percent)>;
// Given the very snapshot that is copied, before it is.
using OnSnapshot = std::function<Result<void>(Reader& snapshot)>;
// Given each record of a copy's journal, in any order.
using OnJournalRecord = std::function<Result<void>(const model::JournalRecord& record)>;

// A copy made a database again, beside the one in use. Going without put_in_place(), it leaves nothing behind.
class RestoredDatabase {
 public:
  virtual ~RestoredDatabase() = default;
  // With this program's schema.
  virtual Store& store() = 0;
  // Where put_in_place() will keep the database that is in use; empty when there is none.
  virtual std::string kept_at() const = 0;
  // Makes it the database, in one step that a crash leaves undone or done. No store of either may be open then but store(), which is closed here.
  // Errors: FailedPrecondition (another server uses the database).
  virtual Result<void> put_in_place() = 0;
};

class BackupEngine {
 public:
  virtual ~BackupEngine() = default;
  // "sqlite", "postgresql": only a copy of the same kind can be restored.
  virtual std::string_view kind() const = 0;
  // Copies the database into the new file `to`.
  virtual Result<void> back_up(const std::filesystem::path& to, const OnSnapshot& on_snapshot, const BackupProgress& progress) = 0;
  virtual Result<void> check(const std::filesystem::path& file, const OnJournalRecord& on_record, const BackupProgress& progress) = 0;
  // Whether a restore could begin as things are. Errors: FailedPrecondition (other servers use the database: it names them).
  virtual Result<void> check_restorable() = 0;
  virtual Result<std::unique_ptr<RestoredDatabase>> restore_beside(const std::filesystem::path& file, const BackupProgress& progress) = 0;
  // Ends a put_in_place() that a crash cut short. For the start, before the database is opened.
  virtual Result<void> finish_interrupted() = 0;
};

}  // namespace ipam::store
