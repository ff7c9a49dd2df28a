// RowPlan: rows of a file as objects of one kind, before they meet the plan. Thread rule: one thread.
#pragma once

#include "service/interchange/column.h"
#include "service/interchange/importer.h"
#include "service/interchange/layout.h"

#include <map>

namespace ipam::service::interchange {

template <class T>
struct PlannedRow {
  std::uint64_t number = 0;
  T object;              // what the row says, alone
  bool has_key = false;  // which object is meant is known
  NamedChanges custom;   // of custom fields
  std::optional<ip::Prefix> network;
  std::vector<std::optional<std::string>> cells;  // trimmed, as many as columns were known
  std::string line;                               // of JSON, as given
  std::string problem;
};

template <class T>
class RowPlan {
 public:
  // `catalog`: of the custom fields.
  RowPlan(const ImportParts& parts, const Principal& principal, const ImportRequest& request, std::shared_ptr<const FieldCatalog> catalog)
      : parts_(parts), principal_(principal), request_(request), catalog_(std::move(catalog)) {}

  // Finds the columns that are new. Errors: Malformed: a column stands twice; a key's column is missing (`all`: there come no more).
  Result<void> learn(const std::vector<std::string>& names, bool all);
  // The layout and the columns of the request, before the first row. Errors: InvalidArgument: no layout of that name for this kind.
  Result<void> prepare();
  // What differs between two states of an object, as the columns write it: "Device Name: app7 → app8".
  std::string differences(const T& before, const T& after) const;
  // Columns that have no place here.
  const std::vector<std::string>& unplaced() const { return unplaced_; }

  // Whether the row is of this kind, as the layout of the file tells. What it does not take is no row.
  bool takes(const SourceRow& row) const { return layout_ == nullptr || layout_->takes(row, keys_); }
  PlannedRow<T> plan(SourceRow row);
  // The fields of the row into an object that exists.
  Result<void> apply(const PlannedRow<T>& row, T& object) const;

 private:
  enum class Meaning { None, Field, Key, Space, Network, Start, End, Custom, ManyCustom };
  struct Use {
    const Column<T>* column = nullptr;
    Meaning meaning = Meaning::None;
    std::string name;   // as the file writes it
    std::string field;  // of a custom field: its own name
  };
  struct Places {
    std::optional<ip::Prefix> network;
    std::optional<ip::Address> start, end;
  };

  // The custom field that a header means; null when there is none.
  const model::CustomField* find_custom(std::string_view header) const;
  Result<void> read(PlannedRow<T>& row);
  Result<void> read_cell(const Use& use, std::string_view text, PlannedRow<T>& row, Places& places, bool& has_key);
  Result<void> locate(PlannedRow<T>& row, const Places& places, bool has_key) const;
  Result<model::Id<model::AddressSpace>> space(std::string_view name);

  const ImportParts& parts_;
  const Principal& principal_;
  const ImportRequest& request_;
  const std::shared_ptr<const FieldCatalog> catalog_;
  // As this server calls the column; nothing: it is left out on purpose.
  std::optional<std::string> meant_by(const std::string& name) const;
  std::string text_of(std::size_t column, std::string_view cell) const;

  const Layout* layout_ = nullptr;
  std::map<std::string, std::string> columns_;  // of the request, by column_key
  std::vector<std::string> keys_;               // of the file's columns
  std::vector<Use> uses_;
  std::vector<std::string> unplaced_;
  std::map<std::string, model::Id<model::AddressSpace>, std::less<>> spaces_;
};

// An error in the words of a row: of its fields, when it has some.
std::string reason_of(const Error& error);

}  // namespace ipam::service::interchange
