// Scheduler: the scheduled tasks: when each is due, run now, what the last run did at each managed server.
//
// A task is a job for each managed server that it concerns, or one for the whole; the jobs of a run go side by side, each with its own deadline, and
// fail alone. Servers that are not managed are left alone. Next time due: start of the last run + period, moved by up to 5 % either way so that tasks
// do not march in step; after a run in which every server failed, a fifth of the period (at least a minute, at most the period). A run that is due or
// asked for while one goes on follows it once (conflation). State and outcomes are stored, so a restart neither forgets nor hurries; a run that a
// stop cut off is told as such and due again at once. Where several nodes share the database, a run needs the task's lease (task_lease.h), and what
// another node did is known here. Errors: NotFound (no such task), PermissionDenied, InvalidArgument (period). Thread rule: any thread; runs live on
// one I/O executor.
#pragma once

#include "base/guarded.h"
#include "io/task_group.h"
#include "ledger/ledger.h"
#include "service/collection/inventory_service.h"
#include "tasks/task_lease.h"

#include <map>
#include <random>

namespace ipam::tasks {

// What is done with one server, or once a run; the answer is a sentence with figures.
using ServerJob = std::function<io::Task<Result<std::string>>(model::ManagedServer, io::Deadline)>;
using WholeJob = std::function<io::Task<Result<std::string>>(io::Deadline)>;

struct TaskDefinition {
  std::string name;         // as Microsoft IPAM's: "ServerConfiguration"
  std::string description;  // one sentence
  Duration default_period{};
  ServerJob job = {};                                              // for each server that the task concerns
  WholeJob whole = {};                                             // for the task as a whole, after the jobs where there are both
  std::function<bool(const model::ManagedServer&)> concerns = {};  // empty: every server
  std::size_t servers_at_once = 0;                                 // 0, and a zero deadline: as SchedulerOptions say
  Duration job_deadline{};
};

struct TaskView {
  std::string name;
  std::string description;
  Duration default_period{};
  bool running = false;
  model::TaskState state;
  std::vector<model::TaskOutcome> outcomes;  // of the last run, by server name
};

struct RunTicket {
  std::string name;
  std::uint64_t run = 0;  // the run is over when the task's `runs` has reached this
  bool already_running = false;
};

struct SchedulerOptions {
  std::size_t servers_at_once = 64;
  Duration job_deadline = std::chrono::minutes(10);
};

class Scheduler {
 public:
  static constexpr Duration kShortestPeriod = std::chrono::minutes(1);
  static constexpr Duration kLongestPeriod = std::chrono::hours(24 * 365);

  Scheduler(store::Store& store, ledger::Ledger& ledger, service::InventoryService& inventory, const Clock& clock, io::Executor executor,
            std::vector<TaskDefinition> definitions, const SchedulerOptions& options = {});

  // Calls `observer` at the start and the end of each run, when a task is changed, and with what other nodes tell of theirs; the view has no
  // outcomes. It must be quick and use neither scheduler nor ledger. For the start; it is called until the ledger and the executor have ended.
  using Observer = std::function<void(const TaskView&)>;
  void on_change(Observer observer) { *observer_.lock() = std::move(observer); }
  // Reads the stored states and from then on starts what is due.
  Result<void> start();
  // Starts nothing more and asks what runs to end; what it has written stays.
  void stop();

  Result<std::vector<TaskView>> list(const service::Principal& principal) const;
  // Names are compared without case, '-' and '_': "server-configuration" is ServerConfiguration.
  Result<TaskView> get(const service::Principal& principal, std::string_view name) const;
  Result<RunTicket> run_now(const service::Principal& principal, std::string_view name);
  // Durable when it answers. States are no journaled objects: the sequence is the one of the newest record then.
  io::Task<Result<ledger::Written<TaskView>>> change(service::Principal principal, std::string name, std::optional<Duration> period,
                                                     std::optional<bool> enabled);

  // One run, awaited: what start and run_now spawn, and what tests step by.
  io::Task<void> run(std::string name);
  // Spawns every task that is due now.
  void start_due();
  // Another node has changed these tables (none named: any).
  void forget(const std::vector<std::string>& tables);

 private:
  struct Entry {
    TaskDefinition definition;
    model::TaskState state;
    bool running = false;
    bool again = false;
    bool taking = false;  // its lease is being asked for: what others have stored still counts
    bool asked = false;   // somebody wants a run that is not due
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  io::Task<void> tick();
  io::Task<void> run_once(std::string name);
  io::Task<void> run_whole(TaskDefinition definition, model::TaskState* state, std::stop_token stop);
  io::Task<void> run_jobs(TaskDefinition definition, model::TaskState* state, std::vector<model::TaskOutcome>* outcomes, std::stop_token stop);
  io::Task<void> run_job(TaskDefinition definition, model::ManagedServer server, io::Deadline deadline, std::vector<model::TaskOutcome>* outcomes);
  io::Task<Result<ledger::Receipt>> store_state(model::TaskState state);
  io::Task<Result<void>> store_run(model::TaskState state, std::vector<model::TaskOutcome> outcomes, TaskLeases::Lease lease);
  // The task's lease, if this node may run it now.
  io::Task<std::optional<TaskLeases::Lease>> take_lease(std::string name);
  // Takes over what other nodes have stored of the tasks that do not run here.
  Result<void> refresh();
  // Those that the task works on, by name.
  Result<std::vector<model::ManagedServer>> servers(const TaskDefinition& definition) const;
  Result<std::string> resolve(std::string_view name) const;
  TaskView view(const Entry& entry, std::vector<model::TaskOutcome> outcomes) const;
  Result<std::vector<model::TaskOutcome>> outcomes_of(const std::string& name) const;
  Duration jittered(Duration period);
  void tell(const TaskView& view) const;

  store::Store& store_;
  ledger::Ledger& ledger_;
  TaskLeases leases_;
  service::InventoryService& inventory_;
  const Clock& clock_;
  const io::Executor executor_;
  const SchedulerOptions options_;
  Guarded<Entries> entries_;
  Guarded<Observer> observer_;  // guarded, because other nodes may have something to tell before the start is over
  Guarded<std::minstd_rand> random_;
  std::stop_source stop_;
};

}  // namespace ipam::tasks
