// The nouns of DNS: zone, record.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/change.h"
#include "contract/dns.h"

namespace ipam::cli {
namespace {

const Filter kServer{"--server", "NAME", "server", "Only of this server"};
const Filter kSpace{"--space", "NAME", "space", "Only in this address space"};

// In the words of a person; the tone only repeats what the words say.
Cell health_cell(contract::ZoneHealth health) {
  using contract::ZoneHealth;
  switch (health) {
    case ZoneHealth::Ok: return {"ok", Tone::Good, {}};
    case ZoneHealth::Unknown: return {"not known", Tone::Faint, {}};
    case ZoneHealth::PrimaryUnreachable: return {"primary unreachable", Tone::Warning, {}};
    case ZoneHealth::SerialBehind: return {"behind", Tone::Warning, {}};
    case ZoneHealth::Expired: return {"EXPIRED", Tone::Bad, {}};
    case ZoneHealth::NeverLoaded: return {"NEVER LOADED", Tone::Bad, {}};
    case ZoneHealth::NotServed: return {"NOT SERVED", Tone::Bad, {}};
  }
  return cell(health);
}

// What is wrong with the zone, or else why its records could not be read.
std::string trouble(const contract::DnsZone& zone) {
  if (!zone.problem.empty()) return zone.problem;
  return zone.transfer_problem.empty() ? std::string() : "records not read: " + zone.transfer_problem;
}

// Since when the records are as they are shown, and whether the server has newer ones.
std::string records_state(const contract::DnsZone& zone) {
  if (!zone.transferred_serial) return "not read";
  if (zone.serial && zone.serial != zone.transferred_serial) return "of an older serial";
  return "current";
}

Noun zone_noun() {
  using T = contract::DnsZone;
  Noun noun{"zone", {"dns-zone"}, "DNS zone", "DNS zones", "/api/v1/dns_zones", {"name"}};
  const auto health = computed<T>("Health", [](const T& zone) { return health_cell(zone.health); });
  const auto serial = computed<T>(
      "Serial", [](const T& zone) { return zone.serial ? cell(std::to_string(*zone.serial)) : Cell{}; }, Align::Right);
  noun.table = view_of(std::vector<Column<T>>{field("Name", &T::name), field("Server", &T::server), field("Kind", &T::kind), health, serial,
                                              field("Records", &T::records), field("Checked (UTC)", &T::checked_at),
                                              computed<T>(
                                                  "Problem", [](const T& zone) { return cell(trouble(zone)); }, Align::Left, Width::MayCut)});
  noun.record = view_of(std::vector<Column<T>>{
      field("Id", &T::id), field("Name", &T::name), field("Server", &T::server), field("View", &T::view), field("Kind", &T::kind),
      field("Space", &T::space), health, field("Problem", &T::problem), serial, field("Loaded (UTC)", &T::loaded_at),
      field("Refresh at (UTC)", &T::refresh_at), field("Expires at (UTC)", &T::expires_at), field("Checked (UTC)", &T::checked_at),
      field("Records", &T::records), computed<T>("Records are", [](const T& zone) { return cell(records_state(zone)); }),
      computed<T>("Records of serial",
                  [](const T& zone) { return zone.transferred_serial ? cell(std::to_string(*zone.transferred_serial)) : Cell{}; }),
      field("Records read (UTC)", &T::transferred_at), field("Reading them failed", &T::transfer_problem)});
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.filters = {kServer,
                  kSpace,
                  {"--name", "TEXT", "name__contains", "Only where the name contains this"},
                  {"--kind", "KIND", "kind", "Only of this kind: primary, secondary, mirror, stub, static_stub, forward, hint, redirect, other"}};
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.qualifiers = {kServer, kSpace};
  noun.subject = "ZONE";
  noun.list_help = {"List the zones of the managed DNS servers and whether they are well.", "ipam zone list --server ns1", "Get-IpamDnsZone"};
  noun.show_help = {"Show one zone by name or id: serial, health, and of when its records are.", "ipam zone show corp.example --server ns1",
                    "Get-IpamDnsZone -ZoneName"};
  return noun;
}

Noun record_noun() {
  using T = contract::DnsRecord;
  Noun noun{"record", {"dns-record"}, "DNS record", "DNS records", "/api/v1/dns_records", {"name"}};
  const auto ttl = computed<T>(
      "TTL", [](const T& record) { return cell(std::to_string(record.ttl)); }, Align::Right);
  noun.table = view_of(std::vector<Column<T>>{field("Name", &T::name), ttl, field("Type", &T::type), field("Data", &T::data), field("Zone", &T::zone),
                                              field("Server", &T::server), field("Id", &T::id)});
  noun.record =
      view_of(std::vector<Column<T>>{field("Id", &T::id), field("Name", &T::name), field("Type", &T::type), field("Data", &T::data), ttl,
                                     field("Address", &T::address), field("Zone", &T::zone), field("View", &T::view), field("Server", &T::server)});
  noun.csv = csv_columns_of<T>();
  noun.filters = {{"--zone", "NAME", "zone", "Only of this zone"},
                  kServer,
                  {"--name", "NAME", "name", "Only of this name"},
                  {"--contains", "TEXT", "name__contains", "Only where the name contains this"},
                  {"--type", "TYPE", "type", "Only of this type: A, AAAA, PTR, …"},
                  {"--address", "ADDRESS", "address", "Only what says or means this address: A, AAAA and PTR records"}};
  noun.within = true;
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.qualifiers = {{"--zone", "NAME", "zone", "Of this zone"},
                     {"--server", "NAME", "server", "Of this server"},
                     {"--type", "TYPE", "type", "Of this type"},
                     {"--address", "ADDRESS", "address", "With this address"}};
  noun.subject = "RECORD";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::DnsRecordCreate>();
  noun.edit = body_of<contract::DnsRecordPatch>();
  noun.on_server = true;
  noun.add_help = {"Make a record on the server that is primary of its zone, by a signed update. What would be sent is shown with --dry-run.",
                   "ipam record add app7.corp.example A 10.0.0.5 --ptr --reason 'New host' --reference CHG1", "Add-IpamDnsResourceRecord"};
  noun.edit_help = {"Change the data or the time to live of a record on its server.", "ipam record edit 131101 --data 10.0.0.6 --ptr",
                    "Set-IpamDnsResourceRecord"};
  noun.delete_help = {"Remove a record from its server.", "ipam record delete app7.corp.example --type A --ptr", "Remove-IpamDnsResourceRecord"};
  noun.list_help = {"List the records of the zones that were read; with a prefix, those whose address lies in it.",
                    "ipam record list --zone corp.example --type A", "Get-IpamDnsResourceRecord"};
  noun.show_help = {"Show one record by name or id.", "ipam record show www.corp.example --type A", "Get-IpamDnsResourceRecord -RecordName"};
  return noun;
}

}  // namespace

std::vector<Noun> dns_nouns() { return {zone_noun(), record_noun()}; }

}  // namespace ipam::cli
