// Importer: one pass over one file: its rows into the address plan, in small steps of priority bulk that give way to requests of people.
//
// Each step writes its rows, the rows that failed and how far the import is in one commit, so that an import that was cut off goes on where it was,
// and no row counts twice. A row that fails costs itself alone. For each row: what its key names is changed where the file has a column for it, else
// it is made. Memory: one step of rows; to synchronize also the ids of the objects that the file names. Errors: those of the file (Malformed, with
// the row), of the ledger and the store; Cancelled. Thread rule: one thread, which may block.
#pragma once

#include "ledger/ledger.h"
#include "service/interchange/row_source.h"
#include "service/planning/planning_service.h"
#include "store/import_tables.h"

#include <filesystem>
#include <functional>
#include <map>

namespace ipam::service::interchange {

// What an import is asked for beside what model::Import says: kept with it as JSON.
struct ImportRequest {
  std::string space;  // of rows that name none: name or id; empty: the default space
  // What is synchronized: the objects within (blocks, subnets, addresses), or the ranges of one service instance.
  std::optional<ip::Address> first;
  std::optional<ip::Address> last;
  std::optional<std::string> managed_by;
  std::string service_instance;
  bool create_subnets = false;                 // of ranges: make the subnet that the row names
  std::map<std::string, std::string> columns;  // of the file → of this server; empty: left out on purpose
  std::string layout;                          // of layout.h; empty: the columns are as they are called here
  // To synchronize: which outcomes are carried out (created, updated, removed, seen); none: all but seen.
  std::vector<std::string> take;
  bool delete_mapped_addresses = false;  // of ranges, to synchronize: a range that goes takes the addresses of its service along
  bool live = false;                     // of addresses, to synchronize: also look at what DHCP and DNS servers say
};
BOOST_DESCRIBE_STRUCT(ImportRequest, (), (space, first, last, managed_by, service_instance, create_subnets, columns, layout, take, delete_mapped_addresses, live))

struct ImportParts {
  store::Store& store;
  ledger::Ledger& ledger;
  PlanningService& planning;
  const Clock& clock;
};

// Told how much of the file is done, in percent; answers whether to go on.
using ImportProgress = std::function<bool(int percent)>;

// Rows that one step takes at most; in a dry run of a file of so many rows, they see each other.
inline constexpr std::size_t kStepRows = 1'000;
inline constexpr std::size_t kDryRunRows = 10'000;

// Goes on where `import` says it was; of one that synchronizes, and of a dry run, from the beginning. Answers the import at its end, which is stored.
template <class T>
Result<model::Import> run_import(const ImportParts& parts, model::Import import, const Principal& principal, const model::ChangeContext& request,
                                 const std::filesystem::path& file, const ImportProgress& progress);

}  // namespace ipam::service::interchange
