#include "service/allocation/hold_sweeper.h"

#include "base/log.h"
#include "io/sleep.h"

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::Id;

// Freed now, or not due any more.
Result<std::uint64_t> free_due(Transaction& transaction, const std::vector<Id<model::Address>>& ids) {
  std::uint64_t freed = 0;
  for (const Id<model::Address> id : ids) {
    const auto address = IPAM_TRY(transaction.find(id));
    if (!address || !address->held_until || *address->held_until > transaction.now()) continue;
    if (address->state != model::AddressState::Held && address->state != model::AddressState::Cooling) continue;
    IPAM_TRY(transaction.erase(id));
    ++freed;
  }
  return freed;
}

}  // namespace

Result<std::vector<Id<model::Address>>> HoldSweeper::due() const {
  const auto reader = IPAM_TRY(store_.open_reader());
  store::Query query;
  query.where.push_back({"held_until", store::Comparison::LessOrEqual, store::to_value(clock_.now())});
  query.sort.push_back({"held_until"});
  query.limit = kAtOnce;
  std::vector<Id<model::Address>> ids;
  const auto page = IPAM_TRY(store::list<model::Address>(*reader, query));
  for (const model::Address& address : page.items) ids.push_back(address.id);
  return ids;
}

io::Task<Result<std::uint64_t>> HoldSweeper::sweep() {
  std::function<Result<std::vector<Id<model::Address>>>()> read = [this] { return due(); };
  auto found = co_await database_.run(read);
  if (!found.ok()) co_return std::move(found).error();
  const std::vector<Id<model::Address>> ids = std::move(found).value();
  if (ids.empty()) co_return std::uint64_t{0};
  std::function<Result<std::uint64_t>(Transaction&)> work = [ids](Transaction& transaction) { return free_due(transaction, ids); };
  model::ChangeContext context;
  context.actor = std::string(kActor);
  auto written = co_await ledger_.write<std::uint64_t>(context, ledger::Priority::Bulk, work);
  if (!written.ok()) co_return std::move(written).error();
  co_return written->value;
}

io::Task<void> HoldSweeper::run(std::stop_token stop) {
  const io::Deadline deadline = io::Deadline::never().with(stop);
  while (!stop.stop_requested()) {
    const auto swept = co_await sweep();
    if (!swept.ok() && !stop.stop_requested()) {
      log::warning("IPAM-4030 lapsed holds and cooled addresses were not freed", {{"error", swept.error().describe()}});
    }
    if (swept.ok() && *swept == kAtOnce) continue;
    (void)co_await io::sleep_for(kPeriod, deadline);
  }
}

}  // namespace ipam::service
