// Values of BinXml (MS-EVEN6 section 2.2.12): types, arrays and their texts (section 2.2.12.3). Thread rule: pure functions.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ipam::wire::even6 {

enum class ValueType : std::uint8_t {
  Null = 0x00,
  String = 0x01,
  AnsiString = 0x02,
  Int8 = 0x03,
  UInt8 = 0x04,
  Int16 = 0x05,
  UInt16 = 0x06,
  Int32 = 0x07,
  UInt32 = 0x08,
  Int64 = 0x09,
  UInt64 = 0x0A,
  Real32 = 0x0B,
  Real64 = 0x0C,
  Bool = 0x0D,
  Binary = 0x0E,
  Guid = 0x0F,
  SizeT = 0x10,
  FileTime = 0x11,
  SysTime = 0x12,
  Sid = 0x13,
  HexInt32 = 0x14,
  HexInt64 = 0x15,
  BinXml = 0x21,
};
inline constexpr std::uint8_t kArrayFlag = 0x80;

inline bool is_array(std::uint8_t type) { return (type & kArrayFlag) != 0; }
inline ValueType scalar_of(std::uint8_t type) { return static_cast<ValueType>(type & ~kArrayFlag); }

// The text of one value as an event's XML shows it: numbers in decimal, times in UTC as RFC 3339 with up to six digits of a second, GUIDs in braces
// and lower case, SIDs as "S-1-5-…", binary as hexadecimal digits without spaces. Strings are UTF-8 without the NULs at their end; other control
// characters stay. Errors: Malformed (a size that the type does not have, a type that is none; BinXml has no text).
Result<std::string> value_text(ValueType type, ByteView bytes);
// The bytes of each item of an array. Errors: Malformed, Exhausted (more than `most`).
Result<std::vector<ByteView>> array_items(ValueType type, ByteView bytes, std::size_t most);

}  // namespace ipam::wire::even6
