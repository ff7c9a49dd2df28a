#include "service/provision/reclaim.h"

#include "service/change/record_edits.h"
#include "service/change/reservation_edits.h"
#include "service/planning/claims.h"
#include "service/zones/zone_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Address;
using model::ChangeContext;
using model::Id;
using store::Comparison;

Result<void> check(const ReclaimRequest& request) {
  const std::size_t most = request.on_servers == OnServers::Remove ? ReclaimRequest::kMaxWithServers : ReclaimRequest::kMaxAddresses;
  if (request.addresses.empty() || request.addresses.size() > most) {
    return Error::field("/addresses", fmt::format("must name 1 to {} addresses", most));
  }
  std::set<std::uint64_t> ids;
  for (const Id<Address> id : request.addresses) {
    if (!ids.insert(id.value).second) return Error::field("/addresses", fmt::format("names {} twice", id.to_string()));
  }
  return {};
}

// The reservations and the A and AAAA records of an address.
class OnTheServers {
 public:
  OnTheServers(store::Store& store, store::Reader& reader, const Principal& principal) : store_(store), reader_(reader), principal_(principal) {}

  Result<void> add(const Address& address, std::vector<WantedChange>* changes, std::vector<LeftOnServer>& left) {
    for (const model::DhcpReservation& reservation : IPAM_TRY(reservations_on(reader_, address.space_id, address.address))) {
      const std::string text = "reservation of " + to_hex(reservation.identifier, ':');
      if (changes == nullptr) {
        left.push_back({address.address, text});
      } else {
        append(*changes, IPAM_TRY(ReservationEdits(store_).remove(principal_, reservation.id, std::nullopt)));
      }
    }
    std::vector<model::DnsRecord> records;
    IPAM_TRY(store::for_each<model::DnsRecord>(reader_, {.where = {{"address", Comparison::Equal, store::to_value(address.address)}, is_shown()}},
                                               [&](model::DnsRecord record) -> Result<bool> {
                                                 records.push_back(std::move(record));
                                                 return true;
                                               }));
    // A secondary follows its primary, where that is managed.
    std::set<std::string> removed;
    std::vector<std::string> followers;
    for (const model::DnsRecord& record : records) {
      const auto zone = IPAM_TRY(store::find(reader_, record.zone_id));
      const std::string text = fmt::format("{} {} {}", record.type, record.name, record.data);
      if (changes == nullptr || !zone || zone->kind != model::ZoneKind::Primary) {
        followers.push_back(text);
        continue;
      }
      removed.insert(text);
      append(*changes, IPAM_TRY(RecordEdits(store_).remove(principal_, record.id, Pointer::Leave)));
    }
    for (const std::string& text : followers) {
      if (removed.insert(text).second) left.push_back({address.address, text});
    }
    return {};
  }

 private:
  static void append(std::vector<WantedChange>& changes, std::vector<WantedChange> more) {
    for (WantedChange& each : more) {
      if (!joins(changes, each)) changes.push_back(std::move(each));
    }
  }

  // Two records that go from one set are one change of the set.
  static bool joins(std::vector<WantedChange>& changes, const WantedChange& more) {
    const auto* set = std::get_if<driver::RecordSetChange>(&more.change);
    if (set == nullptr) return false;
    for (WantedChange& known : changes) {
      auto* same = std::get_if<driver::RecordSetChange>(&known.change);
      if (same == nullptr || known.server.id != more.server.id || same->zone != set->zone || same->view != set->view || same->name != set->name ||
          same->type != set->type) {
        continue;
      }
      const auto stays = [&](const driver::ObservedRecord& record) {
        return std::any_of(set->after.begin(), set->after.end(), [&](const auto& each) { return each.data == record.data; });
      };
      same->after.erase(std::remove_if(same->after.begin(), same->after.end(), [&](const auto& record) { return !stays(record); }),
                        same->after.end());
      return true;
    }
    return false;
  }

  store::Store& store_;
  store::Reader& reader_;
  const Principal& principal_;
};

// The addresses go; the ranges of Cadastre's own that they lay in keep when.
Result<void> release_all(Transaction& transaction, const std::vector<Id<Address>>& ids, const Release& release) {
  std::set<std::uint64_t> ranges;
  for (const Id<Address> id : ids) {
    const Address address = IPAM_TRY(transaction.get(id));
    for (const occupancy::RangeEntry& entry : IPAM_TRY(transaction.space(address.space_id))->ranges_containing(address.address)) {
      ranges.insert(entry.id);
    }
    IPAM_TRY(release_in(transaction, id, std::nullopt, release));
  }
  for (const std::uint64_t id : ranges) {
    // The index knows ranges, DHCP pools and parts of ranges alike.
    auto range = IPAM_TRY(transaction.find(Id<model::Range>{id}));
    if (!range) continue;
    range->reclaimed_at = transaction.now();
    IPAM_TRY(transaction.update(*std::move(range)));
  }
  return {};
}

}  // namespace

Result<ReclaimService::Found> ReclaimService::look(const Principal& principal, const ReclaimRequest& request) {
  const auto reader = IPAM_TRY(store_.open_reader());
  Found found;
  OnTheServers servers(store_, *reader, principal);
  for (const Id<Address> id : request.addresses) {
    auto address = IPAM_TRY(store::find(*reader, id));
    if (!address) return Error::field("/addresses", "there is no address with id " + id.to_string());
    IPAM_TRY(servers.add(*address, request.on_servers == OnServers::Remove ? &found.changes : nullptr, found.left));
    found.addresses.push_back(*std::move(address));
  }
  return found;
}

io::Task<Result<Reclaimed>> ReclaimService::reclaim(Principal principal, ReclaimRequest request, ChangeContext context, io::Deadline deadline) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeAddress));
  IPAM_CO_CHECK(check(request));
  const auto read = [this, principal, request] { return look(principal, request); };
  IPAM_CO_TRY(Found found, co_await database_.run(read));
  Reclaimed done;
  done.addresses = std::move(found.addresses);
  done.left = std::move(found.left);
  const Release release{planning_.release().cooldown, request.mode};
  ledger::Work work = [ids = request.addresses, release](Transaction& transaction) { return release_all(transaction, ids, release); };
  const ChangeContext why = change_context(principal, context);
  if (!found.changes.empty() && ledger::Exchange::is_dry_run(context)) {
    IPAM_CO_TRY(done.plans, co_await changes_.plan(principal, std::move(found.changes), deadline));
  } else if (!found.changes.empty()) {
    ChangeContext trial = why;
    trial.exchange = std::make_shared<ledger::Exchange>(ledger::Exchange::Mode::DryRun);
    ledger::Work same_work = work;  // it is taken out of its variable
    const auto would = co_await ledger_.commit(trial, ledger::Priority::Interactive, same_work);
    if (!would.ok()) co_return would.error();
    IPAM_CO_TRY(MadeChanges made, co_await changes_.apply(principal, std::move(found.changes), context, deadline));
    done.changes = std::move(made.changes);
  }
  const auto receipt = co_await ledger_.commit(why, ledger::Priority::Interactive, work);
  if (!receipt.ok()) {
    Error error = receipt.error();
    if (!done.changes.empty()) {
      error.message += fmt::format("; what stood on the servers is removed there (change {}, which `ipam change undo` takes back)",
                                   done.changes.back().id.to_string());
    }
    co_return error;
  }
  done.sequence = receipt->sequence;
  co_return done;
}

}  // namespace ipam::service
