#include "wire/directory/dns_node.h"

#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::wire::directory {
namespace {

constexpr std::size_t kRecordHead = 24;
constexpr std::uint8_t kRecordVersion = 5;
constexpr std::size_t kPropertyHead = 20;
constexpr std::uint32_t kZoneTypeProperty = 1;
constexpr std::size_t kLongestLabel = 63;

Error malformed(std::string_view what) { return {ErrorCode::Malformed, fmt::format("{} in the directory is damaged", what)}; }

std::uint32_t little_endian(ByteView octets, std::size_t at, std::size_t count) {
  std::uint32_t number = 0;
  for (std::size_t each = 0; each < count; ++each) number |= static_cast<std::uint32_t>(octets[at + each]) << (8U * static_cast<unsigned>(each));
  return number;
}

std::uint32_t big_endian(ByteView octets, std::size_t at) {
  return static_cast<std::uint32_t>(octets[at]) << 24U | static_cast<std::uint32_t>(octets[at + 1]) << 16U |
         static_cast<std::uint32_t>(octets[at + 2]) << 8U | octets[at + 3];
}

void append_label(std::string& name, ByteView label) {
  for (std::size_t at = 0; at < label.size(); ++at) {
    const auto octet = label[at];
    if (octet == '.' || octet == '\\') {
      name += fmt::format("\\{}", static_cast<char>(octet));
    } else if (octet <= 0x20 || octet >= 0x7F) {
      name += fmt::format("\\{:03}", octet);
    } else {
      name += static_cast<char>(octet);
    }
  }
}

}  // namespace

Result<DnsRecordValue> DnsRecordValue::decode(ByteView octets) {
  if (octets.size() < kRecordHead) return malformed("a DNS record");
  const std::size_t size = little_endian(octets, 0, 2);
  if (octets[4] != kRecordVersion || octets.size() - kRecordHead < size) return malformed("a DNS record");
  DnsRecordValue record;
  record.type = static_cast<std::uint16_t>(little_endian(octets, 2, 2));
  record.rank = octets[5];
  record.serial = little_endian(octets, 8, 4);
  record.ttl_seconds = big_endian(octets, 12);
  record.timestamp_hours = little_endian(octets, 20, 4);
  const ByteView data = octets.subspan(kRecordHead, size);
  record.data.assign(data.begin(), data.end());
  return record;
}

Result<std::string> DnsRecordValue::name() const {
  // Length of what follows the count, count of labels, labels with a length each, a zero.
  if (data.size() < 2 || data[0] > data.size() - 2) return malformed("a name in a DNS record");
  ByteView rest = ByteView(data).subspan(2, data[0]);
  std::string text;
  std::size_t labels = 0;
  while (!rest.empty() && rest[0] != 0) {
    const std::size_t size = rest[0];
    if (size > kLongestLabel || size >= rest.size()) return malformed("a name in a DNS record");
    if (labels++ > 0) text += '.';
    append_label(text, rest.subspan(1, size));
    rest = rest.subspan(size + 1);
  }
  if (labels != data[1]) return malformed("a name in a DNS record");
  return labels == 0 ? std::string(".") : to_lower(text);
}

Result<std::optional<ZoneType>> decode_zone_type(ByteView octets) {
  if (octets.size() < kPropertyHead) return malformed("a property of a DNS zone");
  const std::size_t size = little_endian(octets, 0, 4);
  if (octets.size() - kPropertyHead < size) return malformed("a property of a DNS zone");
  if (little_endian(octets, 16, 4) != kZoneTypeProperty) return std::optional<ZoneType>();
  if (size != 1 && size != 4) return malformed("the type of a DNS zone");
  const std::uint32_t type = little_endian(octets, kPropertyHead, size);
  if (type > static_cast<std::uint32_t>(ZoneType::Forwarder)) return malformed("the type of a DNS zone");
  return std::optional(static_cast<ZoneType>(type));
}

}  // namespace ipam::wire::directory
