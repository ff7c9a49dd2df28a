#include "api/history_routes.h"

#include "api/convert.h"
#include "contract/history.h"
#include "service/history/history_service.h"

namespace ipam::api {
namespace {

Result<service::UndoExtent> extent_of(const Call& call) {
  const auto text = call.query().find("whole_request");
  if (!text || *text == "false") return service::UndoExtent::OneChange;
  if (*text != "true") return Error::field("/whole_request", "must be true or false");
  return service::UndoExtent::WholeRequest;
}

io::Task<Result<Reply>> undo(Services* services, Call call) {
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ChangeAddress));
  IPAM_CO_TRY(const auto extent, extent_of(call));
  // What is no number names no change, as 0 does.
  const std::uint64_t sequence = parse_integer<std::uint64_t>(call.path("sequence")).value_or(0);
  service::HistoryService history(services->store, services->ledger, services->planning, services->database);
  IPAM_CO_TRY(const auto written, co_await history.undo(call.principal, sequence, extent, call.change));
  contract::UndoAnswer answer;
  for (const service::UndoneChange& undone : written.value) {
    answer.undone.push_back(
        {undone.sequence, convert_enum<contract::ChangeKind>(undone.kind), undone.object_type, {undone.object_id}, undone.object_name});
  }
  Reply reply = Reply::json(answer);
  co_return reply.with_sequence(written.sequence);
}

}  // namespace

void add_history_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add(
      "POST", "/api/v1/journal/{sequence}:undo", [all](Call call) { return undo(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace ipam::api
