#include "api/fields.h"
#include "contract/dns.h"
#include "model/dns_name.h"

#include <algorithm>
#include <array>

namespace ipam::api {
namespace {

using store::Comparison;

constexpr std::array kZoneFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"}, ListField{"view", "view"},
                                 ListField{"kind", "kind"}};
// Pages come in the order of the indexes, by zone and name or by address: any other order would sort a million records for each.
constexpr std::array kRecordFields{ListField{"id", "id", FieldKind::Id},
                                   ListField{"name", "name", FieldKind::Text, Sortable::No},
                                   ListField{"type", "type", FieldKind::Text, Sortable::No},
                                   ListField{"data", "data", FieldKind::Text, Sortable::No},
                                   ListField{"ttl", "ttl", FieldKind::Integer, Sortable::No},
                                   ListField{"address", "address", FieldKind::Address, Sortable::No}};
constexpr std::array<std::string_view, 2> kZoneHandled{"space", "server"};
constexpr std::array<std::string_view, 3> kRecordHandled{"zone", "server", "within"};
constexpr std::array<std::string_view, 2> kByName{"name", "server_id"};
constexpr std::array<std::string_view, 2> kByZoneAndName{"zone_id", "name"};
constexpr std::array<std::string_view, 1> kByAddress{"address"};

contract::DnsZone to_answer(const service::ZoneView& view, Names& names) {
  contract::DnsZone answer;
  answer.id = to_id(view.zone.id);
  answer.server_id = to_id(view.zone.server_id);
  answer.server = names.server(view.zone.server_id);
  answer.space_id = to_id(view.zone.space_id);
  answer.space = names.space(view.zone.space_id);
  answer.name = view.zone.name;
  answer.view = view.zone.view;
  answer.kind = convert_enum<contract::ZoneKind>(view.zone.kind);
  const model::ZoneStatus& status = view.status;
  answer.health = convert_enum<contract::ZoneHealth>(status.health);
  answer.problem = status.problem;
  answer.serial = status.serial;
  answer.loaded_at = status.loaded_at;
  answer.refresh_at = status.refresh_at;
  answer.expires_at = status.expires_at;
  if (status.checked_at != Time{}) answer.checked_at = status.checked_at;
  answer.records = status.records;
  answer.transferred_serial = status.transferred_serial;
  answer.transferred_at = status.transferred_at;
  answer.transfer_problem = status.transfer_problem;
  return answer;
}

contract::DnsRecord to_answer(const service::RecordView& view, Names& names) {
  contract::DnsRecord answer;
  answer.id = to_id(view.record.id);
  answer.zone_id = to_id(view.zone.id);
  answer.zone = view.zone.name;
  answer.view = view.zone.view;
  answer.server_id = to_id(view.zone.server_id);
  answer.server = names.server(view.zone.server_id);
  answer.name = view.record.name;
  answer.type = view.record.type;
  answer.data = view.record.data;
  answer.ttl = view.record.ttl;
  answer.address = view.record.address;
  return answer;
}

// Names are compared as they are stored, however they were typed.
void normalize_names(store::Query& query) {
  for (store::Condition& condition : query.where) {
    auto* text = std::get_if<std::string>(&condition.value);
    if (text == nullptr) continue;
    if (condition.column == "name" && condition.comparison == Comparison::Equal) {
      if (auto name = model::parse_domain_name(*text); name.ok()) *text = std::move(*name);
    } else if (condition.column == "type") {
      std::transform(text->begin(), text->end(), text->begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    }
  }
}

store::Condition in_zones(const std::vector<store::Value>& ids) {
  if (ids.size() == 1) return {"zone_id", Comparison::Equal, ids.front()};
  return {"zone_id", Comparison::In, {}, ids};
}

Result<std::vector<store::Value>> zones_of_server(Services& services, const Call& call, const std::string& name) {
  const auto server = IPAM_TRY(services.inventory.find_server(call.principal, name));
  const store::Query query{.where = {{"server_id", Comparison::Equal, store::to_value(server.id)}}, .limit = store::kEveryRow - 1};
  std::vector<store::Value> ids;
  for (const auto& view : IPAM_TRY(services.dns.list_zones(call.principal, query)).items) ids.push_back(store::to_value(view.zone.id));
  return ids;
}

Result<ListQuery> read_records_list(Services& services, const Call& call) {
  const bool by_address = call.query().find("within").has_value() || call.query().find("address").has_value();
  const std::span<const std::string_view> order = by_address ? std::span<const std::string_view>(kByAddress) : kByZoneAndName;
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kRecordFields, kRecordHandled, order));
  normalize_names(list.query);
  std::optional<std::vector<store::Value>> zones;
  if (const auto name = call.query().find("zone")) {
    zones.emplace();
    for (const auto& zone : IPAM_TRY(services.dns.find_zones(call.principal, *name))) zones->push_back(store::to_value(zone.id));
  }
  if (const auto name = call.query().find("server")) {
    std::vector<store::Value> of_server = IPAM_TRY(zones_of_server(services, call, std::string(*name)));
    if (zones) {
      const auto elsewhere = [&](const store::Value& id) { return std::find(of_server.begin(), of_server.end(), id) == of_server.end(); };
      zones->erase(std::remove_if(zones->begin(), zones->end(), elsewhere), zones->end());
    } else {
      zones = std::move(of_server);
    }
  }
  if (zones) list.query.where.push_back(in_zones(*zones));
  if (const auto within = call.query().find("within")) {
    const auto prefix = ip::Prefix::parse(*within);
    if (!prefix.ok()) return Error::field("/within", prefix.error().message);
    service::add_within(list.query.where, "address", service::Place::Address, *prefix);
  }
  return list;
}

