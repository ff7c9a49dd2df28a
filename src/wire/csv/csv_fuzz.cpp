// Whatever a file holds, the reader ends with rows or an error; the pieces in which it comes make no difference; what it gives is well-formed, and is
// read again as it was when it is written.
#include "base/bytes.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "wire/csv/reader.h"
#include "wire/csv/writer.h"

#include <cstdlib>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using Cells = std::vector<std::string>;

constexpr wire::csv::Limits kLimits{.row_bytes = 200, .columns = 12};

struct Outcome {
  char separator = 0;
  Cells names;
  std::vector<Cells> rows;
  std::vector<std::string> problems;
  std::vector<std::uint64_t> places;
  bool whole = false;

  bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view text, std::size_t piece, const wire::csv::Limits& limits) {
  Outcome outcome;
  const auto on_header = [&](const wire::csv::Header& header) -> Result<void> {
    outcome.separator = header.separator;
    outcome.names = header.names;
    return {};
  };
  const auto on_row = [&](const wire::csv::Row& row) -> Result<void> {
    if (row.fields.size() != outcome.names.size()) std::abort();
    outcome.rows.emplace_back(row.fields.begin(), row.fields.end());
    outcome.problems.push_back(row.problem);
    outcome.places.insert(outcome.places.end(), {row.number, row.line});
    return {};
  };
  wire::csv::Reader reader({on_header, on_row}, limits);
  for (std::size_t begin = 0; begin < text.size(); begin += piece) {
    if (!reader.feed(text.substr(begin, piece)).ok()) return outcome;
  }
  outcome.whole = reader.finish().ok();
  return outcome;
}

void check_characters(const Cells& cells) {
  for (std::string_view rest : cells) {
    while (!rest.empty()) {
      const std::size_t length = utf8_character(rest);
      if (length == 0 || rest.front() == '\0') std::abort();
      rest.remove_prefix(length);
    }
  }
}

void check_written(const Outcome& outcome) {
  std::string text;
  Cells names;
  for (std::size_t i = 0; i < outcome.names.size(); ++i) names.push_back("c" + std::to_string(i));
  wire::csv::write_row(names, text);
  std::vector<Cells> written;
  for (const Cells& cells : outcome.rows) {
    bool is_nothing = cells.size() > 1;
    for (const std::string& cell : cells) {
      is_nothing = is_nothing && trim(cell).empty();
      if (wire::csv::unguard(wire::csv::guard(cell)) != cell) std::abort();
    }
    if (is_nothing) continue;
    wire::csv::write_row(cells, text);
    written.push_back(cells);
  }
  const Outcome again = read(text, text.size(), {});
  if (!again.whole || again.rows != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  const Outcome outcome = read(text, size + 1, kLimits);
  if (!(outcome == read(text, 7, kLimits)) || !(outcome == read(text, 1, kLimits))) std::abort();
  check_characters(outcome.names);
  for (const Cells& cells : outcome.rows) check_characters(cells);
  if (!outcome.names.empty()) check_written(outcome);
  return 0;
}
