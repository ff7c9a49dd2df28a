// The writes that reach managed servers: reservations, records, undo.
#include "api/change_answers.h"
#include "api/fields.h"
#include "contract/change.h"
#include "service/change/record_edits.h"
#include "service/change/reservation_edits.h"

#include <array>

namespace ipam::api {
namespace {

using service::Pointer;
using service::WantedChange;

// The handlers look at the dry run themselves.
constexpr RouteOptions kServerWrite{.dry_run = DryRun::ByHandler};
// A person waits for it; a server that reloads its leases may take half a minute.
constexpr auto kChangeDeadline = std::chrono::seconds(120);

constexpr std::array kReservationFields{ListField{"id", "id", FieldKind::Id}, ListField{"scope_id", "scope_id", FieldKind::Id},
                                        ListField{"address", "address", FieldKind::Address}, ListField{"identifier_type", "identifier_type"},
                                        ListField{"hostname", "hostname"}};
constexpr std::array kChangeFields{ListField{"id", "id", FieldKind::Id},
                                   ListField{"server_id", "server_id", FieldKind::Id},
                                   ListField{"state", "state", FieldKind::Text, Sortable::Yes, choices_of<model::ServerChangeState>},
                                   ListField{"actor", "actor"},
                                   ListField{"change_reference", "change_reference"},
                                   ListField{"announced_at", "announced_at", FieldKind::Time}};
constexpr std::array<std::string_view, 1> kChangeHandled{"server"};
constexpr std::array<std::string_view, 1> kById{"id"};
constexpr std::array<std::string_view, 3> kReservationHandled{"space", "within", "server"};
constexpr std::array<std::string_view, 2> kByAddress{"space_id", "address"};

contract::DhcpReservation reservation_answer(const service::ReservationView& view, Names& names) {
  const contract::Reservation own = convert(view.reservation);
  contract::DhcpReservation answer;
  answer.id = own.id;
  answer.server_id = to_id(view.scope.server_id);
  answer.server = names.server(view.scope.server_id);
  answer.scope_id = to_id(view.scope.id);
  answer.scope = view.scope.prefix;
  answer.space_id = to_id(view.reservation.space_id);
  answer.space = names.space(view.reservation.space_id);
  answer.address = own.address;
  answer.identifier_type = own.identifier_type;
  answer.identifier = own.identifier;
  answer.hostname = own.hostname;
  answer.delegated_length = view.reservation.delegated_length;
  return answer;
}

Result<Reply> reservation_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kReservationFields, kReservationHandled, kByAddress));
  IPAM_TRY(add_space_filter(list, services, call));
  if (const auto within = call.query().find("within")) {
    const auto prefix = ip::Prefix::parse(*within);
    if (!prefix.ok()) return Error::field("/within", prefix.error().message);
    service::add_within(list.query.where, "address", service::Place::Address, *prefix);
  }
  if (const auto name = call.query().find("server")) {
    const auto server = IPAM_TRY(services.inventory.find_server(call.principal, std::string(*name)));
    list.query.where.push_back(service::DhcpView::of_server(server.id));
  }
  const auto page = IPAM_TRY(services.dhcp.list_all_reservations(call.principal, list.query));
  Names names(services, call.principal);
  auto answer = to_list<contract::DhcpReservation>(page, [&](const service::ReservationView& view) { return reservation_answer(view, names); });
  if (list.count_exact) answer.total = IPAM_TRY(services.dhcp.count_all_reservations(call.principal, list.query.where));
  return Reply::json(answer);
}

Result<Reply> one_reservation(Services& services, const Call& call) {
  const auto id = IPAM_TRY(call.id<model::DhcpReservation>());
  const auto view = IPAM_TRY(services.dhcp.get_reservation(call.principal, id));
  Names names(services, call.principal);
  Reply reply = Reply::json(reservation_answer(view, names));
  return reply.with_revision(view.reservation.revision);
}

Result<Reply> change_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kChangeFields, kChangeHandled, kById));
  IPAM_TRY(add_server_filter(list, services, call));
  const auto page = IPAM_TRY(services.changes.list(call.principal, list.query));
  auto answer = to_list<contract::ServerChange>(page, [](const model::ServerChange& change) { return to_answer(change); });
  if (list.count_exact) answer.total = IPAM_TRY(services.changes.count(call.principal, list.query.where));
  return Reply::json(answer);
}

