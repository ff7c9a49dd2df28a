#include "service/backup/restore.h"

#include "base/file.h"
#include "base/log.h"
#include "json/codec.h"
#include "ledger/journal_verifier.h"
#include "service/backup/replaced_state.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxRequest = 64'000;

fs::path request_file(const BackupFolder& folder) { return folder.path() / "restore.request"; }

model::ChangeContext context_of(const RestoreRequest& request) {
  model::ChangeContext context;
  context.actor = request.actor;
  context.on_behalf_of = request.on_behalf_of;
  context.request_id = request.request_id;
  context.change_reference = request.change_reference;
  context.reason = request.reason.empty() ? fmt::format("restore of backup {}", request.backup) : request.reason;
  return context;
}

// A ledger over the restored database, for as long as it is completed.
Result<model::Restoration> complete(store::Store& restored, store::Store* replaced, const Clock& clock, const RestoreRequest& request,
                                    model::Restoration restoration) {
  occupancy::Index index;
  IPAM_TRY(ledger::load_index(restored, index));
  const auto ledger = IPAM_TRY(ledger::Ledger::open(restored, index, clock));
  ReplacedState state(restored, *ledger, index, replaced, context_of(request));
  auto completed = state.take_over(std::move(restoration));
  ledger->stop();
  return completed;
}

}  // namespace

Result<std::optional<RestoreRequest>> take_restore_request(const BackupFolder& folder) {
  const fs::path file = request_file(folder);
  if (!fs::exists(file)) return std::optional<RestoreRequest>{};
  const std::string text = IPAM_TRY(read_file(file, kMaxRequest));
  IPAM_TRY(move_file(file, file.string() + ".taken"));
  return std::optional<RestoreRequest>(IPAM_TRY(json::read<RestoreRequest>(text)));
}

Result<void> leave_restore_request(const BackupFolder& folder, const RestoreRequest& request) {
  return write_file_atomically(request_file(folder), as_bytes(json::write(request) + "\n"), 0600);
}

Result<ledger::Position> check_backup(store::BackupEngine& engine, const BackupFolder& folder, const BackupManifest& manifest,
                                      const store::BackupProgress& progress) {
  // Reading the bytes is the smaller half.
  constexpr int kDigestShare = 30;
  IPAM_TRY(folder.check_digest(manifest, [&](int percent) { return progress(percent * kDigestShare / 100); }));
  ledger::JournalVerifier journal;
  const auto on_record = [&](const model::JournalRecord& record) { return journal.add(record); };
  IPAM_TRY(engine.check(folder.database(manifest.name), on_record,
                        [&](int percent) { return progress(kDigestShare + percent * (100 - kDigestShare) / 100); }));
  const auto end = IPAM_TRY(journal.finish());
  if (end.sequence == manifest.sequence && to_hex(end.chain) == manifest.chain) return end;
  return Error(ErrorCode::FailedPrecondition, fmt::format("the backup {} is damaged: its journal ends with record {}, the manifest says {}",
                                                          manifest.name, end.sequence, manifest.sequence));
}

std::string obstacle_to(const BackupManifest& manifest, std::string_view kind, std::string_view master_key_id) {
  if (manifest.kind != kind) {
    return fmt::format("the backup {} is of a {} database and this server works on a {} one; restore it on a server that is set to that",
                       manifest.name, manifest.kind, kind);
  }
  if (!master_key_id.empty() && manifest.master_key_id != master_key_id) {
    return fmt::format(
        "the secrets in backup {} are sealed with master key {}, and this server has {}; put the master.key that belongs to it into "
        "the data folder first",
        manifest.name, manifest.master_key_id, master_key_id);
  }
  return {};
}

Result<model::Restoration> restore(const RestoreStage& stage, const RestoreRequest& request) {
  const BackupManifest manifest = IPAM_TRY(stage.folder.get(request.backup));
  if (std::string obstacle = obstacle_to(manifest, stage.engine.kind(), stage.master_key_id); !obstacle.empty()) {
    return Error(ErrorCode::FailedPrecondition, std::move(obstacle));
  }
  IPAM_TRY(check_backup(stage.engine, stage.folder, manifest, stage.progress));

  model::Restoration restoration;
  restoration.at = stage.clock.now();
  restoration.backup = manifest.name;
  restoration.backup_at = manifest.created_at;
  restoration.backup_sequence = manifest.sequence;
  auto current = stage.open_current();
  if (!current.ok()) restoration.problem = current.error().message;
  const auto restored = IPAM_TRY(stage.engine.restore_beside(stage.folder.database(manifest.name), stage.progress));
  restoration.replaced_database = restored->kept_at();
  store::Store* const replaced = current.ok() ? current->get() : nullptr;
  model::Restoration completed = IPAM_TRY(complete(restored->store(), replaced, stage.clock, request, restoration));
  if (completed.replaced_sequence > 0 && completed.common_sequence == 0) {
    log::warning("IPAM-5207 the replaced database has nothing in common with the backup", {{"backup", manifest.name}});
  }
  if (current.ok()) current->reset();
  IPAM_TRY(restored->put_in_place());
  return completed;
}

}  // namespace ipam::service
