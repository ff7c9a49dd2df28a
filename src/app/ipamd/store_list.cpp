#include "app/ipamd/store_list.h"

#include "base/file.h"
#include "base/strings.h"
#include "crypto/random.h"
#include "store/change_feed.h"
#include "store/database_property.h"
#include "store/postgres/postgres_backup.h"
#include "store/sqlite/sqlite_backup.h"
#include "store/sqlite/sqlite_store.h"

#include <unistd.h>

#include <fmt/format.h>

namespace ipam::app {
namespace {

constexpr std::size_t kMaxPasswordFile = 4'096;
constexpr const char* kMasterKey = "master_key_id";

std::string host_name() {
  char host[65] = {};
  if (gethostname(host, sizeof host - 1) != 0 || host[0] == 0) return "node";
  return shorten(as_text(as_bytes(host)), 40);
}

std::filesystem::path database_file(const Settings& settings) { return settings.data_folder / "ipam.db"; }
std::filesystem::path master_key_file(const Settings& settings) { return settings.data_folder / "master.key"; }

Result<Secret> database_password(const Settings& settings) {
  if (settings.database_password_file.empty()) return Secret();
  const Secret text = IPAM_TRY(read_private_file(settings.database_password_file, kMaxPasswordFile));
  return Secret(std::string(trim(text.reveal())));
}

Result<store::postgres::PostgresOptions> postgres_options(const Settings& settings, const std::string& node) {
  store::postgres::PostgresOptions options;
  options.url = settings.database;
  options.password = IPAM_TRY(database_password(settings));
  options.node = node;
  return options;
}

}  // namespace

std::string new_node_name() { return fmt::format("{}-{}", host_name(), to_hex(crypto::random_bytes(6))); }

Result<std::unique_ptr<store::Store>> open_store(const Settings& settings, const std::string& node) {
  if (settings.database.empty()) {
    auto opened = IPAM_TRY(store::sqlite::SqliteStore::open({.path = database_file(settings)}));
    return std::unique_ptr<store::Store>(std::move(opened));
  }
  auto opened = IPAM_TRY(store::postgres::PostgresStore::open(IPAM_TRY(postgres_options(settings, node))));
  return std::unique_ptr<store::Store>(std::move(opened));
}

Result<std::unique_ptr<store::BackupEngine>> make_backup_engine(const Settings& settings, const std::string& node) {
  if (settings.database.empty()) return std::unique_ptr<store::BackupEngine>(new store::sqlite::SqliteBackup(database_file(settings)));
  return std::unique_ptr<store::BackupEngine>(new store::postgres::PostgresBackup(IPAM_TRY(postgres_options(settings, node))));
}

Result<std::string> master_key_id(const Settings& settings) {
  if (!std::filesystem::exists(master_key_file(settings))) return std::string();
  return IPAM_TRY(crypto::MasterKey::load(master_key_file(settings))).id();
}

std::string node_name(store::Store& store) { return store.feed() != nullptr ? store.feed()->node() : host_name(); }

Result<crypto::MasterKey> load_master_key(const Settings& settings, store::Store& store) {
  const std::filesystem::path file = master_key_file(settings);
  const auto known = IPAM_TRY(store::find_property(store, kMasterKey));
  if (known && !std::filesystem::exists(file)) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("the secrets of this database are sealed with a master key that is not here; copy master.key "
                             "(key id {}) of another node, or of the backup, to {} (owner ipamd, mode 0600)",
                             *known, file.string()));
  }
  auto key = IPAM_TRY(crypto::MasterKey::load_or_create(file));
  const std::string expected = IPAM_TRY(store::get_or_set_property(store, kMasterKey, key.id()));
  if (expected != key.id()) {
    return Error(
        ErrorCode::FailedPrecondition,
        fmt::format("{} holds another master key (key id {}) than the one that the secrets of this database are sealed with (key id {}); copy "
                    "master.key of a node that works with this database",
                    file.string(), key.id(), expected));
  }
  return key;
}

}  // namespace ipam::app
