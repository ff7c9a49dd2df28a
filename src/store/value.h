// Value: one database cell, and the codec between the fields of described structs and cells.
//
// Field type → cell: integers, bool, Id and Time (microseconds since 1970, UTC) are integers; text and enums (snake_case) are text; Bytes, addresses
// and prefixes (their key(): memcmp order is their order), hardware addresses and client ids are blobs; std::optional is its content or null. Lists
// and maps are the text of their JSON, empty text when they are empty. Unsigned numbers above 2^63 keep their bits, but not their order. Thread rule:
// plain values and pure functions.
#pragma once

#include "base/clock.h"
#include "ip/hardware_address.h"
#include "ip/range.h"
#include "json/codec.h"
#include "model/describe.h"
#include "model/id.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ipam::store {

using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

enum class CellType : std::uint8_t { Integer, Text, Blob };

inline bool holds(const Value& value, CellType type) {
  switch (type) {
    case CellType::Integer: return std::holds_alternative<std::int64_t>(value);
    case CellType::Text: return std::holds_alternative<std::string>(value);
    case CellType::Blob: return std::holds_alternative<Bytes>(value);
  }
  return false;
}

// One row of an answer. The views stay valid until the next row.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual ByteView blob(int column) const = 0;
};

namespace detail {

template <class T>
struct IsId : std::false_type {};
template <class T>
struct IsId<model::Id<T>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

// Fields of many parts.
template <class T>
inline constexpr bool kIsCollection = json::detail::IsMap<T>::value || (json::detail::IsVector<T>::value && !std::is_same_v<T, Bytes>);

}  // namespace detail

template <class T>
Value to_value(const T& field) {
  if constexpr (detail::IsOptional<T>::value) {
    return field ? to_value(*field) : Value{};
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<std::int64_t>(field);
  } else if constexpr (detail::IsId<T>::value) {
    return static_cast<std::int64_t>(field.value);
  } else if constexpr (model::DescribedEnum<T>) {
    return model::enum_to_text(field);
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, Bytes>) {
    return field;
  } else if constexpr (std::is_same_v<T, Time>) {
    return static_cast<std::int64_t>(field.time_since_epoch().count());
  } else if constexpr (std::is_same_v<T, ip::Address> || std::is_same_v<T, ip::Prefix>) {
    return field.key();
  } else if constexpr (detail::kIsCollection<T>) {
    return field.empty() ? std::string() : json::write(field);
  } else {
    return Bytes(field.bytes().begin(), field.bytes().end());  // HardwareAddress, ClientId
  }
}

template <class T>
constexpr CellType cell_type() {
  if constexpr (detail::IsOptional<T>::value) {
    return cell_type<typename T::value_type>();
  } else if constexpr (std::is_integral_v<T> || detail::IsId<T>::value || std::is_same_v<T, Time>) {
    return CellType::Integer;
  } else if constexpr (model::DescribedEnum<T> || std::is_same_v<T, std::string> || detail::kIsCollection<T>) {
    return CellType::Text;
  } else {
    return CellType::Blob;
  }
}

// Reads a cell back. Errors: Internal: what stands in the database is not what this program writes there.
template <class T>
Result<T> from_cell(const Row& row, int column) {
  if constexpr (detail::IsOptional<T>::value) {
    if (row.is_null(column)) return T{};
    return T(IPAM_TRY(from_cell<typename T::value_type>(row, column)));
  } else if constexpr (std::is_same_v<T, bool>) {
    return row.integer(column) != 0;
  } else if constexpr (std::is_integral_v<T>) {
    const std::int64_t integer = row.integer(column);
    // 64 bits of either sign fit by their bits.
    if (sizeof(T) < sizeof(integer) && !std::in_range<T>(integer)) {
      return Error(ErrorCode::Internal, "a stored number is not known to this version", fmt::format("number {}", integer));
    }
    return static_cast<T>(integer);
  } else if constexpr (detail::IsId<T>::value) {
    return T{static_cast<std::uint64_t>(row.integer(column))};
  } else if constexpr (model::DescribedEnum<T>) {
    if (const auto value = model::enum_from_text<T>(row.text(column))) return *value;
    return Error(ErrorCode::Internal, "a stored value is not known to this version", fmt::format("enumerator '{}'", row.text(column)));
  } else if constexpr (std::is_same_v<T, std::string>) {
    return std::string(row.text(column));
  } else if constexpr (std::is_same_v<T, Bytes>) {
    const ByteView bytes = row.blob(column);
    return Bytes(bytes.begin(), bytes.end());
  } else if constexpr (std::is_same_v<T, Time>) {
    return Time(Duration(row.integer(column)));
  } else if constexpr (std::is_same_v<T, ip::Address> || std::is_same_v<T, ip::Prefix>) {
    auto value = T::from_key(row.blob(column));
    if (!value.ok()) return std::move(value).error().wrapped(ErrorCode::Internal, "a stored address is damaged");
    return value;
  } else if constexpr (detail::kIsCollection<T>) {
    if (row.text(column).empty()) return T{};
    auto value = json::read<T>(row.text(column));
    if (!value.ok()) return std::move(value).error().wrapped(ErrorCode::Internal, "a stored list is damaged");
    return value;
  } else {
    if (row.blob(column).empty()) return T{};
    auto value = T::from_bytes(row.blob(column));
    if (!value.ok()) return std::move(value).error().wrapped(ErrorCode::Internal, "a stored identifier is damaged");
    return value;
  }
}

}  // namespace ipam::store
