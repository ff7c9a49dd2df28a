// RowSource: the rows of a file, whatever its format: CSV (wire/csv), or JSON lines with one object of the API a line.
//
// A row's cells stand under the names of the file: those of the CSV header, or the fields that the JSON objects before and in this row have had. Of a
// JSON value the cell is its text; null is an empty cell, a list its elements with "; " between them, an object its members as "name=value; …"
// (within a list with ", "). Errors: those of wire::csv::Reader; those of the taker. Thread rule: one thread.
#pragma once

#include "model/interchange.h"
#include "wire/csv/reader.h"

#include <functional>
#include <map>
#include <memory>

namespace ipam::service::interchange {

inline constexpr std::size_t kMaxColumns = 1'024;

struct SourceRow {
  std::uint64_t number = 0;  // as a spreadsheet or an editor counts; the header of a CSV file is row 1
  // As many as there are names; nothing: the row has no such field.
  std::vector<std::optional<std::string>> cells;
  std::string problem;  // empty: none
  std::string line;     // of JSON: the row as it was given
};

class RowSource {
 public:
  using OnRow = std::function<Result<void>(SourceRow)>;
  virtual ~RowSource() = default;
  virtual Result<void> feed(std::string_view piece) = 0;
  virtual Result<void> finish() = 0;
  // Of the columns known by now; they only grow.
  virtual const std::vector<std::string>& names() const = 0;
};

std::unique_ptr<RowSource> make_row_source(model::ImportFormat format, RowSource::OnRow on_row);

}  // namespace ipam::service::interchange
