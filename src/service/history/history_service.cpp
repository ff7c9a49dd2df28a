#include "service/history/history_service.h"

#include "service/history/undoable_types.h"
#include "service/planning/plan_steps.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::JournalRecord;
using store::Comparison;
using Undone = std::vector<UndoneChange>;
using Records = std::vector<JournalRecord>;

// Newest first.
Result<Records> read_records(store::Store& store, std::uint64_t sequence, UndoExtent extent) {
  const auto reader = IPAM_TRY(store.open_reader());
  const auto record = IPAM_TRY(store::find_where<JournalRecord>(*reader, {{"sequence", Comparison::Equal, store::to_value(sequence)}}));
  if (!record) return Error(ErrorCode::NotFound, fmt::format("there is no change with sequence {}", sequence));
  if (extent == UndoExtent::OneChange) return Records{*record};
  if (record->request_id.empty()) return Error(ErrorCode::FailedPrecondition, call(*record) + " belongs to no request; undo it alone");
  store::Query query{.where = {{"request_id", Comparison::Equal, record->request_id}, {"request_id <> ''", Comparison::Holds, {}, {}}},
                     .sort = {{"sequence", true}},
                     .limit = kMaxUndone};
  auto page = IPAM_TRY(store::list<JournalRecord>(*reader, query));
  if (!page.next_cursor.empty()) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("request {} made more than {} changes; undo them one by one, the newest first", record->request_id, kMaxUndone));
  }
  return std::move(page.items);
}

Result<void> authorize_all(const Principal& principal, const Records& records) {
  for (const JournalRecord& record : records) {
    Result<void> may_change;
    with_undoable_type(record.object_type, [&](auto type) {
      using T = typename decltype(type)::type;
      if constexpr (FieldObject<T>) {
        may_change = authorize(principal, Operation::ChangeCustomFields);
      } else {
        may_change = authorize(principal, change_operation<T>());
      }
    });
    IPAM_TRY(std::move(may_change));
  }
  for (const JournalRecord& record : records) IPAM_TRY(check_undoable(record));
  return {};
}

std::string reason_of(const Records& records, const std::string& given) {
  std::string reason = records.size() == 1 ? fmt::format("undo of {}", records.front().sequence)
                                           : fmt::format("undo of {} changes, {} to {}, of request {}", records.size(), records.back().sequence,
                                                         records.front().sequence, records.front().request_id);
  if (!given.empty()) reason += ": " + given;
  return reason;
}

}  // namespace

Result<model::Id<model::AddressSpace>> HistoryService::find_space(const Principal& principal, store::Reader& reader, const std::string& name_or_id,
                                                                  const Moment& moment) {
  auto space = planning_.find_space(principal, name_or_id);
  if (space.ok()) return space->id;
  const auto id = parse_integer<std::uint64_t>(name_or_id);
  if (space.error().code != ErrorCode::InvalidArgument || !id) return std::move(space).error();
  const auto past = IPAM_TRY(find_at(reader, model::Id<model::AddressSpace>{*id}, moment.sequence));
  if (!past) return std::move(space).error();
  return past->id;
}

io::Task<Result<ledger::Written<Undone>>> HistoryService::undo(Principal principal, std::uint64_t sequence, UndoExtent extent,
                                                               model::ChangeContext request) {
  // Whoever may change anything of the plan may ask; what exactly is needed follows from the records.
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeAddress));
  const auto read = [store = &store_, sequence, extent] { return read_records(*store, sequence, extent); };
  IPAM_CO_TRY(Records found, co_await database_.run(read));
  IPAM_CO_CHECK(authorize_all(principal, found));
  model::ChangeContext context = change_context(principal, request);
  context.reason = reason_of(found, request.reason);
  // Shared with the work, which goes on when this coroutine is cancelled.
  const auto records = std::make_shared<const Records>(std::move(found));
  std::function<Result<Undone>(Transaction&)> work = [records](Transaction& transaction) { return undo_in(transaction, *records); };
  auto written = co_await ledger_.write<Undone>(context, ledger::Priority::Interactive, work);
  planning_.forget_spaces();
  planning_.fields().forget({});
  co_return written;
}

}  // namespace ipam::service
