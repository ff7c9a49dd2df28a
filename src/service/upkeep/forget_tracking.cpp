#include "service/upkeep/upkeep.h"
#include "store/tracking_tables.h"

namespace ipam::service {
namespace {

using model::LeaseInterval;
using model::TrackingQuery;
using store::Comparison;
using store::to_value;

constexpr std::size_t kRowsAStep = 500;

std::vector<store::Value> key_of(const LeaseInterval& row) { return {to_value(row.address), to_value(row.server_id), to_value(row.began_at)}; }
std::vector<store::Value> key_of(const TrackingQuery& row) { return {to_value(row.id)}; }

// Removes what matches, in steps that give way to people.
template <class Row>
io::Task<Result<std::uint64_t>> erase_all(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, store::Query query,
                                          io::Deadline deadline) {
  query.limit = kRowsAStep;
  for (std::uint64_t removed = 0;;) {
    const auto read = [&store, query]() -> Result<std::vector<Row>> {
      const auto reader = IPAM_TRY(store.open_reader());
      return IPAM_TRY(store::list<Row>(*reader, query)).items;
    };
    IPAM_CO_TRY(const std::vector<Row> rows, co_await database.run(read, deadline));
    if (rows.empty()) co_return removed;
    ledger::Work erase = [rows](ledger::Transaction& transaction) -> Result<void> {
      for (const Row& row : rows) transaction.erase_row<Row>(key_of(row));
      return {};
    };
    IPAM_CO_CHECK(co_await ledger.commit(ledger::Priority::Bulk, erase));
    removed += rows.size();
  }
}

}  // namespace

io::Task<Result<std::uint64_t>> Upkeep::forget_tracking(io::Deadline deadline) {
  const store::Value before = to_value(clock_.now() - options_.tracking_retention);
  store::Query ended{.where = {{"ended_at", Comparison::Less, before}}, .sort = {{"ended_at"}}};
  // Of a server that went: nobody tells any more that it ended.
  store::Query left_open{.where = {{"ended_at", Comparison::IsNull, {}}, {"expires_at", Comparison::Less, before}}};
  store::Query asked{.where = {{"at", Comparison::Less, before}}, .sort = {{"at"}}};
  IPAM_CO_TRY(const std::uint64_t intervals, co_await erase_all<LeaseInterval>(store_, ledger_, database_, std::move(ended), deadline));
  IPAM_CO_TRY(const std::uint64_t open, co_await erase_all<LeaseInterval>(store_, ledger_, database_, std::move(left_open), deadline));
  IPAM_CO_TRY(const std::uint64_t questions, co_await erase_all<TrackingQuery>(store_, ledger_, database_, std::move(asked), deadline));
  co_return intervals + open + questions;
}

}  // namespace ipam::service
