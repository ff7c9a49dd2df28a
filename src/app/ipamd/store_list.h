// StoreList: the databases that this program can stand on: the one place that names concrete store rooms. Thread rule: for the start, one thread.
#pragma once

#include "app/ipamd/settings.h"
#include "crypto/seal.h"
#include "store/backup.h"

#include <memory>

namespace ipam::app {

// A name for this server among those that share a database: a person recognises the host, and no two starts have the same.
std::string new_node_name();

// The embedded database in the data folder, or the PostgreSQL database of settings.database, where this server is called `node`. Errors: those of the
// stores; InvalidArgument (URL, password file).
Result<std::unique_ptr<store::Store>> open_store(const Settings& settings, const std::string& node);

// How the same database is copied and put back. It need not be there or be whole. Errors: InvalidArgument (URL, password file).
Result<std::unique_ptr<store::BackupEngine>> make_backup_engine(const Settings& settings, const std::string& node);

// What this server is called where several share the database: its name in the feed. Alone: the host's name.
std::string node_name(store::Store& store);

// The id of the data folder's key; empty when there is none yet. Errors: those of MasterKey.
Result<std::string> master_key_id(const Settings& settings);

// The key of the data folder (made when there is none), which must be the one that this database's secrets are sealed with: another one could open
// none of them, and would seal what the other nodes cannot open. Errors: FailedPrecondition, which says what to copy where; those of MasterKey.
Result<crypto::MasterKey> load_master_key(const Settings& settings, store::Store& store);

}  // namespace ipam::app