Result<Reply> zone_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kZoneFields, kZoneHandled, kByName));
  normalize_names(list.query);
  IPAM_TRY(add_space_filter(list, services, call));
  IPAM_TRY(add_server_filter(list, services, call));
  const auto page = IPAM_TRY(services.dns.list_zones(call.principal, list.query));
  Names names(services, call.principal);
  auto answer = to_list<contract::DnsZone>(page, [&](const service::ZoneView& view) { return to_answer(view, names); });
  if (list.count_exact) answer.total = IPAM_TRY(services.dns.count_zones(call.principal, list.query.where));
  return Reply::json(answer);
}

Result<Reply> one_zone(Services& services, const Call& call) {
  const auto id = IPAM_TRY(call.id<model::DnsZone>());
  const service::ZoneView view = IPAM_TRY(services.dns.get_zone(call.principal, id));
  Names names(services, call.principal);
  Reply reply = Reply::json(to_answer(view, names));
  return reply.with_revision(view.zone.revision);
}

Result<Reply> record_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_records_list(services, call));
  const auto page = IPAM_TRY(services.dns.list_records(call.principal, list.query));
  Names names(services, call.principal);
  auto answer = to_list<contract::DnsRecord>(page, [&](const service::RecordView& view) { return to_answer(view, names); });
  if (list.count_exact) answer.total = IPAM_TRY(services.dns.count_records(call.principal, list.query.where));
  return Reply::json(answer);
}

Result<Reply> one_record(Services& services, const Call& call) {
  const auto id = IPAM_TRY(call.id<model::DnsRecord>());
  Names names(services, call.principal);
  Reply reply = Reply::json(to_answer(IPAM_TRY(services.dns.get_record(call.principal, id)), names));
  return reply.with_revision(id.value);  // a record that is changed is another one, with another id
}

}  // namespace

void add_dns_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/dns_zones", [all](Call call) { return on_pool(all, zone_page, std::move(call)); });
  routes.add("GET", "/api/v1/dns_zones/{id}", [all](Call call) { return on_pool(all, one_zone, std::move(call)); });
  routes.add("GET", "/api/v1/dns_records", [all](Call call) { return on_pool(all, record_page, std::move(call)); });
  routes.add("GET", "/api/v1/dns_records/{id}", [all](Call call) { return on_pool(all, one_record, std::move(call)); });
}

}  // namespace ipam::api
