#include "service/zones/dns_view.h"

#include "base/strings.h"
#include "model/dns_name.h"
#include "service/zones/zone_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ipam::service {
namespace {

using model::DnsRecord;
using model::DnsZone;
using model::Id;
using store::Comparison;
using store::Condition;

bool is_on(const Condition& condition, std::string_view column) {
  return condition.column == column && (condition.comparison == Comparison::Equal || condition.comparison == Comparison::In);
}

// What is shown; a name alone is looked for in the zones at and above it, so that the index of names serves it.
Result<std::vector<Condition>> narrowed(store::Reader& reader, std::vector<Condition> where) {
  const auto has = [&](std::string_view column) {
    return std::find_if(where.begin(), where.end(), [&](const Condition& condition) { return is_on(condition, column); });
  };
  const auto name = has("name");
  if (name != where.end() && name->comparison == Comparison::Equal && has("zone_id") == where.end()) {
    Condition of_zones{"zone_id", Comparison::In, {}, {}};
    std::vector<store::Value> names;
    for (std::string& each : model::names_above(std::get<std::string>(name->value))) names.emplace_back(std::move(each));
    IPAM_TRY(store::for_each<DnsZone>(reader, {.where = {{"name", Comparison::In, {}, std::move(names)}}}, [&](DnsZone zone) -> Result<bool> {
      of_zones.values.push_back(store::to_value(zone.id));
      return true;
    }));
    where.push_back(std::move(of_zones));
  }
  where.push_back(is_shown());
  return where;
}

}  // namespace

Result<store::Page<ZoneView>> DnsView::list_zones(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadDns));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto zones = IPAM_TRY(store::list<DnsZone>(*reader, query));
  store::Page<ZoneView> page;
  page.next_cursor = std::move(zones.next_cursor);
  for (DnsZone& zone : zones.items) {
    ZoneView view;
    view.status = IPAM_TRY(read_zone_status(*reader, zone.id));
    view.zone = std::move(zone);
    page.items.push_back(std::move(view));
  }
  return page;
}

Result<ZoneView> DnsView::get_zone(const Principal& principal, Id<DnsZone> id) {
  IPAM_TRY(authorize(principal, Operation::ReadDns));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto zone = IPAM_TRY(store::find(*reader, id));
  if (!zone) return Error(ErrorCode::NotFound, "there is no DNS zone with id " + id.to_string());
  ZoneView view;
  view.status = IPAM_TRY(read_zone_status(*reader, id));
  view.zone = *std::move(zone);
  return view;
}

Result<std::vector<DnsZone>> DnsView::find_zones(const Principal& principal, std::string_view name_or_id) {
  IPAM_TRY(authorize(principal, Operation::ReadDns));
  const auto reader = IPAM_TRY(store_.open_reader());
  std::vector<DnsZone> zones;
  const auto take = [&](DnsZone zone) -> Result<bool> {
    zones.push_back(std::move(zone));
    return true;
  };
  if (const auto name = model::parse_domain_name(name_or_id); name.ok()) {
    IPAM_TRY(store::for_each<DnsZone>(*reader, {.where = {{"name", Comparison::Equal, *name}}}, take));
  }
  const auto id = parse_integer<std::int64_t>(name_or_id, 1);
  if (zones.empty() && id) {
    if (auto zone = IPAM_TRY(store::find(*reader, Id<DnsZone>{static_cast<std::uint64_t>(*id)}))) zones.push_back(*std::move(zone));
  }
  if (zones.empty()) {
    return Error::field("/zone", fmt::format("there is no zone '{}' on the managed servers, as far as they have been read", shorten(name_or_id, 80)));
  }
  return zones;
}

Result<std::uint64_t> DnsView::count_zones(const Principal& principal, const std::vector<Condition>& where) {
  IPAM_TRY(authorize(principal, Operation::ReadDns));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<DnsZone>(), where);
}

Result<store::Page<RecordView>> DnsView::list_records(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadDns));
  const auto reader = IPAM_TRY(store_.open_reader());
  store::Query shown = query;
  shown.where = IPAM_TRY(narrowed(*reader, std::move(shown.where)));
  auto records = IPAM_TRY(store::list<DnsRecord>(*reader, shown));
  store::Page<RecordView> page;
  page.next_cursor = std::move(records.next_cursor);
  std::map<std::uint64_t, DnsZone> zones;
  for (DnsRecord& record : records.items) {
    const auto [zone, fresh] = zones.try_emplace(record.zone_id.value);
    if (fresh) zone->second = IPAM_TRY(store::find(*reader, record.zone_id)).value_or(DnsZone{});
    page.items.push_back({std::move(record), zone->second});
  }
  return page;
}

Result<RecordView> DnsView::get_record(const Principal& principal, Id<DnsRecord> id) {
  auto page = IPAM_TRY(list_records(principal, {.where = {{"id", Comparison::Equal, store::to_value(id)}}, .limit = 1}));
  if (page.items.empty()) return Error(ErrorCode::NotFound, "there is no DNS record with id " + id.to_string());
  return std::move(page.items.front());
}

Result<std::uint64_t> DnsView::count_records(const Principal& principal, const std::vector<Condition>& where) {
  IPAM_TRY(authorize(principal, Operation::ReadDns));
  const auto reader = IPAM_TRY(store_.open_reader());
  // How many a zone has is known.
  if (where.size() == 1 && where.front().column == "zone_id" && where.front().comparison == Comparison::Equal) {
    const auto id = static_cast<std::uint64_t>(std::get<std::int64_t>(where.front().value));
    return IPAM_TRY(read_zone_status(*reader, Id<DnsZone>{id})).records;
  }
  return store::count(*reader, store::table<DnsRecord>(), IPAM_TRY(narrowed(*reader, where)));
}

}  // namespace ipam::service
