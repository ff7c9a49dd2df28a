#include "api/fields.h"
#include "api/operations.h"

#include <array>

namespace ipam::api {
namespace {

constexpr std::array kOperationFields{ListField{"id", "id", FieldKind::Id},
                                      ListField{"kind", "kind"},
                                      ListField{"subject", "subject"},
                                      ListField{"actor", "actor"},
                                      ListField{"state", "state", FieldKind::Text, Sortable::Yes, choices_of<model::OperationState>},
                                      ListField{"node", "node"},
                                      ListField{"request_id", "request_id"},
                                      ListField{"started_at", "started_at", FieldKind::Time},
                                      ListField{"ended_at", "ended_at", FieldKind::Time, Sortable::No}};

Result<Reply> operation_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kOperationFields, {}));
  // The newest first: what a person looks for.
  if (list.query.sort.empty()) list.query.sort.push_back({"id", true});
  const auto page = IPAM_TRY(services.operations.list(call.principal, list.query));
  auto answer = to_list<contract::Operation>(page, [](const model::Operation& operation) { return convert(operation, {}); });
  IPAM_TRY(add_total<model::Operation>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_operation(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::Operation>());
  IPAM_CO_TRY(const auto view, services->operations.get(call.principal, id));
  co_return Reply::json(convert(view.operation, view.parts));
}

io::Task<Result<Reply>> cancel_operation(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::Operation>());
  IPAM_CO_TRY(const auto view, services->operations.cancel(call.principal, id));
  co_return Reply::json(convert(view.operation, view.parts), 202);
}

using CollectorJob = io::Task<Result<std::string>> (service::Collector::*)(model::ManagedServer, std::string, io::Deadline);

struct CollectionPart {
  std::string name;
  CollectorJob job;
};

// What there is to read of a server: what its scheduled tasks read one after the other.
std::vector<CollectionPart> parts_of(model::Product product) {
  switch (product) {
    case model::Product::Kea:
      return {{"configuration", &service::Collector::collect_configuration}, {"leases", &service::Collector::collect_utilization}};
    case model::Product::Bind9:
    case model::Product::WindowsDns: return {{"zones and records", &service::Collector::collect_zones}};
  }
  return {};
}

io::Task<Result<std::string>> collect_job(Services* services, model::ManagedServer server, std::string actor, service::OperationProgress progress) {
  constexpr Duration kPartDeadline = std::chrono::minutes(10);
  const std::vector<CollectionPart> parts = parts_of(server.product);
  std::size_t done = 0;
  std::string figures;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (progress.cancelled()) co_return Error(ErrorCode::Cancelled, "cancelled");
    const auto number = static_cast<std::uint32_t>(i + 1);
    progress.begin_part(number);
    const CollectorJob job = parts[i].job;
    const auto outcome = co_await (services->collector.*job)(server, actor, progress.deadline().at_most(kPartDeadline));
    if (outcome.ok()) {
      ++done;
      figures += (figures.empty() ? "" : "; ") + *outcome;
    }
    co_await progress.end_part(number, outcome);
  }
  co_return done == 0 ? std::string("nothing could be read") : figures;
}

// Everything of a server, now.
io::Task<Result<Reply>> collect_server(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::ManagedServer>());
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ChangeServers));
  IPAM_CO_TRY(const auto server, services->inventory.get_server(call.principal, id));
  service::OperationPlan plan{"server_collection", server.name, {}};
  for (CollectionPart& part : parts_of(server.product)) plan.parts.push_back(std::move(part.name));
  const std::string actor = call.principal.user_name;
  const service::OperationRunner::Job job = [services, server, actor](service::OperationProgress progress) {
    return collect_job(services, server, actor, std::move(progress));
  };
  IPAM_CO_TRY(const auto operation, co_await services->operations.begin(call.principal, plan, call.change, job));
  co_return accepted(operation);
}

}  // namespace

contract::Operation convert(const model::Operation& operation, const std::vector<model::OperationPart>& parts) {
  contract::Operation answer;
  answer.id = to_id(operation.id);
  answer.kind = operation.kind;
  answer.subject = operation.subject;
  answer.actor = operation.actor;
  answer.request_id = operation.request_id;
  answer.node = operation.node;
  answer.state = convert_enum<contract::OperationState>(operation.state);
  answer.percent = operation.percent;
  answer.message = operation.message;
  if (!operation.result.empty()) answer.result.text = operation.result;
  answer.started_at = operation.started_at;
  answer.ended_at = operation.ended_at;
  for (const model::OperationPart& part : parts) {
    answer.parts.push_back(
        {part.number, part.name, convert_enum<contract::OperationState>(part.state), part.message, part.started_at, part.ended_at});
  }
  return answer;
}

Reply accepted(const model::Operation& operation) {
  Reply reply = Reply::json(convert(operation, {}), 202);
  reply.with("Location", "/api/v1/operations/" + operation.id.to_string());
  return reply;
}

bool wants_operation(const Call& call) {
  const auto preferred = call.request.headers.find("Prefer");
  return preferred && to_lower(*preferred).find("respond-async") != std::string::npos;
}

void add_operation_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/operations", [all](Call call) { return on_pool(all, operation_page, std::move(call)); });
  routes.add("GET", "/api/v1/operations/{id}", [all](Call call) { return get_operation(all, std::move(call)); });
  routes.add("POST", "/api/v1/operations/{id}:cancel", [all](Call call) { return cancel_operation(all, std::move(call)); });
  routes.add("POST", "/api/v1/servers/{id}:collect", [all](Call call) { return collect_server(all, std::move(call)); });
}

}  // namespace ipam::api
