// The restore of a backup, as this program does it: at its start when one was asked for, or as all that it does (--restore).
// Thread rule: for the start, one thread.
#pragma once

#include "app/ipamd/settings.h"
#include "service/backup/restore.h"

namespace ipam::app {

std::filesystem::path folder_of_backups(const Settings& settings);

// Ends what a crash left half done, and restores the backup that somebody asked for while the server ran. One that cannot be restored is told in the
// log, and the database stays as it was (or, where only the last step was cut short, is the restored one). Errors: those of finish_interrupted().
Result<void> restore_what_was_asked(const Settings& settings, store::BackupEngine& engine, const service::BackupFolder& folder, const Clock& clock,
                                    const std::string& node);

// Restores settings' database from this backup and says on standard output what came of it. Answers the exit status.
int restore_and_end(const Settings& settings, const std::string& backup);

}  // namespace ipam::app