Result<Reply> one_change(Services& services, const Call& call) {
  const auto id = IPAM_TRY(call.id<model::ServerChange>());
  const model::ServerChange change = IPAM_TRY(services.changes.get(call.principal, id));
  Reply reply = Reply::json(to_answer(change));
  return reply.with_revision(change.revision);
}

// Plans what an edit asks for, or carries it out. A dry run of what reaches a server is its plan.
using Edit = std::function<Result<std::vector<WantedChange>>()>;
io::Task<Result<Reply>> carry_out(Services* services, Call call, Edit make, int status) {
  IPAM_CO_TRY(auto changes, co_await services->database.run(make));
  const io::Deadline deadline = io::Deadline::after(kChangeDeadline);
  if (call.exchange && call.exchange->mode() == ledger::Exchange::Mode::DryRun) {
    IPAM_CO_TRY(const auto plans, co_await services->changes.plan(call.principal, std::move(changes), deadline));
    contract::ChangePlan answer;
    for (const service::ServerPlan& plan : plans) answer.servers.push_back(to_answer(plan));
    co_return Reply::json(answer, status);
  }
  IPAM_CO_TRY(const auto made, co_await services->changes.apply(call.principal, std::move(changes), call.change, deadline));
  contract::ChangeAnswer answer;
  for (const model::ServerChange& change : made.changes) answer.changes.push_back(to_answer(change));
  Reply reply = Reply::json(answer, status);
  if (status == 201 && !made.changes.empty()) reply.with("Location", "/api/v1/changes/" + made.changes.back().id.to_string());
  co_return reply.with_sequence(made.sequence);
}

// Who asks for a delegated prefix shall not have to guess why an address is wanted.
Result<void> check_is_of_an_address(const Call& call) {
  const auto json = json::parse(call.request.body);
  const auto* fields = json.ok() ? json->if_object() : nullptr;
  if (fields == nullptr) return {};  // which reading the body says better
  constexpr const char* kRefusal =
      "a reservation of a delegated prefix cannot be made here, only one of an address; make it on the DHCP server, and the next collection shows it";
  if (fields->contains("delegated_length")) return Error::field("/delegated_length", kRefusal);
  const auto* address = fields->if_contains("address");
  const bool is_prefix = address != nullptr && address->is_string() && address->get_string().find('/') != boost::json::string::npos;
  if (is_prefix && ip::Prefix::parse(std::string(address->get_string())).ok()) return Error::field("/address", kRefusal);
  return {};
}

io::Task<Result<Reply>> create_reservation(Services* services, Call call) {
  IPAM_CO_CHECK(check_is_of_an_address(call));
  IPAM_CO_TRY(const auto body, call.body<contract::DhcpReservationCreate>());
  service::NewReservation wanted;
  wanted.address = body.address;
  if (body.identifier_type) wanted.identifier_type = convert_enum<model::ReservationIdentifier>(*body.identifier_type);
  wanted.identifier = body.identifier;
  wanted.hostname = body.hostname.value_or("");
  wanted.server = body.server;
  Edit make = [services, principal = call.principal, wanted] { return service::ReservationEdits(services->store).add(principal, wanted); };
  co_return co_await carry_out(services, std::move(call), std::move(make), 201);
}

io::Task<Result<Reply>> update_reservation(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DhcpReservation>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_CHECK(check_is_of_an_address(call));
  IPAM_CO_TRY(const auto body, call.body<contract::DhcpReservationPatch>());
  service::ReservationPatch wanted;
  wanted.address = body.address;
  if (body.identifier_type) wanted.identifier_type = convert_enum<model::ReservationIdentifier>(*body.identifier_type);
  wanted.identifier = body.identifier;
  if (body.hostname) wanted.hostname = body.hostname->value_or("");
  Edit make = [services, principal = call.principal, id, expected, wanted] {
    return service::ReservationEdits(services->store).change(principal, id, expected, wanted);
  };
  co_return co_await carry_out(services, std::move(call), std::move(make), 200);
}

io::Task<Result<Reply>> erase_reservation(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DhcpReservation>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  Edit make = [services, principal = call.principal, id, expected] {
    return service::ReservationEdits(services->store).remove(principal, id, expected);
  };
  co_return co_await carry_out(services, std::move(call), std::move(make), 200);
}

