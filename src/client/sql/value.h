// Values that go to a server and come back. All travel in PostgreSQL's binary format: bigint, text and bytea, and arrays of them for unnest().
// Thread rule: plain values; a Rows by one thread at a time.
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct pg_result;

namespace ipam::client::sql {

enum class Type : std::uint8_t { Integer, Text, Blob };  // bigint, text, bytea

// Null, bigint, text, bytea. Bytes that are not UTF-8, and NUL, cannot stand in a text there: each becomes U+FFFD.
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

struct Parameter {
  std::uint32_t type = 0;            // the type's OID; 0 leaves it to the server
  std::optional<std::string> bytes;  // nothing: null

  static Parameter of(const Value& value);
};

// One column of many rows, as an array.
class ArrayParameter {
 public:
  explicit ArrayParameter(Type type) : type_(type) {}
  void add(const Value& value);
  Parameter finish() const;

 private:
  Type type_;
  std::int32_t count_ = 0;
  bool has_null_ = false;
  std::string elements_;
};

struct ResultDeleter {
  void operator()(pg_result* result) const;
};
using ResultHandle = std::unique_ptr<pg_result, ResultDeleter>;

// Rows of an answer, all in memory.
class Rows {
 public:
  Rows() = default;
  explicit Rows(ResultHandle result) : result_(std::move(result)) {}

  std::size_t size() const;
  // For statements that change rows: how many.
  std::uint64_t affected() const;

  bool is_null(std::size_t row, int column) const;
  // Of a bigint, integer, smallint or boolean; 0 for anything else.
  std::int64_t integer(std::size_t row, int column) const;
  std::string_view text(std::size_t row, int column) const;
  ByteView blob(std::size_t row, int column) const;

 private:
  ResultHandle result_;
};

// The text with every byte that is not part of well-formed UTF-8, and every NUL, replaced by U+FFFD.
std::string as_valid_utf8(std::string_view text);

}  // namespace ipam::client::sql
