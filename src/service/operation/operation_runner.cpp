#include "service/operation/operation_runner.h"

#include "base/log.h"
#include "io/exception_text.h"
#include "io/sleep.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using model::Id;
using model::OperationPart;
using model::OperationState;
using store::Comparison;

constexpr std::size_t kCleanChunk = 100;

OperationState state_of(const Error& error) { return error.code == ErrorCode::Cancelled ? OperationState::Cancelled : OperationState::Failed; }

std::string public_text(const Error& error) {
  return error.code == ErrorCode::Internal ? std::string("internal error; the server's log has it") : error.message;
}

int percent_of(const std::vector<OperationPart>& parts) {
  const auto over = std::count_if(parts.begin(), parts.end(), [](const OperationPart& part) { return model::is_over(part.state); });
  return parts.empty() ? 0 : static_cast<int>(100 * over / static_cast<std::ptrdiff_t>(parts.size()));
}

Result<std::vector<OperationPart>> parts_of(store::Reader& reader, Id<model::Operation> id) {
  store::Query query;
  query.where.push_back({"operation_id", Comparison::Equal, store::to_value(id)});
  query.limit = OperationRunner::kMaxParts;
  return IPAM_TRY(store::list<OperationPart>(reader, query)).items;
}

void put(ledger::Transaction& transaction, const OperationView& view) {
  transaction.put_row(view.operation);
  for (const OperationPart& part : view.parts) transaction.put_row(part);
}

// What the parts say together with what the job answered.
void conclude(OperationView& view, const Result<std::string>& outcome, Time now) {
  model::Operation& operation = view.operation;
  std::size_t failed = 0;
  for (OperationPart& part : view.parts) {
    if (!model::is_over(part.state)) {
      part.state = outcome.ok() ? OperationState::Succeeded : state_of(outcome.error());
      part.ended_at = now;
    }
    failed += part.state == OperationState::Succeeded ? 0 : 1;
  }
  operation.message = outcome.ok() ? *outcome : public_text(outcome.error());
  operation.state = outcome.ok() ? OperationState::Succeeded : state_of(outcome.error());
  if (outcome.ok() && failed > 0) operation.state = failed == view.parts.size() ? OperationState::Failed : OperationState::PartlyFailed;
  if (outcome.ok()) operation.percent = 100;
  operation.ended_at = now;
}

}  // namespace

void OperationProgress::begin_part(std::uint32_t number) {
  const Time now = runner_->clock_.now();
  runner_->change(id_, [&](OperationView& view) {
    OperationPart& part = view.parts.at(number - 1);
    part.state = OperationState::Running;
    part.started_at = now;
  });
}

io::Task<void> OperationProgress::end_part(std::uint32_t number, Result<std::string> outcome) {
  const Time now = runner_->clock_.now();
  const auto view = runner_->change(id_, [&](OperationView& changed) {
    OperationPart& part = changed.parts.at(number - 1);
    part.state = outcome.ok() ? OperationState::Succeeded : state_of(outcome.error());
    part.message = outcome.ok() ? *outcome : public_text(outcome.error());
    part.ended_at = now;
    changed.operation.percent = std::max(changed.operation.percent, percent_of(changed.parts));
  });
  if (!view) co_return;
  OperationView changed_part = *view;
  changed_part.parts = {view->parts.at(number - 1)};
  const auto stored = co_await runner_->store_view(std::move(changed_part));
  if (!stored.ok())
    log::warning("IPAM-4015 the progress of an operation was not stored", {{"operation", id_.value}, {"error", stored.error().describe()}});
}

void OperationProgress::set_percent(int percent) {
  runner_->change(id_, [&](OperationView& view) { view.operation.percent = std::clamp(percent, view.operation.percent, 100); });
}

void OperationProgress::set_result(std::string json) {
  const bool fits = json.size() <= OperationRunner::kMaxResultBytes;
  runner_->change(id_, [&](OperationView& view) { view.operation.result = fits ? std::move(json) : std::string(); });
}

Result<std::vector<OperationView>> OperationRunner::end_abandoned(ledger::Transaction& transaction) const {
  const auto living = IPAM_TRY(presence_.renew(transaction));
  std::vector<OperationView> abandoned;
  for (const char* state : {"running", "waiting"}) {
    IPAM_TRY(store::for_each<model::Operation>(transaction.committed(), {.where = {{"state", Comparison::Equal, std::string(state)}}},
                                               [&](model::Operation operation) -> Result<bool> {
                                                 if (!living.contains(operation.node)) abandoned.push_back({std::move(operation), {}});
                                                 return true;
                                               }));
  }
  const Time now = clock_.now();
  for (OperationView& view : abandoned) {
    view.parts = IPAM_TRY(parts_of(transaction.committed(), view.operation.id));
    view.operation.state = OperationState::Interrupted;
    view.operation.message = "the server ended while it ran; start it again";
    view.operation.ended_at = now;
    for (OperationPart& part : view.parts) {
      if (!model::is_over(part.state)) part.state = OperationState::Interrupted;
    }
    put(transaction, view);
  }
  return abandoned;
}

