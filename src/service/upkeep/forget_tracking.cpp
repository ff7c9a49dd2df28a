#include "ledger/erase_rows.h"
#include "service/upkeep/upkeep.h"
#include "store/tracking_tables.h"

namespace ipam::service {

using model::LeaseInterval;
using model::TrackingQuery;
using store::Comparison;

io::Task<Result<std::uint64_t>> Upkeep::forget_tracking(io::Deadline deadline) {
  const store::Value before = store::to_value(clock_.now() - options_.tracking_retention);
  const store::Query ended{.where = {{"ended_at", Comparison::Less, before}}, .sort = {{"ended_at"}}};
  // Of a server that went: nobody tells any more that it ended.
  const store::Query left_open{.where = {{"ended_at", Comparison::IsNull, {}}, {"expires_at", Comparison::Less, before}}};
  const store::Query asked{.where = {{"at", Comparison::Less, before}}, .sort = {{"at"}}};
  IPAM_CO_TRY(const std::uint64_t intervals, co_await ledger::erase_rows<LeaseInterval>(store_, ledger_, database_, ended, deadline));
  IPAM_CO_TRY(const std::uint64_t open, co_await ledger::erase_rows<LeaseInterval>(store_, ledger_, database_, left_open, deadline));
  IPAM_CO_TRY(const std::uint64_t questions, co_await ledger::erase_rows<TrackingQuery>(store_, ledger_, database_, asked, deadline));
  co_return intervals + open + questions;
}

}  // namespace ipam::service
