#include "api/operations.h"
#include "api/plan_resources.h"
#include "contract/exchange.h"
#include "service/planning/plan_batch.h"

#include <fmt/format.h>

namespace ipam::api {
namespace {

using contract::BatchOperation;
using contract::BatchVerb;
using service::BatchItem;
using service::BatchMode;
using service::PlanBatch;

// 10 000 operations of 800 bytes. What they become in memory is some times as much, hence few at once.
constexpr RouteOptions kBatchWrite{.dry_run = DryRun::ByLedger, .body_bytes = std::uint64_t{8} << 20U, .at_once = 2};

// The operations as they came: read one by one, so that a body of a million empty ones costs no million structs.
struct BatchBody {
  BatchMode mode = BatchMode::Each;
  std::vector<Result<BatchOperation>> operations;
};

Result<BatchBody> read_body(const Call& call) {
  const auto json = IPAM_TRY(json::parse(call.request.body));
  const auto* object = json.if_object();
  const auto* operations = object != nullptr ? object->if_contains("operations") : nullptr;
  if (operations == nullptr || !operations->is_array()) return Error::field("/operations", "must be an array of operations");
  const auto& items = operations->get_array();
  if (items.size() > PlanBatch::kMaxItems) return Error::field("/operations", fmt::format("a batch has at most {} operations", PlanBatch::kMaxItems));
  BatchBody body;
  for (const auto& [name, value] : *object) {
    if (name == "operations") continue;
    if (name != "atomic") return Error::field("/" + std::string(name), "is not a field known here");
    if (!value.is_bool() && !value.is_null()) return Error::field("/atomic", "must be true or false");
    if (value.is_bool() && value.get_bool()) body.mode = BatchMode::Atomic;
  }
  body.operations.reserve(items.size());
  for (const auto& item : items) body.operations.push_back(json::read_value<BatchOperation>(item));
  return body;
}

Result<std::optional<std::uint64_t>> expected_revision(const BatchOperation& operation) {
  if (!operation.if_match || *operation.if_match == "*") return std::optional<std::uint64_t>{};
  std::string_view text = *operation.if_match;
  if (text.size() > 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  const auto revision = parse_integer<std::uint64_t>(text);
  if (!revision) return Error(ErrorCode::InvalidArgument, "if_match must be an ETag as this server gave it");
  return std::optional(*revision);
}

template <Planned T>
Result<BatchItem> to_item(Services& services, const Call& call, const BatchOperation& operation) {
  using R = Resource<T>;
  if (operation.operation == BatchVerb::Create) {
    if (operation.id || operation.if_match) return Error(ErrorCode::InvalidArgument, "a create takes neither id nor if_match");
    if (!operation.body) return Error(ErrorCode::InvalidArgument, "a create needs a body");
    const auto body = IPAM_TRY(json::read<typename R::Create>(operation.body->text));
    std::optional<model::Id<model::Range>> range;
    if constexpr (std::is_same_v<T, model::Address>) {
      if (body.range_id) range = from_id<model::Range>(*body.range_id);
    }
    return service::creation<T>(call.principal, IPAM_TRY(R::make(services, call, body)), range);
  }
  if (!operation.id) return Error(ErrorCode::InvalidArgument, "an update or delete needs the id of its object");
  const auto id = from_id<T>(*operation.id);
  const auto expected = IPAM_TRY(expected_revision(operation));
  if (operation.operation == BatchVerb::Delete) {
    if (operation.body) return Error(ErrorCode::InvalidArgument, "a delete takes no body");
    return service::removal<T>(call.principal, id, expected, services.planning.release());
  }
  if (!operation.body) return Error(ErrorCode::InvalidArgument, "an update needs a body");
  const auto body = IPAM_TRY(json::read<typename R::Patch>(operation.body->text));
  return service::change<T>(call.principal, id, expected, IPAM_TRY(R::change(services, call, body)));
}

using PlannedTypes = boost::mp11::mp_list<model::AddressSpace, model::Block, model::Subnet, model::Range, model::Address>;

// "/api/v1/subnets" → "subnets".
template <Planned T>
std::string_view collection_of() {
  return Resource<T>::kPath.substr(Resource<T>::kPath.rfind('/') + 1);
}

Result<BatchItem> to_item(Services& services, const Call& call, std::string_view collection, const BatchOperation& operation) {
  if (collection.empty() != operation.collection.has_value()) {
    return Error(ErrorCode::InvalidArgument, collection.empty() ? "name the collection of each operation, such as subnets"
                                                                : "the collection is named by the path, not by the operation");
  }
  const std::string_view name = collection.empty() ? std::string_view(*operation.collection) : collection;
  Result<BatchItem> item = Error(ErrorCode::InvalidArgument, fmt::format("there is no collection '{}' to change in a batch", shorten(name, 40)));
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, PlannedTypes>>([&](auto type) {
    using T = typename decltype(type)::type;
    if (collection_of<T>() == name) item = to_item<T>(services, call, operation);
  });
  return item;
}

std::vector<Result<BatchItem>> to_items(Services& services, const Call& call, std::string_view collection, const BatchBody& body) {
  std::vector<Result<BatchItem>> items;
  items.reserve(body.operations.size());
  for (const auto& operation : body.operations) {
    items.push_back(operation.ok() ? to_item(services, call, collection, *operation) : Result<BatchItem>(operation.error()));
  }
  return items;
}

contract::Problem to_problem(const Error& error, const std::string& request_id) {
  const bool internal = error.code == ErrorCode::Internal;
  contract::Problem problem;
  problem.type = "about:blank";
  problem.status = error_code_row(error.code).http_status;
  problem.title = wire::http1::reason_phrase(problem.status);
  problem.code = error_code_row(error.code).name;
  problem.detail = internal ? "internal error; the server's log has it under the request id" : error.message;
  for (const FieldError& field : error.fields) problem.errors.push_back({field.pointer, field.message});
  problem.request_id = request_id;
  return problem;
}

contract::BatchAnswer to_answer(Services& services, const Call& call, const std::vector<BatchVerb>& verbs, const service::BatchOutcome& outcome) {
  Names names(services, call.principal);
  contract::BatchAnswer answer;
  answer.sequence = outcome.sequence;
  for (std::size_t i = 0; i < outcome.items.size(); ++i) {
    const service::BatchItemOutcome& item = outcome.items[i];
    contract::BatchResult result;
    if (item.error) {
      result.problem = to_problem(*item.error, call.change.request_id);
      result.status = result.problem->status;
    } else if (item.object) {
      result.status = i < verbs.size() && verbs[i] == BatchVerb::Create ? 201 : 200;
      std::visit(
          [&](const auto& object) {
            using T = std::remove_cvref_t<decltype(object)>;
            if constexpr (Planned<T>) {
              result.id = to_id(object.id);
              result.object.text = object_text(services, names, object);
            }
          },
          *item.object);
    } else {
      result.status = 204;
    }
    ++(item.error ? answer.failed : answer.succeeded);
    answer.results.push_back(std::move(result));
  }
  return answer;
}

std::vector<BatchVerb> verbs_of(const BatchBody& body) {
  std::vector<BatchVerb> verbs;
  for (const auto& operation : body.operations) verbs.push_back(operation.ok() ? operation->operation : BatchVerb::Update);
  return verbs;
}

io::Task<Result<std::string>> run_job(Services* services, std::shared_ptr<const Call> call, std::shared_ptr<std::vector<Result<BatchItem>>> items,
                                      std::vector<BatchVerb> verbs, std::size_t total, service::OperationProgress progress) {
  PlanBatch batch(services->ledger, services->planning);
  const model::ChangeContext context = service::change_context(call->principal, call->change);
  std::function<void(std::size_t)> on_progress = [&progress, total](std::size_t done) {
    progress.set_percent(static_cast<int>(100 * done / std::max<std::size_t>(total, 1)));
  };
  IPAM_CO_TRY(const auto outcome,
              co_await batch.run(std::move(*items), BatchMode::Each, context, std::move(on_progress), progress.deadline().token()));
  const contract::BatchAnswer answer = to_answer(*services, *call, verbs, outcome);
  progress.set_result(json::write(answer));
  if (answer.succeeded == 0 && answer.failed > 0) co_return Error(ErrorCode::FailedPrecondition, fmt::format("all {} operations failed", total));
  co_return fmt::format("{} operations succeeded, {} failed", answer.succeeded, answer.failed);
}

// Prefer: respond-async (RFC 7240, section 4.1): the batch goes on as an operation, whose result is the BatchAnswer.
io::Task<Result<Reply>> run_later(Services* services, std::shared_ptr<const Call> call, std::vector<Result<BatchItem>> items,
                                  std::vector<BatchVerb> verbs) {
  const std::size_t total = items.size();
  const service::OperationPlan plan{"batch", fmt::format("{} operations", total), {}};
  auto kept = std::make_shared<std::vector<Result<BatchItem>>>(std::move(items));  // shared with the job, which std::function must be able to copy
  const service::OperationRunner::Job job = [services, call, kept, verbs, total](service::OperationProgress progress) {
    return run_job(services, call, kept, verbs, total, progress);
  };
  IPAM_CO_TRY(const auto operation, co_await services->operations.begin(call->principal, plan, call->change, job));
  co_return accepted(operation);
}

io::Task<Result<Reply>> run_batch(Services* services, std::string collection, Call arrived) {
  IPAM_CO_TRY(const BatchBody body, read_body(arrived));
  const auto call = std::make_shared<const Call>(std::move(arrived));
  auto items = to_items(*services, *call, collection, body);
  const auto verbs = verbs_of(body);
  if (wants_operation(*call)) {
    if (body.mode == BatchMode::Atomic || call->exchange) {
      co_return Error(ErrorCode::InvalidArgument, "Prefer: respond-async is for a batch that is not atomic, no dry run and has no Idempotency-Key");
    }
    co_return co_await run_later(services, call, std::move(items), verbs);
  }
  PlanBatch batch(services->ledger, services->planning);
  const model::ChangeContext context = service::change_context(call->principal, call->change);
  IPAM_CO_TRY(const auto outcome, co_await batch.run(std::move(items), body.mode, context));
  contract::BatchAnswer answer = to_answer(*services, *call, verbs, outcome);
  answer.atomic = body.mode == BatchMode::Atomic;
  Reply reply = Reply::json(answer);
  co_return reply.with_sequence(outcome.sequence);
}

}  // namespace

void add_batch_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add(
      "POST", "/api/v1/batch", [all](Call call) { return run_batch(all, "", std::move(call)); }, kBatchWrite);
  routes.add(
      "POST", "/api/v1/address_spaces:batch", [all](Call call) { return run_batch(all, "address_spaces", std::move(call)); }, kBatchWrite);
  routes.add(
      "POST", "/api/v1/blocks:batch", [all](Call call) { return run_batch(all, "blocks", std::move(call)); }, kBatchWrite);
  routes.add(
      "POST", "/api/v1/subnets:batch", [all](Call call) { return run_batch(all, "subnets", std::move(call)); }, kBatchWrite);
  routes.add(
      "POST", "/api/v1/ranges:batch", [all](Call call) { return run_batch(all, "ranges", std::move(call)); }, kBatchWrite);
  routes.add(
      "POST", "/api/v1/addresses:batch", [all](Call call) { return run_batch(all, "addresses", std::move(call)); }, kBatchWrite);
}

}  // namespace ipam::api