void OperationRunner::tell(const std::vector<OperationView>& views) const {
  if (!observer_) return;
  for (const OperationView& view : views) observer_(view);
}

Result<void> OperationRunner::start() {
  std::vector<OperationView> ended;
  IPAM_TRY(ledger_.commit_and_wait({}, ledger::Priority::Bulk, [&](ledger::Transaction& transaction) -> Result<void> {
    ended = IPAM_TRY(end_abandoned(transaction));
    return {};
  }));
  tell(ended);
  return {};
}

io::Task<void> OperationRunner::run_presence(std::stop_token stop) {
  if (presence_.alone()) co_return;
  const io::Deadline stopped = io::Deadline::never().with(stop);
  const model::ChangeContext bookkeeping;
  while (true) {
    const auto slept = co_await io::sleep_for(options_.presence_period, stopped);
    if (!slept.ok()) co_return;
    std::function<Result<std::vector<OperationView>>(ledger::Transaction&)> work = [this](ledger::Transaction& transaction) {
      return end_abandoned(transaction);
    };
    const auto ended = co_await ledger_.write<std::vector<OperationView>>(bookkeeping, ledger::Priority::Bulk, work);
    if (ended.ok()) tell(ended->value);
    if (!ended.ok() && !stop.stop_requested()) log::warning("IPAM-4027 this node's presence was not renewed", {{"error", ended.error().describe()}});
  }
}

io::Task<void> OperationRunner::leave() {
  if (presence_.alone()) co_return;
  // Not before a renewal that waits already.
  ledger::Work work = [this](ledger::Transaction& transaction) -> Result<void> {
    presence_.leave(transaction);
    return {};
  };
  const auto left = co_await ledger_.commit(ledger::Priority::Bulk, work);
  if (!left.ok()) log::debug("a node's presence is left to its end", {{"error", left.error().describe()}});
}

void OperationRunner::stop() {
  auto live = live_.lock();
  for (auto& [id, operation] : *live) operation.stop.request_stop();
}

io::Task<Result<model::Operation>> OperationRunner::begin(Principal principal, OperationPlan plan, model::ChangeContext request, Job job) {
  if (plan.parts.size() > kMaxParts) co_return Error(ErrorCode::InvalidArgument, fmt::format("an operation has at most {} parts", kMaxParts));
  if (running() >= options_.at_once) co_return Error(ErrorCode::Overloaded, "too many operations run; wait for one of them, or cancel it");
  OperationView view;
  model::Operation& operation = view.operation;
  operation.kind = plan.kind;
  operation.subject = plan.subject;
  operation.actor = principal.user_name;
  operation.user_id = principal.user_id;
  operation.request_id = request.request_id;
  operation.node = options_.node;
  operation.started_at = clock_.now();
  for (const std::string& name : plan.parts) {
    OperationPart part;
    part.number = static_cast<std::uint32_t>(view.parts.size() + 1);
    part.name = name;
    view.parts.push_back(std::move(part));
  }
  std::function<Result<std::int64_t>(ledger::Transaction&)> work = [view](ledger::Transaction& transaction) -> Result<std::int64_t> {
    OperationView made = view;
    made.operation.id = IPAM_TRY(transaction.new_id<model::Operation>());
    for (OperationPart& part : made.parts) part.operation_id = made.operation.id;
    put(transaction, made);
    return static_cast<std::int64_t>(made.operation.id.value);
  };
  // Not with the request's context: a repetition of it gets the kept answer, which names this operation; until then it starts another one.
  const model::ChangeContext bookkeeping;
  IPAM_CO_TRY(const auto written, co_await ledger_.write<std::int64_t>(bookkeeping, ledger::Priority::Interactive, work));
  operation.id.value = static_cast<std::uint64_t>(written.value);
  for (OperationPart& part : view.parts) part.operation_id = operation.id;
  live_.lock()->insert_or_assign(operation.id.value, Live{view, std::stop_source()});
  change(operation.id, [](OperationView&) {});
  io::spawn(executor_, run(operation.id, std::move(job)), "operation " + plan.kind);
  co_return operation;
}

