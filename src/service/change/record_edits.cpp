#include "service/change/record_edits.h"

#include "model/dns_name.h"
#include "service/zones/zone_rows.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using driver::ObservedRecord;
using driver::RecordSetChange;
using model::DnsRecord;
using model::DnsZone;
using model::Id;
using model::ManagedServer;
using store::Comparison;

constexpr std::size_t kMaxData = 4'096;
constexpr std::uint32_t kMaxTtl = 0x7FFF'FFFF;  // RFC 2181, section 8

struct PlacedZone {
  DnsZone zone;
  ManagedServer server;
};

struct Wanted {
  std::optional<std::string> zone, server, view;
};

std::string name_places(const std::vector<PlacedZone>& places) {
  std::vector<std::string> texts;
  for (const PlacedZone& place : places) texts.push_back(fmt::format("{} on {} (view {})", place.zone.name, place.server.name, place.zone.view));
  return join(texts, ", ");
}

// The primary zones that hold the name: the longest of them, on every server and in every view.
Result<std::vector<PlacedZone>> zones_holding(store::Reader& reader, const std::string& name, const Wanted& wanted) {
  std::vector<PlacedZone> places;
  for (const std::string& above : model::names_above(name)) {
    IPAM_TRY(store::for_each<DnsZone>(reader, {.where = {{"name", Comparison::Equal, above}}}, [&](DnsZone zone) -> Result<bool> {
      if (zone.kind != model::ZoneKind::Primary) return true;
      if (wanted.view && zone.view != *wanted.view) return true;
      if (wanted.zone && zone.name != *wanted.zone && zone.id.to_string() != *wanted.zone) return true;
      auto server = IPAM_TRY(store::find(reader, zone.server_id));
      if (!server || (wanted.server && server->name != *wanted.server && server->id.to_string() != *wanted.server)) return true;
      places.push_back({std::move(zone), *std::move(server)});
      return true;
    }));
    if (!places.empty()) return places;
  }
  return places;
}

Result<PlacedZone> zone_holding(store::Reader& reader, const std::string& name, Wanted wanted, std::string_view pointer) {
  if (wanted.zone) {
    if (auto zone = model::parse_domain_name(*wanted.zone); zone.ok()) wanted.zone = std::move(*zone);
  }
  std::vector<PlacedZone> places = IPAM_TRY(zones_holding(reader, name, wanted));
  if (places.size() == 1) return std::move(places.front());
  if (places.empty()) {
    return Error::field(std::string(pointer),
                        fmt::format("no managed server is primary of a zone that holds {}{}; `ipam zone list` shows the zones that were read", name,
                                    wanted.zone || wanted.server || wanted.view ? ", among those that were named" : ""));
  }
  return Error::field(std::string(pointer), fmt::format("{} lies in several zones: {}; say which by server and view", name, name_places(places)));
}

Result<PlacedZone> zone_of(store::Reader& reader, const DnsRecord& record) {
  auto zone = IPAM_TRY(store::find(reader, record.zone_id));
  if (!zone) return Error(ErrorCode::NotFound, "the record's zone is gone");
  auto server = IPAM_TRY(store::find(reader, zone->server_id));
  if (!server) return Error(ErrorCode::NotFound, "the record's server is no longer managed");
  if (zone->kind != model::ZoneKind::Primary) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("{} is a {} zone on {}: its records are changed on its primary", zone->name,
                                                            model::enum_to_text(zone->kind), server->name));
  }
  return PlacedZone{*std::move(zone), *std::move(server)};
}

Result<DnsRecord> shown_record(store::Reader& reader, Id<DnsRecord> id) {
  auto record = IPAM_TRY(store::find_where<DnsRecord>(reader, {{"id", Comparison::Equal, store::to_value(id)}, is_shown()}));
  if (!record) return Error(ErrorCode::NotFound, "there is no DNS record with id " + id.to_string());
  return *std::move(record);
}

// The set as it is stored, to be changed.
Result<RecordSetChange> set_at(store::Reader& reader, const PlacedZone& place, const std::string& name, const std::string& type) {
  RecordSetChange change;
  change.zone = place.zone.name;
  change.view = place.zone.view;
  change.name = name;
  change.type = type;
  for (const DnsRecord& row : IPAM_TRY(read_records_at(reader, place.zone.id, name, type))) change.before.push_back(to_observed(row));
  change.after = change.before;
  return change;
}

