#include "wire/even6/value.h"

#include "base/clock.h"
#include "wire/even6/cursor.h"
#include "wire/log_lines/text.h"

#include <fmt/format.h>

#include <bit>
#include <chrono>

namespace ipam::wire::even6 {
namespace {

using log_lines::utf8_of_utf16le;

constexpr std::int64_t kSecondsFrom1601To1970 = 11'644'473'600;
constexpr std::uint64_t kLastFileTime = 2'650'467'743'999'999'999;  // the end of the year 9999

Error malformed(std::string_view what) { return {ErrorCode::Malformed, fmt::format("an event of the log has a value that is no {}", what)}; }

std::string without_nuls(std::string text) {
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

std::string guid_text(ByteView bytes) {
  Cursor cursor(bytes);
  const std::uint32_t first = cursor.u32();
  const std::uint16_t second = cursor.u16(), third = cursor.u16();
  const std::string rest = to_hex(cursor.bytes(8));
  return fmt::format("{{{:08x}-{:04x}-{:04x}-{}-{}}}", first, second, third, rest.substr(0, 4), rest.substr(4));
}

// MS-DTYP section 2.4.2.2.
Result<std::string> sid_text(ByteView bytes) {
  Cursor cursor(bytes);
  const std::uint8_t revision = cursor.u8(), count = cursor.u8();
  std::uint64_t authority = 0;
  for (int i = 0; i < 6; ++i) authority = authority << 8U | cursor.u8();
  std::string text = fmt::format("S-{}-{}", revision, authority);
  for (int i = 0; i < count; ++i) text += fmt::format("-{}", cursor.u32());
  if (!cursor.ok() || cursor.remaining() != 0) return malformed("security identifier");
  return text;
}

Result<std::string> file_time_text(std::uint64_t ticks) {
  if (ticks > kLastFileTime) return malformed("time");
  const auto microseconds = static_cast<std::int64_t>(ticks / 10) - kSecondsFrom1601To1970 * 1'000'000;
  return format_time(Time(Duration(microseconds)));
}

// MS-DTYP section 2.3.13.
Result<std::string> system_time_text(ByteView bytes) {
  Cursor cursor(bytes);
  const int year = cursor.u16();
  const unsigned month = cursor.u16();
  cursor.u16();  // the day of the week
  const unsigned day = cursor.u16(), hour = cursor.u16(), minute = cursor.u16(), second = cursor.u16(), millisecond = cursor.u16();
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (month > 12 || day > 31 || !date.ok() || year < 1601 || year > 9999 || hour > 23 || minute > 59 || second > 59 || millisecond > 999) {
    return malformed("time");
  }
  return format_time(Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
                     std::chrono::milliseconds(millisecond));
}

// The only size of a type, or 0.
std::size_t fixed_size(ValueType type) {
  switch (type) {
    case ValueType::Int8:
    case ValueType::UInt8: return 1;
    case ValueType::Int16:
    case ValueType::UInt16: return 2;
    case ValueType::Int32:
    case ValueType::UInt32:
    case ValueType::Real32:
    case ValueType::HexInt32: return 4;
    case ValueType::Int64:
    case ValueType::UInt64:
    case ValueType::Real64:
    case ValueType::FileTime:
    case ValueType::HexInt64: return 8;
    case ValueType::Guid:
    case ValueType::SysTime: return 16;
    default: return 0;
  }
}

std::uint64_t unsigned_value(ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8U | bytes[i - 1];
  return value;
}

// Up to and without the terminator; what follows the last terminator is an item when there is something.
std::vector<ByteView> terminated_items(ByteView bytes, std::size_t unit) {
  std::vector<ByteView> items;
  std::size_t begin = 0;
  for (std::size_t at = 0; at + unit <= bytes.size(); at += unit) {
    if (unsigned_value(bytes.subspan(at, unit)) != 0) continue;
    items.push_back(bytes.subspan(begin, at - begin));
    begin = at + unit;
  }
  if (begin < bytes.size()) items.push_back(bytes.subspan(begin));
  return items;
}

}  // namespace

Result<std::string> value_text(ValueType type, ByteView bytes) {
  if (const std::size_t size = fixed_size(type); size != 0 && bytes.size() != size) return malformed("number, time or GUID of its type");
  switch (type) {
    case ValueType::Null: return std::string();
    case ValueType::String: return without_nuls(utf8_of_utf16le(as_text(bytes)));
    case ValueType::AnsiString: return log_lines::printable(without_nuls(std::string(as_text(bytes))));
    case ValueType::Int8: return std::to_string(static_cast<std::int8_t>(unsigned_value(bytes)));
    case ValueType::Int16: return std::to_string(static_cast<std::int16_t>(unsigned_value(bytes)));
    case ValueType::Int32: return std::to_string(static_cast<std::int32_t>(unsigned_value(bytes)));
    case ValueType::Int64: return std::to_string(static_cast<std::int64_t>(unsigned_value(bytes)));
    case ValueType::UInt8:
    case ValueType::UInt16:
    case ValueType::UInt32:
    case ValueType::UInt64: return std::to_string(unsigned_value(bytes));
    case ValueType::Real32: return fmt::format("{}", std::bit_cast<float>(static_cast<std::uint32_t>(unsigned_value(bytes))));
    case ValueType::Real64: return fmt::format("{}", std::bit_cast<double>(unsigned_value(bytes)));
    case ValueType::Bool:  // one octet in the grammar; logs have Windows' BOOL of four
      if (bytes.size() != 1 && bytes.size() != 4) return malformed("truth value");
      return std::string(unsigned_value(bytes) == 0 ? "false" : "true");
    case ValueType::Binary: return to_hex(bytes);
    case ValueType::Guid: return guid_text(bytes);
    case ValueType::SizeT:
      if (bytes.size() != 4 && bytes.size() != 8) return malformed("size");
      [[fallthrough]];
    case ValueType::HexInt32:
    case ValueType::HexInt64: return fmt::format("{:#x}", unsigned_value(bytes));
    case ValueType::FileTime: return file_time_text(unsigned_value(bytes));
    case ValueType::SysTime: return system_time_text(bytes);
    case ValueType::Sid: return sid_text(bytes);
    case ValueType::BinXml: break;
  }
  return malformed("value of a known type");
}

Result<std::vector<ByteView>> array_items(ValueType type, ByteView bytes, std::size_t most) {
  std::vector<ByteView> items;
  std::size_t size = fixed_size(type);
  if (type == ValueType::String) {
    if (bytes.size() % 2 != 0) return malformed("list of its type");
    items = terminated_items(bytes, 2);
  } else if (type == ValueType::AnsiString) {
    items = terminated_items(bytes, 1);
  } else if (type == ValueType::Sid) {
    while (!bytes.empty()) {
      const std::size_t length = bytes.size() < 2 ? 0 : 8U + 4U * bytes[1];
      if (length == 0 || length > bytes.size()) return malformed("list of its type");
      items.push_back(bytes.first(length));
      bytes = bytes.subspan(length);
    }
  } else {
    // Where two sizes are possible, the larger one that divides the whole.
    if (type == ValueType::SizeT) size = bytes.size() % 8 == 0 ? 8 : 4;
    if (type == ValueType::Bool) size = bytes.size() % 4 == 0 ? 4 : 1;
    if (size == 0 || bytes.size() % size != 0) return malformed("list of its type");
    if (bytes.size() / size > most) return Error(ErrorCode::Exhausted, "an event of the log has a list that is longer than is read");
    for (std::size_t at = 0; at < bytes.size(); at += size) items.push_back(bytes.subspan(at, size));
  }
  if (items.size() > most) return Error(ErrorCode::Exhausted, "an event of the log has a list that is longer than is read");
  return items;
}

}  // namespace ipam::wire::even6
