// DNS as the directory keeps it: values of dnsRecord (of a dnsNode) and of dNSProperty (of a dnsZone), as far as discovery asks for them.
// Specification: MS-DNSP 2.3.2.2 (DnsRecord), 2.2.2.2.2 (DNS_COUNT_NAME), 2.3.2.1 (dnsProperty). The TTL is big-endian here, unlike in MS-DNSP's RPC.
// Thread rule: plain values and pure functions.
#pragma once

#include "base/bytes.h"

#include <optional>
#include <string>

namespace ipam::wire::directory {

constexpr std::uint16_t kNameServerType = 2;  // NS

struct DnsRecordValue {
  std::uint16_t type = 0;
  std::uint8_t rank = 0;
  std::uint32_t serial = 0;
  std::uint32_t ttl_seconds = 0;
  std::uint32_t timestamp_hours = 0;  // since 1601; 0: does not age
  Bytes data;                         // as the type has it

  // Errors: Malformed.
  static Result<DnsRecordValue> decode(ByteView octets);
  // The one name that is the data of NS, CNAME, PTR: in presentation form, lower case, without the final dot. Errors: Malformed.
  Result<std::string> name() const;
};

enum class ZoneType : std::uint32_t { Cache = 0, Primary = 1, Secondary = 2, Stub = 3, Forwarder = 4 };

// The type of the zone, from the property that tells it; nothing for a property of another kind. Errors: Malformed.
Result<std::optional<ZoneType>> decode_zone_type(ByteView octets);

}  // namespace ipam::wire::directory