void erase_data(RecordSetChange& change, const std::string& data) {
  const auto same = [&](const ObservedRecord& record) { return record.data == data; };
  change.after.erase(std::remove_if(change.after.begin(), change.after.end(), same), change.after.end());
}

// All records of a set have one TTL (RFC 2181, section 5.2).
void add_data(RecordSetChange& change, const std::string& data, std::optional<std::uint32_t> ttl) {
  const std::uint32_t common = ttl ? *ttl : change.after.empty() ? RecordEdits::kUsualTtl : change.after.front().ttl;
  change.after.push_back({change.name, change.type, data, common});
  for (ObservedRecord& record : change.after) record.ttl = common;
}

Result<void> check_ttl(const std::optional<std::uint32_t>& ttl) {
  if (ttl && *ttl > kMaxTtl) return Error::field("/ttl", fmt::format("must not be above {}", kMaxTtl));
  return {};
}

// A name with a CNAME has nothing else (RFC 1034, section 3.6.2); a server may pass over such an update in silence.
Result<void> check_alias(store::Reader& reader, const PlacedZone& place, const std::string& name, const std::string& type) {
  for (const DnsRecord& row : IPAM_TRY(read_records_at(reader, place.zone.id, name))) {
    const bool signatures = row.type == "RRSIG" || row.type == "NSEC" || row.type == "NSEC3";
    if (signatures) continue;
    if (row.type == "CNAME")
      return Error(ErrorCode::Conflict, fmt::format("{} is an alias (CNAME {}): it can have no other record; remove that first", name, row.data));
    if (type == "CNAME")
      return Error(ErrorCode::Conflict, fmt::format("{} has records ({} {}): it cannot be an alias as well", name, row.type, row.data));
  }
  return {};
}

enum class PointerEdit { Add, Remove };

// The change of the PTR record of an address record, in the reverse zone that is managed.
Result<std::optional<WantedChange>> pointer_change(store::Reader& reader, const std::string& name, const std::string& type, const std::string& data,
                                                   std::optional<std::uint32_t> ttl, PointerEdit edit) {
  if (type != "A" && type != "AAAA") return Error::field("/ptr", "is for A and AAAA records");
  const auto address = ip::Address::parse(data);
  if (!address.ok()) return std::optional<WantedChange>{};
  const std::string reverse = model::reverse_name(*address);
  const PlacedZone place = IPAM_TRY(zone_holding(reader, reverse, {}, "/ptr"));
  RecordSetChange change = IPAM_TRY(set_at(reader, place, reverse, "PTR"));
  const std::string target = name + ".";
  const auto points_here = [&](const ObservedRecord& record) {
    const auto parsed = model::parse_domain_name(record.data);
    return parsed.ok() && *parsed == name;
  };
  if (edit == PointerEdit::Remove) {
    change.after.erase(std::remove_if(change.after.begin(), change.after.end(), points_here), change.after.end());
  } else if (std::none_of(change.after.begin(), change.after.end(), points_here)) {
    add_data(change, target, ttl);
  }
  if (change.after == change.before) return std::optional<WantedChange>{};
  return std::optional<WantedChange>(WantedChange{place.server, std::move(change)});
}

}  // namespace

Result<std::string> parse_record_type(std::string_view text) {
  std::string type;
  for (const char c : text) type += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const bool word = !type.empty() && type.size() <= 16 &&
                    std::all_of(type.begin(), type.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; });
  if (!word) return Error::field("/type", fmt::format("'{}' is no type of records, such as A, AAAA, PTR", shorten(text, 40)));
  if (type == "SOA") return Error::field("/type", "the server keeps the SOA record by itself");
  return type;
}

Result<std::string> parse_record_data(const std::string& type, std::string_view text) {
  const std::string_view data = trim(text);
  if (data.empty()) return Error::field("/data", "must not be empty");
  if (data.size() > kMaxData || !is_clean_text(data) || data.find('\n') != std::string_view::npos) {
    return Error::field("/data", fmt::format("must be one line of at most {} bytes", kMaxData));
  }
  if (type == "A" || type == "AAAA") {
    const auto address = ip::Address::parse(data);
    const bool fits = address.ok() && (address->family() == ip::Family::V4) == (type == "A");
    if (!fits)
      return Error::field("/data", fmt::format("'{}' is no IPv{} address, which {} records hold", shorten(data, 60), type == "A" ? 4 : 6, type));
    return address->to_string();
  }
  if (type == "PTR" || type == "CNAME" || type == "NS" || type == "DNAME") {
    const auto name = model::parse_domain_name(data);
    if (!name.ok()) return Error::field("/data", name.error().message);
    return *name == "." ? *name : *name + ".";
  }
  return std::string(data);
}

