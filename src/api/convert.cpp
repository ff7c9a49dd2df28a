#include "api/convert.h"

#include "api/api.h"
#include "api/copy_fields.h"
#include "model/address_category.h"
#include "service/planning/claims.h"

#include <cmath>

namespace ipam::api {
namespace {

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> list;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) list.emplace_back(word);
  }
  return list;
}

// Id, space, category and custom fields, and every field of the same name.
template <class T>
void copy_planned(T& answer, const auto& object, Names& names) {
  copy_fields(answer, object);
  answer.space = names.space(object.space_id);
  answer.custom_fields = names.custom_fields(object.custom);
}

contract::AddressCategory category_of(const ip::Range& range) { return convert_enum<contract::AddressCategory>(model::category_of(range)); }

}  // namespace

Names::Names(Services& services, const service::Principal& principal)
    : store_(services.store),
      index_(services.index),
      planning_(services.planning),
      inventory_(services.inventory),
      overlaps_(services.planning.overlaps()),
      clock_(services.clock),
      principal_(principal) {}

std::string Names::space(model::Id<model::AddressSpace> id) { return planning_.space_name(id); }

std::map<std::string, std::string> Names::custom_fields(const model::CustomValues& values) {
  if (values.empty()) return {};
  if (!fields_) {
    if (auto catalog = planning_.fields().catalog(); catalog.ok()) fields_ = *std::move(catalog);
  }
  return fields_ ? fields_->texts_of(values) : std::map<std::string, std::string>{};
}

std::optional<contract::ObjectId> Names::block_around(model::Id<model::AddressSpace> space, const ip::Prefix& prefix,
                                                      model::Id<model::Block> except) {
  const auto block = planning_.block_around(space, prefix, except);
  return block ? std::optional<contract::ObjectId>(to_id(*block)) : std::nullopt;
}

std::optional<contract::ObjectId> Names::subnet_around(model::Id<model::AddressSpace> space, const ip::Address& address) {
  const auto subnet = planning_.subnet_around(space, address);
  return subnet ? std::optional<contract::ObjectId>(to_id(*subnet)) : std::nullopt;
}

std::optional<contract::ObjectId> Names::range_around(const model::Address& address) {
  const auto range = planning_.range_around(address);
  return range ? std::optional<contract::ObjectId>(to_id(*range)) : std::nullopt;
}

service::RangeOverlap Names::overlap(const model::Range& range) { return overlaps_.read(range).value_or(service::RangeOverlap{}); }

std::optional<service::ExpiryStatus> Names::expiry_of(const model::Address& address) const {
  return service::expiry_of(address.expires_at, clock_.now(), planning_.expiry_alert());
}

// Most addresses have one claim at most, which the index knows.
bool Names::is_duplicate(const model::Address& address) {
  using occupancy::Holder;
  const auto holders = index_.with(address.space_id.value, [&](const occupancy::SpaceIndex& now) { return now.holders(address.address); });
  if (!holders.ok() || holders->of(Holder::Reservation) + holders->of(Holder::Lease) == 0) return false;
  auto reader = store_.open_reader();
  if (!reader.ok()) return false;
  const auto claims = service::claims_on(**reader, address.space_id, address.address);
  return claims.ok() && service::disagree(*claims);
}

std::string Names::server(model::Id<model::ManagedServer> id) {
  const auto [found, fresh] = servers_.try_emplace(id.value);
  if (fresh) {
    if (const auto server = inventory_.get_server(principal_, id); server.ok()) found->second = server->name;
  }
  return found->second;
}

std::optional<std::string> Names::credential(std::optional<model::Id<model::Credential>> id) {
  if (!id || !may(principal_.access_group, service::Operation::ReadCredentials)) return std::nullopt;
  const auto credential = inventory_.get_credential(principal_, *id);
  if (!credential.ok()) return std::nullopt;
  return credential->name;
}

contract::Utilization convert(const occupancy::Usage& usage, const service::Thresholds& thresholds, std::optional<model::Percent> under,
                              std::optional<model::Percent> over) {
  contract::Utilization answer;
  answer.capacity = usage.capacity;
  answer.used = usage.used;
  answer.free = usage.capacity > usage.used ? usage.capacity - usage.used : 0;
  answer.assigned = usage.assigned;
  answer.reserved = usage.reserved;
  answer.leased = usage.leased;
  const double percent = service::percent_used(usage);
  answer.percent = std::round(percent * 100.0) / 100.0;
  answer.status = convert_enum<contract::UtilizationStatus>(service::fullness_of(percent, thresholds, under, over));
  if (usage.networks > 0) {
    answer.networks_64 = usage.networks;
    answer.networks_64_used = usage.networks_used;
  }
  return answer;
}

