// The runs of the tasks: whose turn it is, what is done at each server, how it went.
#include "base/log.h"
#include "tasks/scheduler.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::tasks {
namespace {

using model::TaskOutcome;
using model::TaskResult;
using model::TaskState;

// How soon a task that another node runs is looked at again.
constexpr Duration kElsewhere = std::chrono::seconds(15);

// On whose behalf the tasks read the inventory.
service::Principal task_principal(const std::string& name) { return {{}, "task/" + name, model::Group::IpamAdministrators}; }

Duration period_of(const TaskState& state) { return std::chrono::seconds(state.period_seconds); }

TaskResult result_of(const Result<std::string>& result) {
  if (result.ok()) return TaskResult::Succeeded;
  return result.error().code == ErrorCode::Cancelled ? TaskResult::Cancelled : TaskResult::Failed;
}

// How a run went, from how it went at each server.
void judge(TaskState& state, const std::vector<TaskOutcome>& outcomes) {
  const auto failed = static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(), [](const TaskOutcome& outcome) { return outcome.result != TaskResult::Succeeded; }));
  if (outcomes.empty()) {
    state.last_result = TaskResult::Succeeded;
    state.last_message = "no managed server to work on";
  } else if (failed == 0) {
    state.last_result = TaskResult::Succeeded;
    state.last_message = count_of(outcomes.size(), "server");
  } else {
    state.last_result = failed == outcomes.size() ? TaskResult::Failed : TaskResult::PartlyFailed;
    state.last_message = fmt::format("{} of {} failed", failed, count_of(outcomes.size(), "server"));
  }
}

// How a run of two parts went: at the servers, and for the whole, which `state` tells so far.
void join_results(const TaskState& at_servers, TaskState& state) {
  if (state.last_result == TaskResult::Succeeded) {
    state.last_result = at_servers.last_result;
  } else if (state.last_result == TaskResult::Failed && at_servers.last_result == TaskResult::Succeeded) {
    state.last_result = TaskResult::PartlyFailed;
  }
  state.last_message = at_servers.last_message + "; " + state.last_message;
}

}  // namespace

io::Task<void> Scheduler::run(std::string name) {
  {
    auto entries = entries_.lock();
    const auto found = entries->find(name);
    if (found == entries->end() || stop_.stop_requested()) co_return;
    if (found->second.running) {
      found->second.again = true;
      co_return;
    }
    found->second.running = true;
  }
  for (bool more = true; more;) {
    co_await run_once(name);
    auto entries = entries_.lock();
    Entry& entry = entries->find(name)->second;
    more = std::exchange(entry.again, false) && !stop_.stop_requested();
    if (!more) entry.running = false;
  }
}

io::Task<std::optional<TaskLeases::Lease>> Scheduler::take_lease(std::string name) {
  entries_.with([&](Entries& entries) { entries.find(name)->second.taking = true; });
  auto lease = co_await leases_.take(name);
  // With the lease in hand nobody else changes the state: what is read now holds.
  const auto refreshed = leases_.alone() || !lease.ok() ? Result<void>() : refresh();
  if (!lease.ok()) log::warning("IPAM-4012 no lease for a task", {{"task", name}, {"error", lease.error().describe()}});
  bool due = false;
  {
    auto entries = entries_.lock();
    Entry& entry = entries->find(name)->second;
    const Time now = clock_.now();
    due = entry.asked || leases_.alone() || !entry.state.next_due_at || *entry.state.next_due_at <= now;
    entry.taking = entry.asked = false;
    if (lease.ok() && *lease && refreshed.ok() && due) co_return **lease;
    // Another node runs it, or has just done so.
    if (due) entry.state.next_due_at = now + kElsewhere;
  }
  if (lease.ok() && *lease) co_await leases_.release(name, **lease);
  co_return std::nullopt;
}

io::Task<void> Scheduler::run_once(std::string name) {
  const auto taken = co_await take_lease(name);
  if (!taken) co_return;
  const TaskLeases::Lease lease = *taken;
  std::stop_source run_stop, run_over;
  const std::stop_callback stop_run(stop_.get_token(), [&run_stop] { run_stop.request_stop(); });
  io::spawn(executor_, leases_.keep(name, lease, run_over.get_token(), run_stop), "the lease of task " + name);
  TaskDefinition definition;
  TaskState state;
  {
    auto entries = entries_.lock();
    Entry& entry = entries->find(name)->second;
    entry.state.last_started_at = clock_.now();
    definition = entry.definition;
    state = entry.state;
  }
  state.last_result = TaskResult::Running;
  state.last_message.clear();
  const auto begun = co_await store_run(state, std::vector<TaskOutcome>(), lease);
  if (!begun.ok()) {
    log::warning("IPAM-4001 start of a task not stored", {{"task", name}, {"error", begun.error().describe()}});
  }
  tell({definition.name, definition.description, definition.default_period, true, state, {}});
  std::vector<TaskOutcome> outcomes;
  if (definition.job) co_await run_jobs(definition, &state, &outcomes, run_stop.get_token());
  if (definition.whole) {
    const TaskState after_jobs = state;
    co_await run_whole(definition, &state, run_stop.get_token());
    if (definition.job) join_results(after_jobs, state);
  }
  const Time now = clock_.now();
  state.last_ended_at = now;
  ++state.runs;
  {
    auto entries = entries_.lock();
    Entry& entry = entries->find(name)->second;
    // Period and enabled may have been changed during the run.
    state.period_seconds = entry.state.period_seconds;
    state.enabled = entry.state.enabled;
    const Duration period = period_of(state);
    const Duration next = state.last_result == TaskResult::Failed ? std::min(period, std::max<Duration>(period / 5, kShortestPeriod)) : period;
    state.next_due_at = *state.last_started_at + jittered(next);
    if (*state.next_due_at < now) state.next_due_at = now + kShortestPeriod;
  }
  log::info("IPAM-4006 task ended", {{"task", name}, {"result", model::enum_to_text(state.last_result)}, {"message", state.last_message}});
  const auto stored = co_await store_run(state, std::move(outcomes), lease);
  run_over.request_stop();
  if (!stored.ok()) log::error("IPAM-4003 result of a task not stored", {{"task", name}, {"error", stored.error().describe()}});
  bool changed = false;
  {
    auto entries = entries_.lock();
    TaskState& now_kept = entries->find(name)->second.state;
    // A change that came while the result was on its way knew nothing of it, in memory and in what it stored.
    changed = now_kept.period_seconds != state.period_seconds || now_kept.enabled != state.enabled;
    if (changed) {
      state.period_seconds = now_kept.period_seconds;
      state.enabled = now_kept.enabled;
      state.next_due_at = std::max(*state.last_started_at + period_of(state), now);
    }
    // Only now: who waits for the run to be over reads its stored outcomes next.
    now_kept = state;
  }
  tell({definition.name, definition.description, definition.default_period, false, state, {}});
  if (!changed) co_return;
  const auto kept = co_await store_state(state);
  if (!kept.ok()) log::error("IPAM-4004 change of a task not stored", {{"task", name}, {"error", kept.error().describe()}});
}