Result<std::vector<WantedChange>> RecordEdits::add(const Principal& principal, const NewRecord& record) {
  IPAM_TRY(authorize(principal, Operation::ChangeDnsRecords));
  IPAM_TRY(check_ttl(record.ttl));
  const std::string type = IPAM_TRY(parse_record_type(record.type));
  const auto name = model::parse_domain_name(record.name);
  if (!name.ok()) return Error::field("/name", name.error().message);
  const std::string data = IPAM_TRY(parse_record_data(type, record.data));
  const auto reader = IPAM_TRY(store_.open_reader());
  const PlacedZone place = IPAM_TRY(zone_holding(*reader, *name, {record.zone, record.server, record.view}, "/name"));
  RecordSetChange change = IPAM_TRY(set_at(*reader, place, *name, type));
  const auto same = [&](const ObservedRecord& each) { return each.data == data; };
  if (std::any_of(change.before.begin(), change.before.end(), same)) {
    return Error(ErrorCode::AlreadyExists, fmt::format("{} {} {} is there already, on {}", *name, type, data, place.server.name));
  }
  if (change.before.empty()) IPAM_TRY(check_alias(*reader, place, *name, type));
  if (type == "CNAME" && !change.before.empty()) {
    return Error(ErrorCode::Conflict, fmt::format("{} is an alias of {} already; change that record", *name, change.before.front().data));
  }
  add_data(change, data, record.ttl);
  std::vector<WantedChange> changes{{place.server, std::move(change)}};
  if (record.pointer == Pointer::Keep) {
    if (auto pointer = IPAM_TRY(pointer_change(*reader, *name, type, data, record.ttl, PointerEdit::Add))) changes.push_back(*std::move(pointer));
  }
  return changes;
}

Result<std::vector<WantedChange>> RecordEdits::change(const Principal& principal, Id<DnsRecord> id, const RecordPatch& patch) {
  IPAM_TRY(authorize(principal, Operation::ChangeDnsRecords));
  IPAM_TRY(check_ttl(patch.ttl));
  const auto reader = IPAM_TRY(store_.open_reader());
  const DnsRecord record = IPAM_TRY(shown_record(*reader, id));
  IPAM_TRY(parse_record_type(record.type));
  const PlacedZone place = IPAM_TRY(zone_of(*reader, record));
  const std::string data = patch.data ? IPAM_TRY(parse_record_data(record.type, *patch.data)) : record.data;
  RecordSetChange change = IPAM_TRY(set_at(*reader, place, record.name, record.type));
  erase_data(change, record.data);
  erase_data(change, data);
  add_data(change, data, patch.ttl.value_or(record.ttl));
  if (std::is_permutation(change.after.begin(), change.after.end(), change.before.begin(), change.before.end())) {
    return Error(ErrorCode::InvalidArgument, "nothing would change: the record is so already");
  }
  std::vector<WantedChange> changes{{place.server, std::move(change)}};
  if (patch.pointer == Pointer::Keep && data != record.data) {
    if (auto old = IPAM_TRY(pointer_change(*reader, record.name, record.type, record.data, patch.ttl, PointerEdit::Remove)))
      changes.push_back(*std::move(old));
    if (auto now = IPAM_TRY(pointer_change(*reader, record.name, record.type, data, patch.ttl, PointerEdit::Add))) changes.push_back(*std::move(now));
  }
  return changes;
}

Result<std::vector<WantedChange>> RecordEdits::remove(const Principal& principal, Id<DnsRecord> id, Pointer pointer) {
  IPAM_TRY(authorize(principal, Operation::ChangeDnsRecords));
  const auto reader = IPAM_TRY(store_.open_reader());
  const DnsRecord record = IPAM_TRY(shown_record(*reader, id));
  IPAM_TRY(parse_record_type(record.type));
  const PlacedZone place = IPAM_TRY(zone_of(*reader, record));
  RecordSetChange change = IPAM_TRY(set_at(*reader, place, record.name, record.type));
  erase_data(change, record.data);
  std::vector<WantedChange> changes{{place.server, std::move(change)}};
  if (pointer == Pointer::Keep) {
    if (auto old = IPAM_TRY(pointer_change(*reader, record.name, record.type, record.data, std::nullopt, PointerEdit::Remove)))
      changes.push_back(*std::move(old));
  }
  return changes;
}

}  // namespace ipam::service
