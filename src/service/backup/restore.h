// Restore: puts a backup in the place of the database, while nothing serves.
//
// The backup is read as a whole first; then it becomes a database beside the one in use, is completed from that (replaced_state.h) and takes its
// place in one step. Whatever fails before that leaves the database as it was. The replaced one is kept. A replaced database that cannot be read, or
// not wholly, is no obstacle: the restoration says so.
// Errors: NotFound, FailedPrecondition (damaged, of another kind, sealed with another master key, other servers work on it), those of the engine.
// Thread rule: one thread; calls block for as long as copying takes.
#pragma once

#include "ledger/batch.h"
#include "model/restoration.h"
#include "service/backup/backup_folder.h"
#include "store/backup.h"

namespace ipam::service {

// What a server leaves for its next start to do, as a file.
struct RestoreRequest {
  std::string backup;
  std::string actor;
  std::string reason;
  std::string change_reference;
  std::string on_behalf_of;
  std::string request_id;
};
BOOST_DESCRIBE_STRUCT(RestoreRequest, (), (backup, actor, reason, change_reference, on_behalf_of, request_id))

// The request that waits in the folder, if one does. Once read it waits no more, so that a restore that cannot be done is not tried for ever.
Result<std::optional<RestoreRequest>> take_restore_request(const BackupFolder& folder);
Result<void> leave_restore_request(const BackupFolder& folder, const RestoreRequest& request);

// Whether the backup is whole: its digest, the database's own consistency, and the journal's chain up to the manifest's end. Answers where that is.
Result<ledger::Position> check_backup(store::BackupEngine& engine, const BackupFolder& folder, const BackupManifest& manifest,
                                      const store::BackupProgress& progress);

// Why this backup cannot be restored here; empty: it can. `master_key_id` is empty where there is no key yet.
std::string obstacle_to(const BackupManifest& manifest, std::string_view kind, std::string_view master_key_id);

struct RestoreStage {
  store::BackupEngine& engine;
  const BackupFolder& folder;
  const Clock& clock;
  std::string master_key_id;  // of this server; empty: it has none yet
  // Opens the database in use.
  std::function<Result<std::unique_ptr<store::Store>>()> open_current;
  store::BackupProgress progress;
};

Result<model::Restoration> restore(const RestoreStage& stage, const RestoreRequest& request);

}  // namespace ipam::service
