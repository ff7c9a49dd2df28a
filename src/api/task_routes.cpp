#include "api/fields.h"

#include <array>

namespace ipam::api {
namespace {

constexpr std::array kChangeFields{ListField{"sequence", "sequence", FieldKind::Integer},
                                   ListField{"at", "at", FieldKind::Time},
                                   ListField{"actor", "actor"},
                                   ListField{"kind", "kind", FieldKind::Text, Sortable::Yes, choices_of<model::ChangeKind>},
                                   ListField{"object_type", "object_type"},
                                   ListField{"object_id", "object_id", FieldKind::Id},
                                   ListField{"object_name", "object_name"},
                                   ListField{"request_id", "request_id"},
                                   ListField{"change_reference", "change_reference"}};

io::Task<Result<Reply>> list_tasks(Services* services, Call call) {
  IPAM_CO_TRY(const auto views, services->scheduler.list(call.principal));
  contract::List<contract::Task> answer;
  for (const tasks::TaskView& view : views) answer.items.push_back(convert(view));
  co_return Reply::json(answer);
}

io::Task<Result<Reply>> get_task(Services* services, Call call) {
  IPAM_CO_TRY(const auto view, services->scheduler.get(call.principal, call.path("name")));
  co_return Reply::json(convert(view));
}

io::Task<Result<Reply>> change_task(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::TaskPatch>());
  std::optional<Duration> period;
  if (body.period_seconds) {
    // Bounded before it is multiplied; the scheduler says what is allowed.
    period = std::chrono::seconds(std::clamp<std::int64_t>(*body.period_seconds, -1, 1'000'000'000));
  }
  IPAM_CO_TRY(const auto changed, co_await services->scheduler.change(call.principal, call.path("name"), period, body.enabled));
  Reply reply = Reply::json(convert(changed.value));
  co_return reply.with_sequence(changed.sequence);
}

io::Task<Result<Reply>> run_task(Services* services, Call call) {
  IPAM_CO_TRY(const auto ticket, services->scheduler.run_now(call.principal, call.path("name")));
  Reply reply = Reply::json(contract::TaskRunAnswer{ticket.name, ticket.run, ticket.already_running}, 202);
  co_return reply.with("Location", "/api/v1/tasks/" + ticket.name);
}

Result<Reply> journal_page(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ReadJournal));
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kChangeFields, {}));
  const auto reader = IPAM_TRY(services.store.open_reader());
  const auto page = IPAM_TRY(store::list<model::JournalRecord>(*reader, list.query));
  auto answer = to_list<contract::Change>(page, [](const model::JournalRecord& record) { return convert(record); });
  if (list.count_exact) answer.total = IPAM_TRY(store::count(*reader, store::table<model::JournalRecord>(), list.query.where));
  return Reply::json(answer);
}

}  // namespace

void add_task_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/tasks", [all](Call call) { return list_tasks(all, std::move(call)); });
  routes.add("GET", "/api/v1/tasks/{name}", [all](Call call) { return get_task(all, std::move(call)); });
  routes.add("PATCH", "/api/v1/tasks/{name}", [all](Call call) { return change_task(all, std::move(call)); });
  routes.add("POST", "/api/v1/tasks/{name}:run", [all](Call call) { return run_task(all, std::move(call)); });
  routes.add("GET", "/api/v1/journal", [all](Call call) { return on_pool(all, journal_page, std::move(call)); });
}

}  // namespace ipam::api
