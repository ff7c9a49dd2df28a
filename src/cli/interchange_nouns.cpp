// The nouns of files in and out: import, export.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/interchange.h"

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

}  // namespace

std::vector<Noun> interchange_nouns() { return {import_noun(), export_noun()}; }

}  // namespace ipam::cli
