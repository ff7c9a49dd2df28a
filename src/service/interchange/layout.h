// Layout: how somebody else's file is read: what its columns are called here, how its values are written, and which of its rows are of a kind.
//
// Built in are the exports of NetBox ("netbox": the tables of IP addresses, prefixes, IP ranges and aggregates, all columns as CSV) and of phpIPAM
// ("phpipam": the sheets of subnets and addresses, saved as CSV). A column that neither the layout nor this server knows is reported as one without a
// place. Thread rule: constants and pure functions.
#pragma once

#include "model/interchange.h"
#include "service/interchange/row_source.h"

#include <map>

namespace ipam::service::interchange {

// HostOfPrefix: "10.0.0.5/24" is the address. NumberInParentheses: "Web servers (230)" is 230.
enum class CellShape : std::uint8_t { HostOfPrefix, NumberInParentheses };

// Columns are named by column_key().
struct Layout {
  std::map<std::string, std::string> columns;                        // → a column of this server; empty: left out on purpose
  std::map<std::string, std::map<std::string, std::string>> values;  // of a column: in lower case → as this server writes it
  std::map<std::string, CellShape> shapes;
  // Rows whose cell has this value (in lower case; `by_end`: ends with it) are of another kind and left out. `only`: all other rows are left out.
  struct Choice {
    std::string column;
    std::string value;
    bool by_end = false;
    bool only = false;
  };
  std::vector<Choice> choices;

  // The cell as this server reads it.
  std::string read(const std::string& column, std::string_view cell) const;
  // Whether the row is of the kind; `keys` are those of its cells. A column that the file lacks chooses nothing.
  bool takes(const SourceRow& row, const std::vector<std::string>& keys) const;
};

// Null when there is none of this name for the kind.
const Layout* find_layout(std::string_view name, model::ImportKind kind);
bool is_layout(std::string_view name);
// "netbox, phpipam".
std::string layout_names();

}  // namespace ipam::service::interchange
