// StepText: the answer of a work as text that gives the same value back, so that a step can be kept with its commit (exchange.h). A journaled object
// is kept as its row, without its secret. A service whose work answers something else specializes it; a work whose answer has none cannot take part.
// Thread rule: pure functions.
#pragma once

#include "ledger/differences.h"
#include "store/table.h"

namespace ipam::ledger {

template <class T>
struct StepText;

template <class T>
concept Keepable = requires(const T& value, std::string_view text) {
  { StepText<T>::write(value) } -> std::same_as<std::string>;
  { StepText<T>::read(text) } -> std::same_as<Result<T>>;
};

// Cells as text and back: one letter for the type, the number or the length, ';', the content. Errors of reading: Internal: this program wrote it.
std::string write_cells(const std::vector<store::Value>& cells);
Result<std::vector<store::Value>> read_cells(std::string_view text);
// The cells as a row, as long as they live.
std::unique_ptr<store::Row> row_of(const std::vector<store::Value>& cells);

template <model::Journaled T>
struct StepText<T> {
  static std::string write(const T& object) {
    std::vector<store::Value> cells = store::to_cells(object);
    if (const int secret = store::table<T>().find_column(detail::kSecretField<T>); secret >= 0) {
      store::Value& cell = cells[static_cast<std::size_t>(secret)];
      if (auto* bytes = std::get_if<Bytes>(&cell)) {
        bytes->clear();
      } else {
        cell.emplace<std::string>();
      }
    }
    return write_cells(cells);
  }
  static Result<T> read(std::string_view text) {
    const std::vector<store::Value> cells = IPAM_TRY(read_cells(text));
    if (cells.size() != store::table<T>().columns.size()) return Error(ErrorCode::Internal, "a stored step is damaged");
    return store::from_row<T>(*row_of(cells));
  }
};

template <>
struct StepText<bool> {
  static std::string write(const bool& value) { return value ? "1" : "0"; }
  static Result<bool> read(std::string_view text) { return text == "1"; }
};

template <Keepable T>
struct StepText<std::vector<T>> {
  static std::string write(const std::vector<T>& values) {
    std::vector<store::Value> cells;
    for (const T& value : values) cells.emplace_back(StepText<T>::write(value));
    return write_cells(cells);
  }
  static Result<std::vector<T>> read(std::string_view text) {
    std::vector<T> values;
    for (const store::Value& cell : IPAM_TRY(read_cells(text))) {
      const auto* part = std::get_if<std::string>(&cell);
      if (part == nullptr) return Error(ErrorCode::Internal, "a stored step is damaged");
      values.push_back(IPAM_TRY(StepText<T>::read(*part)));
    }
    return values;
  }
};

}  // namespace ipam::ledger
