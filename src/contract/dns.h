// DNS in the API: /api/v1/dns_zones, dns_records. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

enum class ZoneKind { Primary, Secondary, Mirror, Stub, StaticStub, Forward, Hint, Redirect, Other };
BOOST_DESCRIBE_ENUM(ZoneKind, Primary, Secondary, Mirror, Stub, StaticStub, Forward, Hint, Redirect, Other)
enum class ZoneHealth { Unknown, Ok, PrimaryUnreachable, Expired, NeverLoaded, NotServed, SerialBehind };
BOOST_DESCRIBE_ENUM(ZoneHealth, Unknown, Ok, PrimaryUnreachable, Expired, NeverLoaded, NotServed, SerialBehind)

struct DnsZone {
  ObjectId id;
  ObjectId server_id;
  std::string server;
  ObjectId space_id;
  std::string space;
  std::string name;
  std::string view;
  ZoneKind kind = ZoneKind::Primary;
  ZoneHealth health = ZoneHealth::Unknown;
  std::string problem;                  // what is wrong and what would mend it
  std::optional<std::uint32_t> serial;  // as the server last said
  std::optional<Time> loaded_at;
  std::optional<Time> refresh_at;
  std::optional<Time> expires_at;
  std::optional<Time> checked_at;
  std::uint64_t records = 0;  // that are stored
  std::optional<std::uint32_t> transferred_serial;
  std::optional<Time> transferred_at;
  std::string transfer_problem;  // why the records could not be read the last time
};
BOOST_DESCRIBE_STRUCT(DnsZone, (),
                      (id, server_id, server, space_id, space, name, view, kind, health, problem, serial, loaded_at, refresh_at, expires_at,
                       checked_at, records, transferred_serial, transferred_at, transfer_problem))

struct DnsRecord {
  ObjectId id;
  ObjectId zone_id;
  std::string zone;
  std::string view;
  ObjectId server_id;
  std::string server;
  std::string name;
  std::string type;
  std::string data;
  std::uint32_t ttl = 0;
  std::optional<ip::Address> address;  // what an A or AAAA record says, and what the name of a PTR record means
};
BOOST_DESCRIBE_STRUCT(DnsRecord, (), (id, zone_id, zone, view, server_id, server, name, type, data, ttl, address))

}  // namespace ipam::contract
