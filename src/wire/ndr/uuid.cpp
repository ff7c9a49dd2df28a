#include "wire/ndr/uuid.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::wire::ndr {

std::string Uuid::to_string() const {
  const ByteView tail(rest);
  return fmt::format("{:08x}-{:04x}-{:04x}-{}-{}", time_low, time_mid, time_high, to_hex(tail.first(2)), to_hex(tail.subspan(2)));
}

Result<Uuid> Uuid::parse(std::string_view text) {
  const Error bad(ErrorCode::InvalidArgument, "a UUID is written as 32 hexadecimal digits in five groups: 01234567-89ab-cdef-0123-456789abcdef");
  if (text.size() != 36) return bad;
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return bad;
    if (!dash) digits += text[i];
  }
  const auto bytes = from_hex(digits);
  if (!bytes.ok() || bytes->size() != 16) return bad;
  const Bytes& b = *bytes;
  Uuid uuid;
  uuid.time_low = static_cast<std::uint32_t>(b[0]) << 24 | static_cast<std::uint32_t>(b[1]) << 16 | static_cast<std::uint32_t>(b[2]) << 8 | b[3];
  uuid.time_mid = static_cast<std::uint16_t>(b[4] << 8 | b[5]);
  uuid.time_high = static_cast<std::uint16_t>(b[6] << 8 | b[7]);
  std::copy(b.begin() + 8, b.end(), uuid.rest.begin());
  return uuid;
}

}  // namespace ipam::wire::ndr
