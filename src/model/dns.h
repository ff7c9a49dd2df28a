// DNS as Cadastre sees it, whatever the product: the zones of a server (configured state, journaled when a collection finds it changed) and how they
// are (facts). Names of zones and records are in lower case, in presentation format (RFC 1035, section 5.1), without the final dot; the root is ".".
// Thread rule: plain values.
#pragma once

#include "model/managed_server.h"

#include <limits>

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

// Serial numbers go round: whether `a` is newer than `b` (RFC 1982, section 3.2).
constexpr bool serial_is_newer(std::uint32_t a, std::uint32_t b) { return a != b && static_cast<std::uint32_t>(a - b) < 0x8000'0000U; }

// How a zone is on its server and which of its records are stored. A fact: latest value.
struct ZoneStatus {
  Id<DnsZone> id;  // the zone's own id
  ZoneHealth health = ZoneHealth::Unknown;
  std::string problem;                  // what is wrong and what would mend it; empty when all is well
  std::optional<std::uint32_t> serial;  // as the server last said
  std::optional<Time> loaded_at;
  std::optional<Time> refresh_at;
  std::optional<Time> expires_at;
  std::optional<Time> behind_since;  // since when another server of the zone has been seen with a newer serial
  Time checked_at{};
  std::optional<std::uint32_t> transferred_serial;  // of the records that are stored
  std::optional<Time> transferred_at;
  std::string transfer_problem;                  // why they could not be read the last time; empty when all is well
  std::optional<std::uint32_t> refresh_seconds;  // as the zone's SOA says
  std::uint64_t records = 0;
  std::uint64_t generation = 0;  // of the records that are shown; 0: none are
  bool unfinished = false;       // rows of other generations may be there
  bool changed_here = false;     // since the transfer a change was made through Cadastre, which the next differences tell again

  bool operator==(const ZoneStatus&) const = default;
};
BOOST_DESCRIBE_STRUCT(ZoneStatus, (),
                      (id, health, problem, serial, loaded_at, refresh_at, expires_at, behind_since, checked_at, transferred_serial, transferred_at,
                       transfer_problem, refresh_seconds, records, generation, unfinished, changed_here))

// A record as a transfer told it. A fact, kept by generations: it is in the zone while `added` <= the zone's generation < `removed`; so a transfer
// writes beside what is shown, and one step makes all of it true together.
struct DnsRecord {
  static constexpr std::uint64_t kNotRemoved = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

  Id<DnsRecord> id;
  Id<DnsZone> zone_id;
  std::string name;
  std::string type;  // "AAAA", "TYPE65280"
  std::string data;
  std::uint32_t ttl = 0;
  std::optional<ip::Address> address;  // what an A or AAAA record says, and what the name of a PTR record means
  std::uint64_t added = 0;
  std::uint64_t removed = kNotRemoved;

  bool operator==(const DnsRecord&) const = default;
};
BOOST_DESCRIBE_STRUCT(DnsRecord, (), (id, zone_id, name, type, data, ttl, address, added, removed))

}  // namespace ipam::model
