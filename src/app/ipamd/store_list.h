// StoreList: the databases that this program can stand on: the one place that names concrete store rooms. Thread rule: for the start, one thread.
#pragma once

#include "app/ipamd/settings.h"
#include "crypto/seal.h"
#include "store/backup.h"

#include <memory>

namespace ipam::app {

// The embedded database in the data folder, or the PostgreSQL database of settings.database. Errors: those of the stores; InvalidArgument (URL,
// password file).
Result<std::unique_ptr<store::Store>> open_store(const Settings& settings);

// How the same database is copied and put back. It need not be there or be whole. Errors: InvalidArgument (URL, password file).
Result<std::unique_ptr<store::BackupEngine>> make_backup_engine(const Settings& settings);

// The id of the data folder's key; empty when there is none yet. Errors: those of MasterKey.
Result<std::string> master_key_id(const Settings& settings);

// The key of the data folder (made when there is none), which must be the one that this database's secrets are sealed with: another one could open
// none of them, and would seal what the other nodes cannot open. Errors: FailedPrecondition, which says what to copy where; those of MasterKey.
Result<crypto::MasterKey> load_master_key(const Settings& settings, store::Store& store);

}  // namespace ipam::app
