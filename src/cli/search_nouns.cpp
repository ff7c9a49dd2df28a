// The noun of saved searches.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/saved_search.h"

namespace ipam::cli {

std::vector<Noun> search_nouns() {
  using T = contract::SavedSearch;
  Noun noun{"saved-search", {}, "saved search", "saved searches", "/api/v1/saved_searches", {"name"}};
  const std::vector<Column<T>> columns{field("Name", &T::name),   field("Kind", &T::kind),      field("Query", &T::query),
                                       field("Words", &T::words), field("Sorted by", &T::sort), field("Seen by", &T::sharing),
                                       field("Of", &T::user)};
  noun.table = view_of(columns);
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + columns +
                        std::vector<Column<T>>{field("Columns", &T::columns), field("Changed (UTC)", &T::changed_at)});
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.subject = "NAME";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::SavedSearchCreate>();
  noun.edit = body_of<contract::SavedSearchPatch>();
  noun.list_help = {"List your saved searches and those that others share.", "ipam saved-search list", ""};
  noun.show_help = {"Show one saved search.", "ipam saved-search show 'Nearly full'", ""};
  noun.add_help = {"Keep a search for yourself, or for everyone.",
                   "ipam saved-search add 'Nearly full' --kind subnet --query 'utilization > 90' --sharing everyone", ""};
  noun.edit_help = {"Change one of your saved searches.", "ipam saved-search edit 'Nearly full' --query 'utilization > 95'", ""};
  noun.delete_help = {"Delete one of your saved searches.", "ipam saved-search delete 'Nearly full'", ""};
  return {noun};
}

}  // namespace ipam::cli
