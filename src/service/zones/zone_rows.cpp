#include "service/zones/zone_rows.h"

#include "model/dns_name.h"

namespace ipam::service {

using model::DnsRecord;
using model::DnsZone;
using model::Id;
using model::ZoneStatus;
using store::Comparison;

store::Condition is_shown() {
  return {.column =
              "EXISTS (SELECT 1 FROM zone_status WHERE zone_status.id = dns_record.zone_id AND dns_record.added <= zone_status.generation AND "
              "dns_record.removed > zone_status.generation)",
          .comparison = Comparison::Holds,
          .value = {}};
}

Result<ZoneStatus> read_zone_status(store::Reader& reader, Id<DnsZone> zone) {
  auto status = IPAM_TRY(store::find_where<ZoneStatus>(reader, {{"id", Comparison::Equal, store::to_value(zone)}}));
  return status ? *std::move(status) : ZoneStatus{.id = zone};
}

Result<std::vector<DnsRecord>> read_records_at(store::Reader& reader, Id<DnsZone> zone, const std::string& name, const std::string& type) {
  store::Query query{.where = {{"zone_id", Comparison::Equal, store::to_value(zone)}, {"name", Comparison::Equal, name}}};
  if (!type.empty()) query.where.push_back({"type", Comparison::Equal, type});
  query.where.push_back(is_shown());
  std::vector<DnsRecord> records;
  IPAM_TRY(store::for_each<DnsRecord>(reader, std::move(query), [&](DnsRecord record) -> Result<bool> {
    records.push_back(std::move(record));
    return true;
  }));
  return records;
}

DnsRecord to_row(Id<DnsZone> zone, const driver::ObservedRecord& record) {
  DnsRecord row;
  row.zone_id = zone;
  row.name = record.name;
  row.type = record.type;
  row.data = record.data;
  row.ttl = record.ttl;
  if (record.type == "A" || record.type == "AAAA") {
    if (const auto address = ip::Address::parse(record.data); address.ok()) row.address = *address;
  } else if (record.type == "PTR") {
    row.address = model::address_of_reverse_name(record.name);
  }
  return row;
}

driver::ObservedRecord to_observed(const DnsRecord& row) { return {row.name, row.type, row.data, row.ttl}; }

}  // namespace ipam::service
