// The nouns of files in and out: import, export.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/import_profile.h"

namespace ipam::cli {
namespace {

Noun import_noun() {
  using T = contract::Import;
  Noun noun{"import", {}, "import", "imports", "/api/v1/imports", {"id"}};
  noun.table = view_of(std::vector<Column<T>>{field("Id", &T::id), field("Kind", &T::kind), field("File", &T::file_name), field("State", &T::state),
                                              field("Rows", &T::rows), field("Created", &T::created), field("Updated", &T::updated),
                                              field("Removed", &T::removed), field("Failed", &T::failed), field("By", &T::actor),
                                              field("Started (UTC)", &T::started_at)});
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id),
                                               field("Operation", &T::operation_id),
                                               field("Kind", &T::kind),
                                               field("Format", &T::format),
                                               field("Mode", &T::mode),
                                               field("Dry run", &T::dry_run),
                                               field("File", &T::file_name),
                                               field("SHA-256", &T::sha256),
                                               field("Bytes", &T::bytes),
                                               field("By", &T::actor),
                                               field("State", &T::state),
                                               field("Can be resumed", &T::resumable),
                                               field("Rows", &T::rows),
                                               field("Created", &T::created),
                                               field("Updated", &T::updated),
                                               field("Unchanged", &T::unchanged),
                                               field("Removed", &T::removed),
                                               field("Failed", &T::failed),
                                               field("Columns without a place", &T::columns_without_place),
                                               field("Message", &T::message),
                                               field("Started (UTC)", &T::started_at),
                                               field("Ended (UTC)", &T::ended_at)});
  noun.csv = csv_columns_of<T>();
  noun.subject = "ID";
  noun.filters = {{"--kind", "KIND", "kind", "Only of block, subnet, range or address"}, {"--actor", "NAME", "actor", "Only by this user"}};
  noun.list_help = {"List the imports of the last week, the newest first.", "ipam import list --kind address", ""};
  noun.show_help = {"Show how far an import is and what came of it.", "ipam import show 131077", ""};
  return noun;
}

Noun export_noun() { return {"export", {}, "export", "exports", "/api/v1/exports", {}}; }

Noun profile_noun() {
  using T = contract::ImportProfile;
  Noun noun{"import-profile", {}, "import profile", "import profiles", "/api/v1/import_profiles", {"name"}};
  const std::vector<Column<T>> columns{field("Name", &T::name),       field("Kind", &T::kind),
                                       field("Columns", &T::map),     field("Description", &T::description),
                                       field("Changed by", &T::user), field("Changed (UTC)", &T::changed_at)};
  noun.table = view_of(columns);
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + columns);
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.subject = "NAME";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::ImportProfileCreate>();
  noun.edit = body_of<contract::ImportProfilePatch>();
  noun.list_help = {"List the import profiles: which columns of a spreadsheet mean what. netbox and phpipam are built in.",
                    "ipam import-profile list", ""};
  noun.show_help = {"Show one import profile.", "ipam import-profile show 'Old sheet'", ""};
  noun.add_help = {"Keep which columns of a spreadsheet mean what here, for `ipam import … --import-profile`.",
                   "ipam import-profile add 'Old sheet' --kind address --map 'Hostname=Device Name; Rack=Rack; Remarks='", ""};
  noun.edit_help = {"Change an import profile.", "ipam import-profile edit 'Old sheet' --map 'Host=Device Name'", ""};
  noun.delete_help = {"Delete an import profile.", "ipam import-profile delete 'Old sheet'", ""};
  return noun;
}

}  // namespace

std::vector<Noun> interchange_nouns() { return {import_noun(), export_noun(), profile_noun()}; }

}  // namespace ipam::cli