io::Task<void> OperationRunner::run(Id<model::Operation> id, Job job) {
  std::stop_token stop;
  {
    auto live = live_.lock();
    const auto found = live->find(id.value);
    if (found == live->end()) co_return;
    stop = found->second.stop.get_token();
  }
  const OperationProgress progress(*this, id, stop);
  Result<std::string> outcome = std::string();
  std::exception_ptr thrown;
  try {
    outcome = co_await job(progress);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) outcome = Error(ErrorCode::Internal, "internal error", io::exception_text(thrown));
  if (!outcome.ok() && outcome.error().code == ErrorCode::Internal) {
    log::error("IPAM-4016 an operation failed", {{"operation", id.value}, {"error", outcome.error().describe()}});
  }
  const Time now = clock_.now();
  const auto view = change(id, [&](OperationView& changed) { conclude(changed, outcome, now); });
  const auto stored = co_await store_view(*view);
  if (!stored.ok()) log::warning("IPAM-4017 the end of an operation was not stored", {{"operation", id.value}, {"error", stored.error().describe()}});
  live_.lock()->erase(id.value);
}

std::optional<OperationView> OperationRunner::change(Id<model::Operation> id, const std::function<void(OperationView&)>& edit) {
  OperationView view;
  {
    auto live = live_.lock();
    const auto found = live->find(id.value);
    if (found == live->end()) return std::nullopt;
    edit(found->second.view);
    view = found->second.view;
  }
  if (observer_) observer_(view);
  return view;
}

io::Task<Result<void>> OperationRunner::store_view(OperationView view) {
  ledger::Work work = [view](ledger::Transaction& transaction) -> Result<void> {
    put(transaction, view);
    return {};
  };
  IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, work));
  co_return Result<void>();
}

Result<store::Page<model::Operation>> OperationRunner::list(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadTasks));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto page = IPAM_TRY(store::list<model::Operation>(*reader, query));
  const auto live = live_.lock();
  for (model::Operation& operation : page.items) {
    if (const auto found = live->find(operation.id.value); found != live->end()) operation = found->second.view.operation;
  }
  return page;
}

Result<OperationView> OperationRunner::get(const Principal& principal, Id<model::Operation> id) {
  IPAM_TRY(authorize(principal, Operation::ReadTasks));
  {
    const auto live = live_.lock();
    if (const auto found = live->find(id.value); found != live->end()) return found->second.view;
  }
  const auto reader = IPAM_TRY(store_.open_reader());
  auto operation = IPAM_TRY(store::find_where<model::Operation>(*reader, {{"id", Comparison::Equal, store::to_value(id)}}));
  if (!operation) return Error(ErrorCode::NotFound, "there is no operation with id " + id.to_string());
  return OperationView{*std::move(operation), IPAM_TRY(parts_of(*reader, id))};
}

Result<OperationView> OperationRunner::cancel(const Principal& principal, Id<model::Operation> id) {
  auto view = IPAM_TRY(get(principal, id));
  if (view.operation.user_id != principal.user_id && !may(principal.access_group, Operation::ManageUsers)) {
    return Error(ErrorCode::PermissionDenied,
                 fmt::format("operation {} was started by {}; that user or an administrator may cancel it", id.to_string(), view.operation.actor));
  }
  if (model::is_over(view.operation.state)) return view;
  auto live = live_.lock();
  const auto found = live->find(id.value);
  if (found == live->end()) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("operation {} runs on node '{}'; cancel it there", id.to_string(), view.operation.node));
  }
  found->second.stop.request_stop();
  return view;
}

io::Task<Result<std::uint64_t>> OperationRunner::clean() {
  std::uint64_t erased = 0;
  while (true) {
    std::vector<OperationView> old;
    {
      IPAM_CO_TRY(const auto reader, store_.open_reader());
      store::Query query;
      query.where.push_back({"started_at", Comparison::Less, store::to_value(Time(clock_.now() - options_.keep_for))});
      query.where.push_back({"ended_at", Comparison::IsNotNull, {}});
      query.limit = kCleanChunk;
      IPAM_CO_TRY(const auto page, store::list<model::Operation>(*reader, query));
      for (const model::Operation& operation : page.items) {
        IPAM_CO_TRY(auto parts, parts_of(*reader, operation.id));
        old.push_back({operation, std::move(parts)});
      }
    }
    if (old.empty()) co_return erased;
    ledger::Work work = [old](ledger::Transaction& transaction) -> Result<void> {
      for (const OperationView& view : old) {
        for (const OperationPart& part : view.parts) {
          transaction.erase_row<OperationPart>({store::to_value(part.operation_id), store::to_value(part.number)});
        }
        transaction.erase_row<model::Operation>({store::to_value(view.operation.id)});
      }
      return {};
    };
    IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, work));
    erased += old.size();
  }
}

io::Task<void> OperationRunner::run_cleaning(std::stop_token stop) {
  const io::Deadline deadline = io::Deadline::never().with(stop);
  while (!stop.stop_requested()) {
    const auto cleaned = co_await clean();
    if (!cleaned.ok() && !stop.stop_requested()) log::warning("IPAM-4018 old operations were not erased", {{"error", cleaned.error().describe()}});
    (void)co_await io::sleep_for(options_.cleaning_period, deadline);
  }
}

}  // namespace ipam::service
