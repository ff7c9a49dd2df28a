#include "service/provision/provision_service.h"

#include <fmt/format.h>

namespace ipam::service {

using model::Address;
using model::ChangeContext;

namespace {

Result<void> check(const ProvisionRequest& request) {
  const AllocationRequest& allocation = request.allocation;
  if (request.reserve || request.records) {
    if (allocation.count != 1) return Error::field("/count", "must be 1 where a reservation or records are made too; repeat the call");
    if (allocation.hold) return Error::field("/hold_seconds", "cannot be given where a reservation or records are made too");
  }
  if (request.records && allocation.fields.name.empty()) return Error::field("/name", "must be given: it is the name of the records");
  if (request.checks.any() && allocation.count > ProvisionRequest::kMaxChecked) {
    return Error::field("/count", fmt::format("must be at most {} where the addresses are checked", ProvisionRequest::kMaxChecked));
  }
  if (request.checks.any() && allocation.hold) return Error::field("/hold_seconds", "cannot be given where the addresses are checked");
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
  IPAM_CO_TRY(Provisioned done, co_await take(principal, request, context, deadline));
  const bool changes_servers = request.reserve || request.records;
  if (ledger::Exchange::is_dry_run(context)) {
    if (changes_servers) {
      IPAM_CO_TRY(auto changes, co_await wanted(principal, request, done.addresses.front()));
      IPAM_CO_TRY(done.plans, co_await changes_.plan(principal, std::move(changes), deadline));
    }
    co_return done;
  }
  MadeChanges made;
  if (changes_servers) {
    auto tried = co_await change_servers(principal, request, done.addresses.front(), context, deadline);
    if (!tried.ok()) {
      Error error = std::move(tried).error();
      co_return co_await give_back(principal, done.addresses, std::move(error), context);
    }
    made = std::move(tried).value();
    done.changes = made.changes;
  }
  auto confirmed = co_await confirm_all(principal, &done, request.allocation.fields.state, context);
  if (!confirmed.ok()) {
    Error error = std::move(confirmed).error();
    co_return co_await take_back(principal, std::move(made), done.addresses, std::move(error), context, deadline);
  }
  co_return done;
}

io::Task<Result<void>> ProvisionService::confirm_all(Principal principal, Provisioned* done, model::AddressState state, ChangeContext context) {
  for (Address& address : done->addresses) {
    std::function<Result<void>(Address&)> as_asked = [state](Address& held) -> Result<void> {
      held.state = state;
      return {};
    };
    auto confirmed = co_await allocation_.confirm(principal, address.id, std::nullopt, std::move(as_asked), context);
    if (!confirmed.ok()) co_return std::move(confirmed).error();
    address = confirmed->value;
    done->sequence = confirmed->sequence;
  }
  co_return Result<void>();
}

io::Task<Error> ProvisionService::give_back(Principal principal, std::vector<Address> addresses, Error error, ChangeContext context) {
  std::vector<std::string> freed, held;
  for (const Address& address : addresses) {
    const auto erased = co_await planning_.erase<Address>(principal, address.id, std::nullopt, context, Below::Refuse, ReleaseMode::AtOnce);
    (erased.ok() ? freed : held).push_back(address.address.to_string());
  }
  if (!freed.empty()) error = with(std::move(error), fmt::format("{} {} free again", join(freed, ", "), freed.size() == 1 ? "is" : "are"));
  if (!held.empty()) {
    const auto& until = addresses.front().held_until;
    error = with(std::move(error), fmt::format("{} {} held until {} and then free", join(held, ", "), held.size() == 1 ? "is" : "are",
                                               until ? format_time(*until) : std::string("it is freed")));
  }
  co_return error;
}

io::Task<Error> ProvisionService::take_back(Principal principal, MadeChanges made, std::vector<Address> addresses, Error error, ChangeContext context,
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
  co_return co_await give_back(principal, std::move(addresses), std::move(error), context);
}

}  // namespace ipam::service
