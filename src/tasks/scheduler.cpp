#include "tasks/scheduler.h"

#include "base/log.h"
#include "io/sleep.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::tasks {
namespace {

using model::TaskOutcome;
using model::TaskResult;
using model::TaskState;

constexpr Duration kTick = std::chrono::seconds(1);

std::string folded(std::string_view name) {
  std::string text = to_lower(name);
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == '-' || c == '_'; }), text.end());
  return text;
}

std::int64_t seconds(Duration duration) { return std::chrono::duration_cast<std::chrono::seconds>(duration).count(); }

}  // namespace

Scheduler::Scheduler(store::Store& store, ledger::Ledger& ledger, service::InventoryService& inventory, const Clock& clock, io::Executor executor,
                     std::vector<TaskDefinition> definitions, const SchedulerOptions& options)
    : store_(store),
      ledger_(ledger),
      leases_(store, ledger),
      inventory_(inventory),
      clock_(clock),
      executor_(std::move(executor)),
      options_(options),
      random_(std::in_place, std::random_device()()) {
  auto entries = entries_.lock();
  for (TaskDefinition& definition : definitions) {
    Entry entry;
    entry.state.name = definition.name;
    entry.state.period_seconds = seconds(definition.default_period);
    entry.definition = std::move(definition);
    const std::string name = entry.definition.name;
    entries->emplace(name, std::move(entry));
  }
}

Result<void> Scheduler::start() {
  const auto reader = IPAM_TRY(store_.open_reader());
  {
    auto entries = entries_.lock();
    IPAM_TRY(store::for_each<TaskState>(*reader, {}, [&](TaskState state) -> Result<bool> {
      const auto found = entries->find(state.name);
      if (found == entries->end()) return true;  // a task that this version no longer has
      // Where others share the database, it may well go on at one of them; the lease will tell.
      if (state.last_result == TaskResult::Running && leases_.alone()) {
        state.last_result = TaskResult::Cancelled;
        state.last_message = "the server stopped during the run";
        state.next_due_at = clock_.now();
      }
      found->second.state = std::move(state);
      return true;
    }));
    for (auto& [name, entry] : *entries) {
      if (!entry.state.next_due_at) entry.state.next_due_at = clock_.now();
    }
  }
  io::spawn(executor_, tick(), "the scheduler");
  return {};
}

void Scheduler::stop() { stop_.request_stop(); }

io::Task<void> Scheduler::tick() {
  while (!stop_.stop_requested()) {
    start_due();
    const io::Deadline stopped = io::Deadline::never().with(stop_.get_token());
    const auto slept = co_await io::sleep_for(kTick, stopped);
    if (!slept.ok()) co_return;
  }
}

void Scheduler::start_due() {
  const Time now = clock_.now();
  std::vector<std::string> due;
  {
    auto entries = entries_.lock();
    for (auto& [name, entry] : *entries) {
      const bool is_due = entry.state.enabled && !entry.running && entry.state.next_due_at && *entry.state.next_due_at <= now;
      if (is_due) due.push_back(name);
    }
  }
  for (const std::string& name : due) io::spawn(executor_, run(name), "task " + name);
}

// Called on the ledger's thread.
void Scheduler::forget(const std::vector<std::string>& tables) {
  if (!tables.empty() && std::find(tables.begin(), tables.end(), store::table<TaskState>().name) == tables.end()) return;
  if (const auto refreshed = refresh(); !refreshed.ok())
    log::warning("IPAM-4011 states of tasks not read", {{"error", refreshed.error().describe()}});
}

Result<void> Scheduler::refresh() {
  const auto reader = IPAM_TRY(store_.open_reader());
  std::vector<TaskState> states;
  IPAM_TRY(store::for_each<TaskState>(*reader, {}, [&](TaskState state) -> Result<bool> {
    states.push_back(std::move(state));
    return true;
  }));
  std::vector<TaskView> changed;
  {
    auto entries = entries_.lock();
    for (TaskState& state : states) {
      const auto found = entries->find(state.name);
      if (found == entries->end() || state.runs < found->second.state.runs || state == found->second.state) continue;
      if (found->second.running && !found->second.taking) continue;
      found->second.state = std::move(state);
      changed.push_back(view(found->second, {}));
      changed.back().running = found->second.state.last_result == TaskResult::Running;  // at another node
    }
  }
  for (const TaskView& each : changed) tell(each);
  return {};
}

void Scheduler::tell(const TaskView& view) const {
  const Observer observer = *observer_.lock();
  if (observer) observer(view);
}

