#include "ledger/step_text.h"

#include <fmt/format.h>

namespace ipam::ledger {
namespace {

class CellRow final : public store::Row {
 public:
  explicit CellRow(const std::vector<store::Value>& cells) : cells_(cells) {}

  bool is_null(int column) const override { return std::holds_alternative<std::monostate>(cell(column)); }
  std::int64_t integer(int column) const override {
    const auto* value = std::get_if<std::int64_t>(&cell(column));
    return value != nullptr ? *value : 0;
  }
  std::string_view text(int column) const override {
    const auto* value = std::get_if<std::string>(&cell(column));
    return value != nullptr ? std::string_view(*value) : std::string_view();
  }
  ByteView blob(int column) const override {
    const auto* value = std::get_if<Bytes>(&cell(column));
    return value != nullptr ? ByteView(*value) : ByteView();
  }

 private:
  const store::Value& cell(int column) const { return cells_.at(static_cast<std::size_t>(column)); }
  const std::vector<store::Value>& cells_;
};

}  // namespace

std::unique_ptr<store::Row> row_of(const std::vector<store::Value>& cells) { return std::make_unique<CellRow>(cells); }

std::string write_cells(const std::vector<store::Value>& cells) {
  std::string text;
  for (const store::Value& cell : cells) {
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) {
      text += fmt::format("i{};", *integer);
    } else if (const auto* string = std::get_if<std::string>(&cell)) {
      text += fmt::format("t{};{}", string->size(), *string);
    } else if (const auto* bytes = std::get_if<Bytes>(&cell)) {
      // Hexadecimal: the whole is kept in a column of text.
      text += fmt::format("b{};{}", bytes->size() * 2, to_hex(*bytes));
    } else {
      text += "n0;";
    }
  }
  return text;
}

Result<std::vector<store::Value>> read_cells(std::string_view text) {
  const Error damaged(ErrorCode::Internal, "a stored step is damaged");
  std::vector<store::Value> cells;
  while (!text.empty()) {
    const char type = text.front();
    const auto end = text.find(';');
    if (end == std::string_view::npos) return damaged;
    const auto number = parse_integer<std::int64_t>(text.substr(1, end - 1));
    if (!number) return damaged;
    text.remove_prefix(end + 1);
    if (type == 'i') {
      cells.emplace_back(*number);
      continue;
    }
    if (type == 'n') {
      cells.emplace_back();
      continue;
    }
    if ((type != 't' && type != 'b') || *number < 0 || static_cast<std::uint64_t>(*number) > text.size()) return damaged;
    const std::string_view content = text.substr(0, static_cast<std::size_t>(*number));
    text.remove_prefix(content.size());
    if (type == 't') {
      cells.emplace_back(std::string(content));
    } else {
      auto bytes = from_hex(content);
      if (!bytes.ok()) return damaged;
      cells.emplace_back(std::move(bytes).value());
    }
  }
  return cells;
}

}  // namespace ipam::ledger
