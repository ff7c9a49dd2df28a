#include "client/sql/value.h"

#include <libpq-fe.h>

#include <charconv>

namespace ipam::client::sql {
namespace {

// pg_type.dat
constexpr std::uint32_t kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25;
constexpr std::uint32_t kByteaArray = 1001, kTextArray = 1009, kInt8Array = 1016;

template <class T>
void append_big_endian(std::string& to, T number) {
  using Unsigned = std::make_unsigned_t<T>;
  const auto bits = static_cast<Unsigned>(number);
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) to += static_cast<char>(bits >> shift & 0xFFU);
}

std::string encode(const Value& value) {
  std::string bytes;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    append_big_endian(bytes, *integer);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    bytes = as_valid_utf8(*text);
  } else if (const auto* blob = std::get_if<Bytes>(&value)) {
    bytes.assign(as_text(*blob));
  }
  return bytes;
}

// How many bytes of `text` make one well-formed character (RFC 3629) other than NUL; 0 when none do.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80U) return first == 0 ? 0 : 1;
  if (first >= 0xC2U && first <= 0xDFU) return continues(1) ? 2 : 0;
  if (first >= 0xE0U && first <= 0xEFU) {
    const bool overlong = first == 0xE0U && byte(1) < 0xA0U, surrogate = first == 0xEDU && byte(1) > 0x9FU;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0U && first <= 0xF4U) {
    const bool overlong = first == 0xF0U && byte(1) < 0x90U, too_high = first == 0xF4U && byte(1) > 0x8FU;
    return continues(1) && continues(2) && continues(3) && !overlong && !too_high ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string as_valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) {
      valid += "\xEF\xBF\xBD";
    } else {
      valid.append(text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return valid;
}

Parameter Parameter::of(const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return {};
  const std::uint32_t type = std::holds_alternative<std::int64_t>(value) ? kInt8 : std::holds_alternative<std::string>(value) ? kText : kBytea;
  return {type, encode(value)};
}

void ArrayParameter::add(const Value& value) {
  ++count_;
  if (std::holds_alternative<std::monostate>(value)) {
    has_null_ = true;
    append_big_endian(elements_, std::int32_t{-1});
    return;
  }
  const std::string bytes = encode(value);
  append_big_endian(elements_, static_cast<std::int32_t>(bytes.size()));
  elements_ += bytes;
}

// array_recv: dimensions, whether there are nulls, element type, then length and lower bound of each dimension, then the elements.
Parameter ArrayParameter::finish() const {
  const std::uint32_t element = type_ == Type::Integer ? kInt8 : type_ == Type::Text ? kText : kBytea;
  const std::uint32_t array = type_ == Type::Integer ? kInt8Array : type_ == Type::Text ? kTextArray : kByteaArray;
  std::string bytes;
  append_big_endian(bytes, std::int32_t{count_ == 0 ? 0 : 1});
  append_big_endian(bytes, std::int32_t{has_null_ ? 1 : 0});
  append_big_endian(bytes, element);
  if (count_ > 0) {
    append_big_endian(bytes, count_);
    append_big_endian(bytes, std::int32_t{1});
    bytes += elements_;
  }
  return {array, std::move(bytes)};
}

void ResultDeleter::operator()(pg_result* result) const { PQclear(result); }

std::size_t Rows::size() const { return result_ ? static_cast<std::size_t>(PQntuples(result_.get())) : 0; }

std::uint64_t Rows::affected() const {
  if (!result_) return 0;
  const std::string_view text = PQcmdTuples(result_.get());
  std::uint64_t rows = 0;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

bool Rows::is_null(std::size_t row, int column) const { return PQgetisnull(result_.get(), static_cast<int>(row), column) != 0; }

std::string_view Rows::text(std::size_t row, int column) const {
  const int at = static_cast<int>(row);
  return {PQgetvalue(result_.get(), at, column), static_cast<std::size_t>(PQgetlength(result_.get(), at, column))};
}

ByteView Rows::blob(std::size_t row, int column) const { return as_bytes(text(row, column)); }

std::int64_t Rows::integer(std::size_t row, int column) const {
  const std::string_view bytes = text(row, column);
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8U | static_cast<unsigned char>(byte);
  switch (PQftype(result_.get(), column)) {
    case kInt8: return bytes.size() == 8 ? static_cast<std::int64_t>(number) : 0;
    case kInt4: return bytes.size() == 4 ? static_cast<std::int32_t>(number) : 0;
    case kInt2: return bytes.size() == 2 ? static_cast<std::int16_t>(number) : 0;
    case kBool: return bytes.size() == 1 ? static_cast<std::int64_t>(number) : 0;
    default: return 0;
  }
}

}  // namespace ipam::client::sql