contract::AddressSpace convert(const model::AddressSpace& object, Names& names, service::PlanningService& planning) {
  contract::AddressSpace answer;
  copy_fields(answer, object);
  answer.subnets = planning.count_subnets(object.id);
  const auto all = [](ip::Family family) { return ip::Prefix::containing(ip::Address(family, 0), 0); };
  answer.used_ipv4 = ip::saturate_to_u64(planning.usage(object.id, all(ip::Family::V4)).used);
  answer.used_ipv6 = planning.usage(object.id, all(ip::Family::V6)).used;
  if (object.provider_id) answer.provider = names.space(*object.provider_id);
  answer.custom_fields = names.custom_fields(object.custom);
  return answer;
}

contract::Block convert(const model::Block& object, Names& names, const occupancy::Usage& usage) {
  contract::Block answer;
  copy_planned(answer, object, names);
  answer.block_id = names.block_around(object.space_id, object.prefix, object.id);
  answer.category = category_of(object.prefix);
  answer.utilization = convert(usage, names.thresholds(), object.under_percent, object.over_percent);
  return answer;
}

contract::Subnet convert(const model::Subnet& object, Names& names, const occupancy::Usage& usage) {
  contract::Subnet answer;
  copy_planned(answer, object, names);
  answer.block_id = names.block_around(object.space_id, object.prefix, {});
  answer.category = category_of(object.prefix);
  answer.utilization = convert(usage, names.thresholds(), object.under_percent, object.over_percent);
  return answer;
}

contract::Range convert(const model::Range& object, Names& names, const occupancy::Usage& usage) {
  contract::Range answer;
  copy_planned(answer, object, names);
  if (const auto range = ip::Range::create(object.first, object.last); range.ok()) answer.category = category_of(*range);
  const service::RangeOverlap overlap = names.overlap(object);
  answer.overlap = convert_enum<contract::RangeOverlap>(overlap.overlap);
  answer.use_for_utilization = overlap.use_for_utilization;
  answer.utilization = convert(usage, names.thresholds(), object.under_percent, object.over_percent);
  return answer;
}

contract::Address convert(const model::Address& object, Names& names) {
  contract::Address answer;
  copy_planned(answer, object, names);
  answer.subnet_id = names.subnet_around(object.space_id, object.address);
  answer.range_id = names.range_around(object);
  if (const auto status = names.expiry_of(object)) answer.expiry_status = convert_enum<contract::ExpiryStatus>(*status);
  answer.duplicate = names.is_duplicate(object);
  answer.category = convert_enum<contract::AddressCategory>(model::category_of(object.address));
  return answer;
}

contract::ServerStatus convert(const model::ServerStatus& status) {
  contract::ServerStatus answer;
  answer.availability = convert_enum<contract::Availability>(status.availability);
  answer.problem = status.problem;
  answer.version = status.version;
  answer.capabilities = words(status.capabilities);
  if (status.checked_at != Time{}) answer.checked_at = status.checked_at;
  answer.reached_at = status.reached_at;
  answer.configuration_collected_at = status.configuration_collected_at;
  answer.leases_collected_at = status.leases_collected_at;
  answer.zones_collected_at = status.zones_collected_at;
  for (const std::string_view finding : split(status.findings, '\n')) {
    if (!finding.empty()) answer.findings.emplace_back(finding);
  }
  answer.high_availability = status.high_availability;
  return answer;
}

contract::ServerAccess convert(const service::ServerAccessView& view, Names& names) {
  contract::ServerAccess answer;
  answer.id = to_id(view.access.id);
  answer.server_id = to_id(view.access.server_id);
  answer.server = names.server(view.access.server_id);
  answer.kind = convert_enum<contract::AccessKind>(view.access.kind);
  answer.url = view.access.url;
  answer.credential = names.credential(view.access.credential_id);
  answer.tls_trust = convert_enum<contract::TlsTrust>(view.access.tls_trust);
  answer.fingerprint = view.access.fingerprint;
  answer.availability = convert_enum<contract::Availability>(view.status.availability);
  answer.problem = view.status.problem;
  if (view.status.checked_at != Time{}) answer.checked_at = view.status.checked_at;
  return answer;
}

contract::Credential convert(const model::Credential& object) {
  return {to_id(object.id), object.name, convert_enum<contract::CredentialKind>(object.kind), object.user_name, object.algorithm};
}