io::Task<Result<ledger::Receipt>> Scheduler::store_state(TaskState state) {
  ledger::Work work = [state](ledger::Transaction& transaction) -> Result<void> {
    transaction.put_row(state);
    return {};
  };
  co_return co_await ledger_.commit(ledger::Priority::Interactive, work);
}

Result<std::string> Scheduler::resolve(std::string_view name) const {
  const auto entries = entries_.lock();
  std::string known;
  for (const auto& [full, entry] : *entries) {
    if (folded(full) == folded(name)) return full;
    known += (known.empty() ? "" : ", ") + full;
  }
  return Error(ErrorCode::NotFound, fmt::format("there is no task '{}'; there are {}", shorten(name, 60), known));
}

Result<std::vector<TaskOutcome>> Scheduler::outcomes_of(const std::string& name) const {
  const auto reader = IPAM_TRY(store_.open_reader());
  auto page = IPAM_TRY(store::list<TaskOutcome>(
      *reader, {.where = {{"task", store::Comparison::Equal, name}}, .sort = {{.column = "server_name"}}, .limit = store::kEveryRow - 1}));
  return std::move(page.items);
}

TaskView Scheduler::view(const Entry& entry, std::vector<TaskOutcome> outcomes) const {
  return {entry.definition.name, entry.definition.description, entry.definition.default_period, entry.running, entry.state, std::move(outcomes)};
}

Result<std::vector<TaskView>> Scheduler::list(const service::Principal& principal) const {
  IPAM_TRY(authorize(principal, service::Operation::ReadTasks));
  std::vector<TaskView> views;
  {
    const auto entries = entries_.lock();
    for (const auto& [name, entry] : *entries) views.push_back(view(entry, {}));
  }
  for (TaskView& each : views) each.outcomes = IPAM_TRY(outcomes_of(each.name));
  return views;
}

Result<TaskView> Scheduler::get(const service::Principal& principal, std::string_view name) const {
  IPAM_TRY(authorize(principal, service::Operation::ReadTasks));
  const std::string full = IPAM_TRY(resolve(name));
  TaskView found = entries_.with([&](const Entries& entries) { return view(entries.find(full)->second, {}); });
  found.outcomes = IPAM_TRY(outcomes_of(full));
  return found;
}

Result<RunTicket> Scheduler::run_now(const service::Principal& principal, std::string_view name) {
  IPAM_TRY(authorize(principal, service::Operation::RunTask));
  const std::string full = IPAM_TRY(resolve(name));
  RunTicket ticket{full, 0, false};
  entries_.with([&](Entries& entries) {
    Entry& entry = entries.find(full)->second;
    ticket.already_running = entry.running;
    ticket.run = entry.state.runs + (entry.running ? 2 : 1);
    entry.asked = true;
  });
  log::info("IPAM-4007 task asked to run", {{"task", full}, {"user", principal.user_name}});
  io::spawn(executor_, run(full), "task " + full);
  return ticket;
}

io::Task<Result<ledger::Written<TaskView>>> Scheduler::change(service::Principal principal, std::string name, std::optional<Duration> period,
                                                              std::optional<bool> enabled) {
  IPAM_CO_CHECK(authorize(principal, service::Operation::ChangeTask));
  IPAM_CO_TRY(const std::string full, resolve(name));
  if (period && (*period < kShortestPeriod || *period > kLongestPeriod)) {
    co_return Error::field("/period_seconds", fmt::format("must be within {} and {}", seconds(kShortestPeriod), seconds(kLongestPeriod)));
  }
  TaskState state;
  {
    auto entries = entries_.lock();
    TaskState& now = entries->find(full)->second.state;
    if (enabled) now.enabled = *enabled;
    if (period) {
      now.period_seconds = seconds(*period);
      now.next_due_at = now.last_started_at ? std::max(*now.last_started_at + *period, clock_.now()) : clock_.now();
    }
    state = now;
  }
  log::info("IPAM-4008 task changed",
            {{"task", full}, {"user", principal.user_name}, {"period_seconds", state.period_seconds}, {"enabled", state.enabled}});
  IPAM_CO_TRY(const auto receipt, co_await store_state(state));
  IPAM_CO_TRY(auto changed, get(principal, full));
  TaskView told = changed;
  told.outcomes.clear();
  tell(told);
  ledger::Written<TaskView> written{std::move(changed), receipt.sequence};
  co_return written;
}

}  // namespace ipam::tasks