// A record that is changed is another one, with another id: the id is its tag.
Result<void> check_record_tag(const Call& call, model::Id<model::DnsRecord> id) {
  const auto expected = IPAM_TRY(call.expected_revision());
  if (!expected || *expected == id.value) return {};
  return Error(ErrorCode::FailedPrecondition, "the record was changed since it was read; read it again and repeat the change");
}

Result<Pointer> pointer_of(const Call& call) {
  const auto value = call.query().find("ptr");
  if (!value || *value == "false") return Pointer::Leave;
  if (*value != "true") return Error::field("/ptr", "must be true or false");
  return Pointer::Keep;
}

io::Task<Result<Reply>> create_record(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::DnsRecordCreate>());
  service::NewRecord wanted;
  wanted.name = body.name;
  wanted.type = body.type;
  wanted.data = body.data;
  wanted.ttl = body.ttl;
  wanted.zone = body.zone;
  wanted.server = body.server;
  wanted.view = body.view;
  wanted.pointer = body.ptr.value_or(false) ? Pointer::Keep : Pointer::Leave;
  Edit make = [services, principal = call.principal, wanted] { return service::RecordEdits(services->store).add(principal, wanted); };
  co_return co_await carry_out(services, std::move(call), std::move(make), 201);
}

io::Task<Result<Reply>> update_record(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DnsRecord>());
  IPAM_CO_CHECK(check_record_tag(call, id));
  IPAM_CO_TRY(const auto body, call.body<contract::DnsRecordPatch>());
  service::RecordPatch wanted;
  wanted.data = body.data;
  wanted.ttl = body.ttl;
  wanted.pointer = body.ptr.value_or(false) ? Pointer::Keep : Pointer::Leave;
  Edit make = [services, principal = call.principal, id, wanted] { return service::RecordEdits(services->store).change(principal, id, wanted); };
  co_return co_await carry_out(services, std::move(call), std::move(make), 200);
}

io::Task<Result<Reply>> erase_record(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::DnsRecord>());
  IPAM_CO_CHECK(check_record_tag(call, id));
  IPAM_CO_TRY(const Pointer keep, pointer_of(call));
  Edit make = [services, principal = call.principal, id, keep] { return service::RecordEdits(services->store).remove(principal, id, keep); };
  co_return co_await carry_out(services, std::move(call), std::move(make), 200);
}

io::Task<Result<Reply>> undo_change(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::ServerChange>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  Edit make = [services, principal = call.principal, id, expected] { return services->changes.inverse_of(principal, id, expected); };
  co_return co_await carry_out(services, std::move(call), std::move(make), 200);
}

}  // namespace

void add_change_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/dhcp_reservations", [all](Call call) { return on_pool(all, reservation_page, std::move(call)); });
  routes.add("GET", "/api/v1/dhcp_reservations/{id}", [all](Call call) { return on_pool(all, one_reservation, std::move(call)); });
  routes.add(
      "POST", "/api/v1/dhcp_reservations", [all](Call call) { return create_reservation(all, std::move(call)); }, kServerWrite);
  routes.add(
      "PATCH", "/api/v1/dhcp_reservations/{id}", [all](Call call) { return update_reservation(all, std::move(call)); }, kServerWrite);
  routes.add(
      "DELETE", "/api/v1/dhcp_reservations/{id}", [all](Call call) { return erase_reservation(all, std::move(call)); }, kServerWrite);
  routes.add(
      "POST", "/api/v1/dns_records", [all](Call call) { return create_record(all, std::move(call)); }, kServerWrite);
  routes.add(
      "PATCH", "/api/v1/dns_records/{id}", [all](Call call) { return update_record(all, std::move(call)); }, kServerWrite);
  routes.add(
      "DELETE", "/api/v1/dns_records/{id}", [all](Call call) { return erase_record(all, std::move(call)); }, kServerWrite);
  routes.add("GET", "/api/v1/changes", [all](Call call) { return on_pool(all, change_page, std::move(call)); });
  routes.add("GET", "/api/v1/changes/{id}", [all](Call call) { return on_pool(all, one_change, std::move(call)); });
  routes.add(
      "POST", "/api/v1/changes/{id}:undo", [all](Call call) { return undo_change(all, std::move(call)); }, kServerWrite);
}

}  // namespace ipam::api