io::Task<void> Scheduler::run_whole(TaskDefinition definition, TaskState* state, std::stop_token stop) {
  const Duration patience = definition.job_deadline.count() > 0 ? definition.job_deadline : options_.job_deadline;
  const auto result = co_await definition.whole(io::Deadline::after(patience).with(stop));
  state->last_result = result_of(result);
  state->last_message = result.ok() ? *result : result.error().message;
  if (!result.ok()) log::warning("IPAM-4013 task failed", {{"task", definition.name}, {"error", result.error().describe()}});
}

io::Task<void> Scheduler::run_jobs(TaskDefinition definition, TaskState* state, std::vector<TaskOutcome>* outcomes, std::stop_token stop) {
  const auto servers = this->servers(definition);
  if (!servers.ok()) {
    state->last_result = TaskResult::Failed;
    state->last_message = servers.error().message;
    co_return;
  }
  const Duration patience = definition.job_deadline.count() > 0 ? definition.job_deadline : options_.job_deadline;
  io::TaskGroup group(executor_, definition.servers_at_once > 0 ? definition.servers_at_once : options_.servers_at_once);
  for (const model::ManagedServer& server : *servers) {
    group.start(run_job(definition, server, io::Deadline::after(patience).with(stop), outcomes));
  }
  const auto ended = co_await group.wait();
  if (!ended.ok()) log::error("IPAM-4002 task failed inside the server", {{"task", definition.name}, {"error", ended.error().describe()}});
  judge(*state, *outcomes);
}

io::Task<void> Scheduler::run_job(TaskDefinition definition, model::ManagedServer server, io::Deadline deadline, std::vector<TaskOutcome>* outcomes) {
  TaskOutcome outcome;
  outcome.task = definition.name;
  outcome.server_id = server.id;
  outcome.server_name = server.name;
  outcome.started_at = clock_.now();
  const auto result = co_await definition.job(server, std::move(deadline));
  outcome.ended_at = clock_.now();
  outcome.result = result_of(result);
  outcome.message = result.ok() ? *result : result.error().message;
  if (!result.ok())
    log::warning("IPAM-4005 task failed at a server", {{"task", definition.name}, {"server", server.name}, {"error", result.error().describe()}});
  outcomes->push_back(std::move(outcome));
}

// The start of a run stores only its state; its end replaces the outcomes of the run before.
io::Task<Result<void>> Scheduler::store_run(TaskState state, std::vector<TaskOutcome> outcomes, TaskLeases::Lease lease) {
  ledger::Work work = [this, state, outcomes, lease](ledger::Transaction& transaction) -> Result<void> {
    if (state.last_result == TaskResult::Running) {
      IPAM_TRY(leases_.check(transaction, state.name, lease));
      transaction.put_row(state);
      return {};
    }
    IPAM_TRY(leases_.give_back(transaction, state.name, lease));
    transaction.put_row(state);
    IPAM_TRY(store::for_each<TaskOutcome>(transaction.committed(), {.where = {{"task", store::Comparison::Equal, state.name}}},
                                          [&](TaskOutcome old) -> Result<bool> {
                                            transaction.erase_row<TaskOutcome>({store::to_value(old.task), store::to_value(old.server_id)});
                                            return true;
                                          }));
    for (const TaskOutcome& outcome : outcomes) transaction.put_row(outcome);
    return {};
  };
  const auto receipt = co_await ledger_.commit(ledger::Priority::Interactive, work);
  if (!receipt.ok()) co_return receipt.error();
  co_return Result<void>();
}

Result<std::vector<model::ManagedServer>> Scheduler::servers(const TaskDefinition& definition) const {
  auto page = IPAM_TRY(inventory_.list_servers(task_principal("scheduler"), {.sort = {{.column = "name"}}, .limit = store::kEveryRow - 1}));
  std::erase_if(page.items, [&](const model::ManagedServer& server) {
    return server.manageability != model::Manageability::Managed || (definition.concerns && !definition.concerns(server));
  });
  return std::move(page.items);
}

Duration Scheduler::jittered(Duration period) {
  std::uniform_real_distribution<double> spread(0.95, 1.05);
  const double factor = random_.with([&](std::minstd_rand& random) { return spread(random); });
  return std::chrono::duration_cast<Duration>(period * factor);
}

}  // namespace ipam::tasks
