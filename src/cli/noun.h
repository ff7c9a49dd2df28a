// Noun: what the command line knows of one kind of object: where the API keeps it, how a person names it, which columns it shows, which verbs it has.
// The verbs themselves are written once (verbs.h) and work on any noun. Thread rule: immutable after it is made.
#pragma once

#include "cli/api.h"
#include "cli/body.h"
#include "cli/table.h"

#include <boost/json/value.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ipam::cli {

// Columns over a contract struct, with the struct's type forgotten.
struct View {
  std::vector<Heading> headings;
  std::function<Result<Row>(const boost::json::value&)> row;
};

template <class T>
struct Column {
  std::string heading;
  Align align = Align::Left;
  std::function<Cell(const T&)> cell;
  Width width = Width::Whole;
};

template <class T>
View view_of(std::vector<Column<T>> columns) {
  View view;
  for (const auto& column : columns) view.headings.push_back({column.heading, column.align, column.width});
  if (!view.headings.empty()) view.headings.front().width = Width::Whole;  // what an object is called
  view.row = [columns = std::move(columns)](const boost::json::value& json) -> Result<Row> {
    const T value = IPAM_TRY(decode<T>(json));
    Row row;
    for (const auto& column : columns) row.push_back(column.cell(value));
    return row;
  };
  return view;
}

// The fields of a contract struct as CSV columns; a nested struct is "outer.inner".
template <class T>
void append_csv_columns(std::vector<std::string>& columns, const std::string& prefix) {
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>>([&](auto member) {
    using Value = std::remove_reference_t<decltype(std::declval<T&>().*member.pointer)>;
    if constexpr (std::is_class_v<Value> && json::Described<Value> && !json::TextValue<Value>) {
      append_csv_columns<Value>(columns, prefix + member.name + '.');
    } else {
      columns.push_back(prefix + member.name);
    }
  });
}
template <class T>
std::vector<std::string> csv_columns_of() {
  std::vector<std::string> columns;
  append_csv_columns<T>(columns, {});
  return columns;
}

// An option of `list` that narrows it.
struct Filter {
  std::string flags;
  std::string placeholder;
  std::string query;  // the parameter of the API
  std::string help;
};

// What a person may type to mean one object. An id always works.
enum class Key { Prefix, Range, Address, Name };

struct VerbHelp {
  std::string sentence;
  std::string example;
  std::string replaces;  // cmdlets of Microsoft's IpamServer module; empty: none
};

struct Noun {
  std::string name;                   // on the command line: "subnet"
  std::vector<std::string> aliases;   // other names on the command line
  std::string one, many;              // in sentences: "DHCP scope", "DHCP scopes"
  std::string path;                   // "/api/v1/subnets"
  std::vector<std::string> own_name;  // the fields by which it is called; two are the ends of a range
  View table;
  View record;
  std::function<std::string(const boost::json::value&, const Style&)> details;  // what follows the record; may be empty
  std::vector<std::string> csv;

  std::string table_sort;  // the order of a table when none was asked for; other formats take the server's own, which costs it nothing
  std::vector<Filter> filters;
  bool within = false;  // `list` takes a prefix to look in as its argument

  std::vector<Key> keys;
  std::string prefix_query;        // filter that finds a prefix
  std::string name_query;          // filter that finds a name: "name", "name__contains", or none: the list is searched
  std::vector<Filter> qualifiers;  // options that tell apart objects of one name: --space, --server

  std::string subject;                      // what `add` and others call their argument: "PREFIX"
  std::vector<std::string> subject_fields;  // the fields of the new object that the argument of `add` gives
  std::optional<Body> add;
  std::optional<Body> edit;

  bool on_server = false;  // it stands on a managed server: add, edit and delete change that, and show first what would be sent

  std::optional<VerbHelp> list_help, show_help, add_help, edit_help, delete_help, allocate_help;
};

// "10.2.3.0/24", "10.2.3.4-10.2.3.9", "app7": how the object is called.
std::string own_name(const Noun& noun, const boost::json::value& item);
// A text field of an item, or nothing in it.
std::string text_field(const boost::json::value& item, std::string_view name);

// All nouns, in the order of the help.
std::vector<Noun> all_nouns();

// The parts of all_nouns().
std::vector<Noun> address_plan_nouns();
std::vector<Noun> search_nouns();
std::vector<Noun> server_nouns();
std::vector<Noun> dns_nouns();
std::vector<Noun> custom_field_nouns();
std::vector<Noun> tracking_nouns();
std::vector<Noun> discovery_nouns();
std::vector<Noun> quota_nouns();
std::vector<Noun> access_nouns();
std::vector<Noun> operation_nouns();
std::vector<Noun> change_nouns();
std::vector<Noun> backup_nouns();
std::vector<Noun> interchange_nouns();

}  // namespace ipam::cli