contract::DhcpServer convert(const model::DhcpServer& object, Names& names, const model::ServerStatus& status) {
  contract::DhcpServer answer;
  answer.id = to_id(object.id);
  answer.server_id = to_id(object.server_id);
  answer.server = names.server(object.server_id);
  answer.lease_database = object.lease_database;
  answer.high_availability = status.high_availability;
  if (status.checked_at != Time{}) answer.checked_at = status.checked_at;
  answer.configuration_as_of = status.configuration_collected_at;
  return answer;
}

contract::DhcpScope convert(const service::ScopeView& view, Names& names, const model::ServerStatus& status) {
  contract::DhcpScope answer;
  answer.id = to_id(view.scope.id);
  answer.server_id = to_id(view.scope.server_id);
  answer.server = names.server(view.scope.server_id);
  answer.space_id = to_id(view.scope.space_id);
  answer.space = names.space(view.scope.space_id);
  answer.key = view.scope.key;
  answer.prefix = view.scope.prefix;
  answer.name = view.scope.name;
  answer.shared_network = view.scope.shared_network;
  answer.lease_seconds = view.scope.lease_seconds;
  for (const model::DhcpPool& pool : view.pools) answer.pools.push_back({pool.first, pool.last});
  answer.utilization = convert(view.usage, names.thresholds());
  if (view.last) {
    answer.server_assigned = view.last->server_assigned;
    answer.server_declined = view.last->server_declined;
  }
  answer.leases_as_of = status.leases_collected_at;
  return answer;
}

contract::Reservation convert(const model::DhcpReservation& object) {
  const bool spelled_with_colons = object.identifier_type != model::ReservationIdentifier::FlexId;
  return {to_id(object.id), object.address, convert_enum<contract::ReservationIdentifier>(object.identifier_type),
          spelled_with_colons ? to_hex(object.identifier, ':') : to_hex(object.identifier), object.hostname};
}

contract::Lease convert(const model::Lease& lease, Names& names) {
  contract::Lease answer;
  answer.address = lease.address;
  answer.server_id = to_id(lease.server_id);
  answer.server = names.server(lease.server_id);
  answer.space_id = to_id(lease.space_id);
  answer.scope_key = lease.scope_key;
  answer.state = convert_enum<contract::LeaseState>(lease.state);
  answer.hardware_address = lease.hardware_address;
  answer.client_id = lease.client_id;
  answer.hostname = lease.hostname;
  answer.starts_at = lease.starts_at;
  answer.expires_at = lease.expires_at;
  answer.seen_at = lease.seen_at;
  return answer;
}

contract::User convert(const model::User& user) {
  return {to_id(user.id), user.name, convert_enum<contract::Group>(user.access_group), user.enabled, user.description};
}

contract::Token convert(const model::Token& token, const std::string& user_name) {
  return {to_id(token.id), token.name, user_name, convert_enum<contract::Group>(token.access_group), token.created_at, token.expires_at};
}

contract::Task convert(const tasks::TaskView& view) {
  contract::Task answer;
  answer.name = view.name;
  answer.description = view.description;
  answer.period_seconds = view.state.period_seconds;
  answer.default_period_seconds = std::chrono::duration_cast<std::chrono::seconds>(view.default_period).count();
  answer.enabled = view.state.enabled;
  answer.running = view.running;
  answer.runs = view.state.runs;
  answer.last_result = convert_enum<contract::TaskResult>(view.state.last_result);
  answer.last_message = view.state.last_message;
  answer.last_started_at = view.state.last_started_at;
  answer.last_ended_at = view.state.last_ended_at;
  answer.next_due_at = view.state.next_due_at;
  for (const model::TaskOutcome& outcome : view.outcomes) {
    answer.outcomes.push_back({to_id(outcome.server_id), outcome.server_name, convert_enum<contract::TaskResult>(outcome.result), outcome.message,
                               outcome.started_at, outcome.ended_at});
  }
  return answer;
}

contract::Change convert(const model::JournalRecord& record) {
  contract::Change answer;
  answer.sequence = record.sequence;
  answer.at = record.at;
  answer.actor = record.actor;
  answer.on_behalf_of = record.on_behalf_of;
  answer.request_id = record.request_id;
  answer.reason = record.reason;
  answer.change_reference = record.change_reference;
  answer.kind = convert_enum<contract::ChangeKind>(record.kind);
  answer.object_type = record.object_type;
  answer.object_id = {record.object_id};
  answer.object_name = record.object_name;
  answer.differences.text = record.differences;
  return answer;
}

}  // namespace ipam::api
