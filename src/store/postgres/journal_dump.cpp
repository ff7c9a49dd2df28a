#include "store/postgres/journal_dump.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::store::postgres {
namespace {

struct Cell {
  bool null = false;
  std::string text;
};

class CellRow final : public Row {
 public:
  CellRow(const std::vector<Cell>& cells, const std::vector<int>& positions) : cells_(cells), positions_(positions) {
    for (const Cell& cell : cells)
      blobs_.push_back(cell.text.starts_with("\\x") ? from_hex(std::string_view(cell.text).substr(2)).value_or(Bytes{}) : Bytes{});
  }
  bool is_null(int column) const override { return at(column).null; }
  std::int64_t integer(int column) const override { return parse_integer<std::int64_t>(at(column).text).value_or(0); }
  std::string_view text(int column) const override { return at(column).text; }
  ByteView blob(int column) const override { return blobs_[place(column)]; }

 private:
  std::size_t place(int column) const { return static_cast<std::size_t>(positions_[static_cast<std::size_t>(column)]); }
  const Cell& at(int column) const { return cells_[place(column)]; }

  const std::vector<Cell>& cells_;
  const std::vector<int>& positions_;
  std::vector<Bytes> blobs_;
};

char unescaped(char letter) {
  switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return letter;
  }
}

std::vector<Cell> cells_of(std::string_view line) {
  std::vector<Cell> cells(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\t') {
      cells.emplace_back();
    } else if (line[i] == '\\' && i + 1 < line.size()) {
      ++i;
      if (line[i] == 'N')
        cells.back().null = true;
      else
        cells.back().text += unescaped(line[i]);
    } else {
      cells.back().text += line[i];
    }
  }
  return cells;
}

}  // namespace

Result<void> JournalDump::take(std::string_view piece) {
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    if (end == std::string_view::npos) {
      if (rest_.size() + piece.size() > kMaxLine) return Error(ErrorCode::Malformed, "a line of the dump is too long");
      rest_ += piece;
      return {};
    }
    if (rest_.empty()) {
      IPAM_TRY(take_line(piece.substr(0, end)));
    } else {
      rest_ += piece.substr(0, end);
      IPAM_TRY(take_line(rest_));
      rest_.clear();
    }
    piece.remove_prefix(end + 1);
  }
  return {};
}

Result<void> JournalDump::finish() const {
  if (complete_) return {};
  return Error(ErrorCode::Malformed, place_ == Place::JournalRows ? "the journal breaks off" : "it holds no journal");
}

Result<void> JournalDump::take_line(std::string_view line) {
  if (place_ != Place::Outside) {
    if (line != "\\.") return place_ == Place::JournalRows ? read_row(line) : Result<void>();
    complete_ = complete_ || place_ == Place::JournalRows;
    place_ = Place::Outside;
    return {};
  }
  if (!line.starts_with("COPY ") || !line.ends_with(" FROM stdin;")) return {};
  const bool of_journal = line.find(".journal (") != std::string_view::npos;
  place_ = of_journal ? Place::JournalRows : Place::OtherRows;
  return of_journal ? read_header(line) : Result<void>();
}

Result<void> JournalDump::read_header(std::string_view line) {
  const auto begin = line.find('('), end = line.rfind(')');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
    return Error(ErrorCode::Malformed, "the journal's columns cannot be read");
  std::vector<std::string> names;
  for (const std::string_view name : split(line.substr(begin + 1, end - begin - 1), ',')) {
    std::string bare(trim(name));
    std::erase(bare, '"');
    names.push_back(std::move(bare));
  }
  positions_.clear();
  for (const std::string_view column : table<model::JournalRecord>().columns) {
    const auto found = std::find(names.begin(), names.end(), column);
    if (found == names.end()) return Error(ErrorCode::Malformed, fmt::format("the journal has no column {}", column));
    positions_.push_back(static_cast<int>(found - names.begin()));
  }
  return {};
}

Result<void> JournalDump::read_row(std::string_view line) {
  const std::vector<Cell> cells = cells_of(line);
  const int last = *std::max_element(positions_.begin(), positions_.end());
  if (cells.size() <= static_cast<std::size_t>(last))
    return Error(ErrorCode::Malformed, fmt::format("row {} of the journal is cut off", records_ + 1));
  const CellRow row(cells, positions_);
  ++records_;
  return on_record_(IPAM_TRY(from_row<model::JournalRecord>(row)));
}

}  // namespace ipam::store::postgres
