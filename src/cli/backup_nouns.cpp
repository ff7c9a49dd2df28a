// The nouns of backups: backup, restoration, lost-change.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/backup.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

// "1.4 GB": how much room it takes, for people.
std::string size_text(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1'000 && unit + 1 < std::size(kUnits)) size /= 1'000, ++unit;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", size, kUnits[unit]);
}

Noun backup_noun() {
  using T = contract::Backup;
  Noun noun{"backup", {}, "backup", "backups", "/api/v1/backups", {"name"}};
  const auto size = computed<T>(
      "Size", [](const T& backup) { return cell(size_text(backup.bytes)); }, Align::Right);
  noun.table = view_of(std::vector<Column<T>>{field("Name", &T::name), field("Made (UTC)", &T::created_at), field("Up to change", &T::sequence), size,
                                              field("By", &T::actor), field("Note", &T::note)});
  noun.record =
      view_of(std::vector<Column<T>>{field("Name", &T::name), field("Made (UTC)", &T::created_at), field("By", &T::actor), field("Note", &T::note),
                                     field("Up to change", &T::sequence), size, field("Kind", &T::kind), field("Program", &T::version),
                                     field("Schema", &T::schema_version), field("Master key", &T::master_key_id), field("SHA-256", &T::sha256)});
  noun.csv = csv_columns_of<T>();
  noun.subject = "BACKUP";
  noun.add = body_of<contract::BackupCreate>();
  noun.list_help = {"List the backups that this server has made, the newest first.", "ipam backup list", ""};
  noun.show_help = {"Show one backup.", "ipam backup show 20261127T170102Z-48213", ""};
  noun.delete_help = {"Delete a backup.", "ipam backup delete 20261127T170102Z-48213", ""};
  return noun;
}

Noun restoration_noun() {
  using T = contract::Restoration;
  Noun noun{"restoration", {}, "restoration", "restorations", "/api/v1/restorations", {"backup"}};
  noun.table = view_of(std::vector<Column<T>>{field("Id", &T::id), field("At (UTC)", &T::at), field("Backup", &T::backup),
                                              field("Lost changes", &T::lost_records), field("Kept addresses", &T::kept_addresses),
                                              field("Not kept", &T::not_kept), field("Problem", &T::problem)});
  noun.record = view_of(std::vector<Column<T>>{
      field("Id", &T::id), field("At (UTC)", &T::at), field("Backup", &T::backup), field("Backup made (UTC)", &T::backup_at),
      field("Backup up to change", &T::backup_sequence), field("Replaced database up to", &T::replaced_sequence),
      field("In common up to", &T::common_sequence), field("Lost changes", &T::lost_records), field("Kept blocks", &T::kept_blocks),
      field("Kept subnets", &T::kept_subnets), field("Kept addresses", &T::kept_addresses), field("Kept reservations", &T::kept_reservations),
      field("Kept leases", &T::kept_leases), field("Not kept", &T::not_kept), field("Replaced database", &T::replaced_database),
      field("Problem", &T::problem)});
  noun.csv = csv_columns_of<T>();
  noun.subject = "ID";
  noun.list_help = {"List the restores of backups, the newest first.", "ipam restoration list", ""};
  noun.show_help = {"Show what a restore did: what came after the backup, and what of it is kept.", "ipam restoration show 131077", ""};
  return noun;
}

Noun lost_change_noun() {
  using T = contract::LostChange;
  Noun noun{"lost-change", {}, "lost change", "lost changes", "/api/v1/lost_changes", {"sequence"}};
  noun.table =
      view_of(std::vector<Column<T>>{field("Change", &T::sequence), field("At (UTC)", &T::at), field("By", &T::actor), field("Kind", &T::kind),
                                     field("Type", &T::object_type), field("Object", &T::object_name), field("Reason", &T::reason)});
  noun.csv = csv_columns_of<T>();
  noun.table_sort = "sequence";
  noun.filters = {{"--restoration", "ID", "restoration_id", "Only of this restore"},
                  {"--actor", "NAME", "actor", "Only by this user"},
                  {"--object-type", "TYPE", "object_type", "Only of objects of this type"},
                  {"--kind", "KIND", "kind", "Only created, updated or deleted"}};
  noun.list_help = {"List the changes that came after a backup that was restored, which are undone by that.",
                    "ipam lost-change list --restoration 131077 --object-type address", ""};
  return noun;
}

}  // namespace

std::vector<Noun> backup_nouns() { return {backup_noun(), restoration_noun(), lost_change_noun()}; }

}  // namespace ipam::cli
