#include "service/provision/provision_service.h"

#include <fmt/format.h>

namespace ipam::service {

using model::Address;
using model::ChangeContext;

namespace {

Result<void> check(const ProvisionRequest& request) {
  if (request.allocation.count != 1) return Error::field("/count", "must be 1 where a reservation or records are made too; repeat the call");
  if (request.allocation.hold) return Error::field("/hold_seconds", "cannot be given where a reservation or records are made too");
  if (request.records && request.allocation.fields.name.empty()) return Error::field("/name", "must be given: it is the name of the records");
  return {};
}

// What is asked for of DHCP and DNS, for this address.
Result<std::vector<WantedChange>> wanted_of(store::Store& store, const Principal& principal, const ProvisionRequest& request,
                                            const Address& address) {
  std::vector<WantedChange> changes;
  if (request.reserve) {
    NewReservation reservation;
    reservation.address = address.address;
    reservation.identifier = request.reserve->to_string();
    reservation.hostname = address.name;
    reservation.server = request.dhcp_server;
    reservation.space = address.space_id.to_string();
    changes = IPAM_TRY(ReservationEdits(store).add(principal, reservation));
  }
  if (request.records) {
    NewRecord record;
    record.name = address.name;
    record.type = address.address.family() == ip::Family::V4 ? "A" : "AAAA";
    record.data = address.address.to_string();
    record.zone = request.zone;
    record.server = request.dns_server;
    record.pointer = request.pointer;
    auto records = IPAM_TRY(RecordEdits(store).add(principal, record));
    changes.insert(changes.end(), std::make_move_iterator(records.begin()), std::make_move_iterator(records.end()));
  }
  return changes;
}

Error with(Error error, const std::string& more) {
  error.message += "; " + more;
  return error;
}

}  // namespace

io::Task<Result<std::vector<WantedChange>>> ProvisionService::wanted(Principal principal, ProvisionRequest request, Address address) {
  const auto make = [this, principal, request, address] { return wanted_of(store_, principal, request, address); };
  co_return co_await database_.run(make);
}

io::Task<Result<MadeChanges>> ProvisionService::change_servers(Principal principal, ProvisionRequest request, Address address, ChangeContext context,
                                                               io::Deadline deadline) {
  IPAM_CO_TRY(auto changes, co_await wanted(principal, std::move(request), std::move(address)));
  co_return co_await changes_.apply(principal, std::move(changes), std::move(context), std::move(deadline));
}

io::Task<Result<Provisioned>> ProvisionService::provision(Principal principal, ProvisionRequest request, ChangeContext context,
                                                          io::Deadline deadline) {
  IPAM_CO_CHECK(check(request));
  if (request.reserve) {
    IPAM_CO_CHECK(authorize(principal, Operation::ChangeDhcpReservations));
    if (!request.allocation.fields.hardware_address) request.allocation.fields.hardware_address = request.reserve;
  }
  if (request.records) {
    IPAM_CO_CHECK(authorize(principal, Operation::ChangeDnsRecords));
  }
  const bool is_dry_run = ledger::Exchange::is_dry_run(context);
  AllocationRequest allocation = request.allocation;
  if (!is_dry_run) allocation.hold = kHold;
  IPAM_CO_TRY(const auto taken, co_await allocation_.allocate(principal, std::move(allocation), context));
  Provisioned done;
  done.address = taken.value.addresses.front();
  done.lease_data_as_of = taken.value.lease_data_as_of;
  done.sequence = taken.sequence;
  if (is_dry_run) {
    IPAM_CO_TRY(auto changes, co_await wanted(principal, request, done.address));
    IPAM_CO_TRY(done.plans, co_await changes_.plan(principal, std::move(changes), deadline));
    co_return done;
  }
  auto made = co_await change_servers(principal, request, done.address, context, deadline);
  if (!made.ok()) {
    Error error = std::move(made).error();
    co_return co_await give_back(principal, done.address, std::move(error), context);
  }
  done.changes = made->changes;
  std::function<Result<void>(Address&)> as_it_is = [](Address&) -> Result<void> { return {}; };
  auto confirmed = co_await allocation_.confirm(principal, done.address.id, std::nullopt, std::move(as_it_is), context);
  if (!confirmed.ok()) {
    Error error = std::move(confirmed).error();
    MadeChanges undone = std::move(made).value();
    co_return co_await take_back(principal, std::move(undone), done.address, std::move(error), context, deadline);
  }
  done.address = confirmed->value;
  done.sequence = confirmed->sequence;
  co_return done;
}

io::Task<Error> ProvisionService::give_back(Principal principal, Address address, Error error, ChangeContext context) {
  const std::string text = address.address.to_string();
  const auto freed = co_await planning_.erase<Address>(principal, address.id, std::nullopt, context, Below::Refuse, ReleaseMode::AtOnce);
  if (freed.ok()) co_return with(std::move(error), fmt::format("{} is free again", text));
  const std::string until = address.held_until ? format_time(*address.held_until) : std::string("it is freed");
  co_return with(std::move(error), fmt::format("{} is held until {} and then free", text, until));
}

io::Task<Error> ProvisionService::take_back(Principal principal, MadeChanges made, Address address, Error error, ChangeContext context,
                                            io::Deadline deadline) {
  if (!made.changes.empty()) {
    const auto last = made.changes.back().id;
    const auto find_inverse = [this, principal, last] { return changes_.inverse_of(principal, last, std::nullopt); };
    auto inverse = co_await database_.run(find_inverse);
    if (!inverse.ok()) co_return with(std::move(error), "what was made on the servers stands: " + inverse.error().message);
    std::vector<WantedChange> changes = std::move(inverse).value();
    const auto undone = co_await changes_.apply(principal, std::move(changes), context, deadline);
    if (!undone.ok()) co_return with(std::move(error), "what was made on the servers could not be taken back: " + undone.error().message);
    error = with(std::move(error), "what was made on the servers was taken back");
  }
  co_return co_await give_back(principal, address, std::move(error), context);
}

}  // namespace ipam::service
