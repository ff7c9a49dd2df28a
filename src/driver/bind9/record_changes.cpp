#include "driver/bind9/record_changes.h"

#include "base/strings.h"
#include "crypto/hash.h"
#include "driver/bind9/record_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::driver::bind9 {
namespace {

using wire::dns::Name;
using wire::dns::RecordClass;
using wire::dns::RecordType;
using wire::dns::ResourceRecord;
using wire::dns::Update;

Error invalid(std::string message) { return {ErrorCode::InvalidArgument, std::move(message)}; }

// What a server makes by itself.
bool is_settable(RecordType type) {
  return !wire::dns::is_meta_type(type) && type != RecordType::Soa && type != RecordType::Rrsig && type != RecordType::Nsec &&
         type != RecordType::Nsec3;
}

Result<std::vector<ResourceRecord>> records_of(const std::vector<ObservedRecord>& observed_records, const RecordSet& set) {
  std::vector<ResourceRecord> records;
  for (const ObservedRecord& each : observed_records) {
    ResourceRecord record = IPAM_TRY(wire_record(each));
    if (record.owner != set.name || record.type != set.type) {
      return invalid(
          fmt::format("a record of {} {} stands in the set of {} {}", each.name, each.type, model_name(set.name), wire::dns::to_string(set.type)));
    }
    const auto same = [&](const ResourceRecord& other) { return same_data(record, other); };
    if (std::any_of(records.begin(), records.end(), same)) return invalid(fmt::format("the record {} stands twice in its set", record.to_string()));
    records.push_back(std::move(record));
  }
  // RFC 2181 section 5.2.
  const auto differs = [&](const ResourceRecord& record) { return record.ttl != records.front().ttl; };
  if (std::any_of(records.begin(), records.end(), differs)) return invalid("the records of one name and type have one time to live");
  return records;
}

bool holds(const std::vector<ResourceRecord>& records, const ResourceRecord& record) {
  return std::any_of(records.begin(), records.end(), [&](const ResourceRecord& each) { return same_data(each, record) && each.ttl == record.ttl; });
}

bool holds_data(const std::vector<ResourceRecord>& records, const ResourceRecord& record) {
  return std::any_of(records.begin(), records.end(), [&](const ResourceRecord& each) { return same_data(each, record); });
}

void require(Update& update, const RecordSet& set, const std::vector<ResourceRecord>& records) {
  if (!records.empty()) {
    update.require_exactly(records);
  } else if (set.type == RecordType::Cname) {
    update.require_no_name(set.name);  // an alias stands beside nothing else
  } else {
    update.require_no_rrset(set.name, set.type);
  }
}

std::string prerequisite_text(const ResourceRecord& record) {
  const std::string name = record.owner.to_string();
  const bool any = record.type == RecordType::Any;
  if (record.record_class == RecordClass::None) {
    return any ? fmt::format("prereq nxdomain {}\n", name) : fmt::format("prereq nxrrset {} {}\n", name, wire::dns::to_string(record.type));
  }
  if (record.record_class == RecordClass::Any) {
    return any ? fmt::format("prereq yxdomain {}\n", name) : fmt::format("prereq yxrrset {} {}\n", name, wire::dns::to_string(record.type));
  }
  return fmt::format("prereq yxrrset {} {} {}\n", name, wire::dns::to_string(record.type), record.rdata_text());
}

std::string change_text(const ResourceRecord& record) {
  const std::string name = record.owner.to_string(), type = wire::dns::to_string(record.type);
  if (record.record_class == RecordClass::None) return fmt::format("update delete {} {} {}\n", name, type, record.rdata_text());
  if (record.record_class == RecordClass::Any) return fmt::format("update delete {} {}\n", name, type);
  return fmt::format("update add {} {} {} {}\n", name, record.ttl, type, record.rdata_text());
}

}  // namespace

Result<RecordSet> RecordSet::create(const Change& change) {
  const auto* records = std::get_if<RecordSetChange>(&change);
  if (records == nullptr) return Error(ErrorCode::Unsupported, "BIND serves DNS only: it has no DHCP reservations");
  RecordSet set;
  set.zone = IPAM_TRY(Name::parse(records->zone));
  set.name = IPAM_TRY(Name::parse(records->name));
  const auto type = wire::dns::record_type_of(records->type);
  if (!type || !is_settable(*type)) return invalid(fmt::format("'{}' is not a type of records that can be set", shorten(records->type, 60)));
  set.type = *type;
  if (!set.name.is_within(set.zone)) return invalid(fmt::format("{} does not lie in zone {}", records->name, records->zone));
  set.before = IPAM_TRY(records_of(records->before, set));
  set.after = IPAM_TRY(records_of(records->after, set));
  if (set.type == RecordType::Cname && set.after.size() > 1) return invalid("a name has one CNAME record at most");
  return set;
}

Result<std::vector<ZoneChanges>> by_zone(const std::vector<Change>& changes) {
  std::vector<ZoneChanges> zones;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    RecordSet set = IPAM_TRY(RecordSet::create(changes[i]));
    auto zone = std::find_if(zones.begin(), zones.end(), [&](const ZoneChanges& each) { return each.zone == set.zone; });
    if (zone == zones.end()) zone = zones.insert(zones.end(), ZoneChanges{.zone = set.zone, .sets = {}, .indexes = {}});
    const auto same = [&](const RecordSet& each) { return each.name == set.name && each.type == set.type; };
    if (std::any_of(zone->sets.begin(), zone->sets.end(), same)) return invalid("two changes are of the same name and type; make them one");
    zone->sets.push_back(std::move(set));
    zone->indexes.push_back(i);
  }
  return zones;
}

Update check_of(const ZoneChanges& changes, Side side) {
  Update update(changes.zone);
  for (const RecordSet& set : changes.sets) require(update, set, side == Side::Before ? set.before : set.after);
  return update;
}

Update update_of(const ZoneChanges& changes, Direction direction) {
  Update update(changes.zone);
  const auto from = [&](const RecordSet& set) -> const auto& { return direction == Direction::Forward ? set.before : set.after; };
  const auto to = [&](const RecordSet& set) -> const auto& { return direction == Direction::Forward ? set.after : set.before; };
  for (const RecordSet& set : changes.sets) require(update, set, from(set));
  for (const RecordSet& set : changes.sets) {
    // One that only gets another time to live is added again, which replaces it (RFC 2136 section 3.4.2.2).
    for (const ResourceRecord& record : from(set)) {
      if (!holds_data(to(set), record)) update.remove(record);
    }
    for (const ResourceRecord& record : to(set)) {
      if (!holds(from(set), record)) update.add(record);
    }
  }
  return update;
}

std::string update_text(const Update& update) {
  std::string text = fmt::format("zone {}\n", update.zone().to_string());
  for (const ResourceRecord& record : update.message().answers) text += prerequisite_text(record);
  for (const ResourceRecord& record : update.message().authorities) text += change_text(record);
  return text;
}

std::string fingerprint_of(const std::vector<ZoneChanges>& zones) {
  std::string text;
  for (const ZoneChanges& zone : zones) {
    for (const RecordSet& set : zone.sets) {
      std::vector<std::string> lines;
      for (const ResourceRecord& record : set.before) lines.push_back(record.rdata_text());
      std::sort(lines.begin(), lines.end());
      text += fmt::format("{} {} {}\n{}\n", model_name(set.zone), model_name(set.name), wire::dns::to_string(set.type), fmt::join(lines, "\n"));
    }
  }
  return to_hex(crypto::sha256(as_bytes(text)));
}

}  // namespace ipam::driver::bind9
