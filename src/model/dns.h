// DNS as Cadastre sees it, whatever the product: the zones of a server (configured state, journaled when a collection finds it changed) and how they
// are (facts). Names of zones and records are in lower case, in presentation format (RFC 1035, section 5.1), without the final dot; the root is ".".
// Thread rule: plain values.
#pragma once

#include "model/managed_server.h"

namespace ipam::model {

enum class ZoneKind : std::uint8_t { Primary, Secondary, Mirror, Stub, StaticStub, Forward, Hint, Redirect, Other };
BOOST_DESCRIBE_ENUM(ZoneKind, Primary, Secondary, Mirror, Stub, StaticStub, Forward, Hint, Redirect, Other)

struct DnsZone {
  Id<DnsZone> id;
  std::uint64_t revision = 0;
  Id<ManagedServer> server_id;
  Id<AddressSpace> space_id;
  std::string name;
  std::string view;  // "_default" where a server has no views
  ZoneKind kind = ZoneKind::Primary;

  bool operator==(const DnsZone&) const = default;
};
BOOST_DESCRIBE_STRUCT(DnsZone, (), (id, revision, server_id, space_id, name, view, kind))

// PrimaryUnreachable: a secondary that cannot refresh and still answers. Expired, NeverLoaded: it answers SERVFAIL. NotServed: REFUSED.
// SerialBehind: it lags behind another server of the zone for longer than the zone's refresh time.
enum class ZoneHealth : std::uint8_t { Unknown, Ok, PrimaryUnreachable, Expired, NeverLoaded, NotServed, SerialBehind };
BOOST_DESCRIBE_ENUM(ZoneHealth, Unknown, Ok, PrimaryUnreachable, Expired, NeverLoaded, NotServed, SerialBehind)

}  // namespace ipam::model
