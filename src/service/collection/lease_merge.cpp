#include "service/collection/lease_merge.h"

#include "store/tracking_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ipam::service {
namespace {

using model::Lease;
using store::Comparison;

bool same_facts(const Lease& a, const Lease& b) {
  Lease copy = b;
  copy.seen_at = a.seen_at;
  return a == copy;
}

Result<std::vector<Lease>> read_stored(store::Store& store, model::Id<model::ManagedServer> server, std::optional<ip::Address> after,
                                       std::optional<ip::Address> last) {
  const auto reader = IPAM_TRY(store.open_reader());
  store::Query query{.where = {{"server_id", Comparison::Equal, store::to_value(server)}}, .sort = {{.column = "address"}}};
  if (after) query.where.push_back({"address", Comparison::Greater, store::to_value(*after)});
  if (last) query.where.push_back({"address", Comparison::LessOrEqual, store::to_value(*last)});
  std::vector<Lease> leases;
  IPAM_TRY(store::for_each<Lease>(*reader, std::move(query), [&](Lease lease) -> Result<bool> {
    leases.push_back(std::move(lease));
    return true;
  }));
  return leases;
}

const ip::Address& address_of(const LeaseStep& step) { return step.after ? step.after->address : step.before->address; }

// The newest interval of each address of these steps, of those that have one.
Result<std::map<ip::Address, model::LeaseInterval>> newest_intervals(store::Reader& reader, model::Id<model::ManagedServer> server,
                                                                     const std::vector<LeaseStep>& steps) {
  store::Condition among{"address", Comparison::In, {}};
  for (const LeaseStep& step : steps) among.values.push_back(store::to_value(address_of(step)));
  constexpr std::string_view kNewest =
      "began_at = (SELECT max(other.began_at) FROM lease_interval AS other WHERE other.address = lease_interval.address AND other.server_id = "
      "lease_interval.server_id)";
  store::Query query{
      .where = {std::move(among), {"server_id", Comparison::Equal, store::to_value(server)}, {std::string(kNewest), Comparison::Holds, {}}}};
  std::map<ip::Address, model::LeaseInterval> newest;
  IPAM_TRY(store::for_each<model::LeaseInterval>(reader, std::move(query), [&](model::LeaseInterval interval) -> Result<bool> {
    const ip::Address address = interval.address;
    newest.insert_or_assign(address, std::move(interval));
    return true;
  }));
  return newest;
}

}  // namespace

Lease LeaseMerge::to_lease(const driver::ObservedLease& observed, Time now) const {
  Lease lease;
  lease.server_id = server_.id;
  lease.address = observed.address;
  lease.space_id = server_.space_id;
  lease.scope_key = observed.scope_key;
  lease.state = observed.state;
  lease.hardware_address = observed.hardware_address;
  lease.client_id = observed.client_id;
  lease.hostname = observed.hostname;
  lease.starts_at = observed.starts_at;
  lease.expires_at = observed.expires_at;
  lease.seen_at = now;
  lease.iaid = observed.iaid;
  lease.delegated_length = observed.delegated_length;
  return lease;
}

io::Task<Result<std::vector<Lease>>> LeaseMerge::stored_until(std::optional<ip::Address> last) {
  store::Store& store = store_;
  const auto server = server_.id;
  const auto after = compared_;
  const auto read = [&store, server, after, last] { return read_stored(store, server, after, last); };
  co_return co_await database_.run(read);
}

io::Task<Result<void>> LeaseMerge::accept(std::vector<driver::ObservedLease> chunk) {
  if (chunk.empty()) co_return Result<void>();
  const ip::Address last = chunk.back().address;
  IPAM_CO_TRY(std::vector<Lease> stored, co_await stored_until(last));
  const Time now = clock_.now();
  std::vector<LeaseStep> changes;
  std::size_t at = 0;
  for (const driver::ObservedLease& observed : chunk) {
    for (; at < stored.size() && stored[at].address < observed.address; ++at) absent_.push_back(std::move(stored[at]));
    Lease lease = to_lease(observed, now);
    if (at < stored.size() && stored[at].address == observed.address) {
      if (!same_facts(stored[at], lease)) changes.push_back({std::move(stored[at]), std::move(lease)});
      ++at;
    } else {
      changes.push_back({std::nullopt, std::move(lease)});
    }
  }
  for (; at < stored.size(); ++at) absent_.push_back(std::move(stored[at]));
  counts_.seen += chunk.size();
  compared_ = last;
  co_return co_await write(std::move(changes));
}

io::Task<Result<void>> LeaseMerge::finish() {
  IPAM_CO_TRY(std::vector<Lease> rest, co_await stored_until(std::nullopt));
  std::vector<LeaseStep> changes;
  for (auto* leases : {&absent_, &rest}) {
    for (Lease& lease : *leases) changes.push_back({std::move(lease), std::nullopt});
    leases->clear();
  }
  co_return co_await write(std::move(changes));
}

io::Task<Result<void>> LeaseMerge::write(std::vector<LeaseStep> steps) {
  const Time now = clock_.now();
  for (std::size_t first = 0; first < steps.size(); first += kChunk) {
    const auto begin = steps.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = steps.begin() + static_cast<std::ptrdiff_t>(std::min(first + kChunk, steps.size()));
    const std::vector<LeaseStep> part(begin, end);
    ledger::Work work = [part, server = server_.id, now](ledger::Transaction& transaction) -> Result<void> {
      const auto managed = IPAM_TRY(transaction.get(server));  // leases of a server that was removed meanwhile would stay for ever
      const auto newest = IPAM_TRY(newest_intervals(transaction.committed(), server, part));
      for (const LeaseStep& step : part) {
        if (step.after) {
          transaction.put_lease(step.before, *step.after);
        } else {
          transaction.erase_lease(*step.before);
        }
        const auto known = newest.find(address_of(step));
        const auto interval = known == newest.end() ? std::nullopt : std::optional(known->second);
        for (const model::LeaseInterval& each : intervals_of(interval, step, managed.name, now)) transaction.put_row(each);
      }
      return {};
    };
    IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, work));
    for (const LeaseStep& step : part) ++(step.after ? (step.before ? counts_.changed : counts_.added) : counts_.removed);
  }
  co_return Result<void>();
}

}  // namespace ipam::service
