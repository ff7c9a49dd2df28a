#include "app/ipamd/restoring.h"

#include "app/ipamd/folder_lock.h"
#include "app/ipamd/store_list.h"

#include <unistd.h>

#include <fmt/format.h>

#include <iostream>

namespace ipam::app {
namespace {

Result<model::Restoration> restore(const Settings& settings, store::BackupEngine& engine, const service::BackupFolder& folder, const Clock& clock,
                                   const std::string& node, const service::RestoreRequest& request, store::BackupProgress progress) {
  const service::RestoreStage stage{
      engine, folder, clock, IPAM_TRY(master_key_id(settings)), [&] { return open_store(settings, node); }, std::move(progress)};
  return service::restore(stage, request);
}

std::string report(const model::Restoration& restoration) {
  std::string text = fmt::format("Restored backup {}, with changes up to {} of {}.\n", restoration.backup, restoration.backup_sequence,
                                 format_time(std::chrono::floor<std::chrono::seconds>(restoration.backup_at)));
  if (restoration.replaced_sequence == 0) {
    text += fmt::format(
        "The replaced database could not be read: {}.\nWhat was handed out after the backup is not known; collect from the DHCP "
        "servers before you allocate.\n",
        restoration.problem);
  } else {
    text += fmt::format("Changes that came after it: {} (`ipam lost-change list --restoration {}` shows them).\n", restoration.lost_records,
                        restoration.id.to_string());
    text += fmt::format("Kept, so that nobody gets them again: {} blocks, {} subnets, {} addresses, {} reservations, {} leases; {} had no place.\n",
                        restoration.kept_blocks, restoration.kept_subnets, restoration.kept_addresses, restoration.kept_reservations,
                        restoration.kept_leases, restoration.not_kept);
    if (!restoration.problem.empty()) text += fmt::format("Not all of the replaced database could be read: {}.\n", restoration.problem);
  }
  if (!restoration.replaced_database.empty()) text += fmt::format("The replaced database is kept at {}.\n", restoration.replaced_database);
  return text;
}

// A line that tells how far it is, on a terminal.
store::BackupProgress progress_line() {
  if (isatty(STDERR_FILENO) == 0) return [](int) { return Result<void>(); };
  return [](int percent) {
    std::cerr << fmt::format("\r{:3} %", percent) << std::flush;
    return Result<void>();
  };
}

}  // namespace

std::filesystem::path folder_of_backups(const Settings& settings) {
  return settings.backup_folder.empty() ? settings.data_folder / "backups" : settings.backup_folder;
}

Result<void> restore_what_was_asked(const Settings& settings, store::BackupEngine& engine, const service::BackupFolder& folder, const Clock& clock,
                                    const std::string& node) {
  folder.clean();
  IPAM_TRY(engine.finish_interrupted());
  const auto request = service::take_restore_request(folder);
  if (request.ok() && !*request) return {};
  const auto restored = request.ok() ? restore(settings, engine, folder, clock, node, **request, [](int) { return Result<void>(); })
                                     : Result<model::Restoration>(request.error());
  if (!restored.ok()) {
    log::error("IPAM-5208 the restore failed; the database is as it was", {{"error", restored.error().describe()}});
    // Cut short in its last step, it must be completed before anybody opens what would be a new, empty database.
    return engine.finish_interrupted();
  }
  log::warning("IPAM-5209 a backup was restored", {{"backup", restored->backup},
                                                   {"restoration", restored->id.to_string()},
                                                   {"lost_changes", restored->lost_records},
                                                   {"kept_addresses", restored->kept_addresses},
                                                   {"replaced_database", restored->replaced_database},
                                                   {"problem", restored->problem}});
  return {};
}

int restore_and_end(const Settings& settings, const std::string& backup) {
  const auto restored = [&]() -> Result<model::Restoration> {
    const auto lock = IPAM_TRY(FolderLock::take(settings.data_folder));
    const std::string node = new_node_name();
    const auto engine = IPAM_TRY(make_backup_engine(settings, node));
    const service::BackupFolder folder(folder_of_backups(settings));
    const SystemClock clock;
    IPAM_TRY(engine->finish_interrupted());
    service::RestoreRequest request;
    request.backup = backup;
    request.actor = "ipamd --restore";
    return restore(settings, *engine, folder, clock, node, request, progress_line());
  }();
  if (isatty(STDERR_FILENO) != 0) std::cerr << "\r";
  if (!restored.ok()) {
    std::cerr << "ipamd: nothing was restored, the database is as it was: " << restored.error().message << '\n';
    return 1;
  }
  std::cout << report(*restored);
  return 0;
}

}  // namespace ipam::app
