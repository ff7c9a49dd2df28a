// OperationRunner: starts long work, so that a request for it is answered at once, and knows how far each is.
//
//   auto started = co_await runner.begin(principal, {.kind = "server_collection", .subject = server.name, .parts = {"configuration", "leases"}},
//                                        request, job);
//   io::Task<Result<std::string>> job(OperationProgress progress) {
//     progress.begin_part(1);
//     auto done = co_await collect(server, progress.deadline());
//     co_await progress.end_part(1, done);
//     co_return "2 of 2 parts";                       // what came of it, in a sentence; or why it failed
//   }
//
// An operation whose parts failed in part is PartlyFailed whatever its job answers. Errors: Overloaded (too many run), NotFound, PermissionDenied,
// those of the ledger and the store. Thread rule: any thread; coroutines on an I/O executor.
#pragma once

#include "ledger/ledger.h"
#include "model/operation.h"
#include "service/access/principal.h"
#include "service/operation/presence.h"

#include <map>

namespace ipam::service {

class OperationRunner;

// What a job tells of itself. A plain value: copies are the same operation.
class OperationProgress {
 public:
  model::Id<model::Operation> id() const { return id_; }
  // Ends what the job waits for when the operation is cancelled.
  io::Deadline deadline() const { return io::Deadline::never().with(stop_); }
  bool cancelled() const { return stop_.stop_requested(); }

  // Parts by their number, from 1. The percentage follows from the parts that ended, unless set_percent says it.
  void begin_part(std::uint32_t number);
  io::Task<void> end_part(std::uint32_t number, Result<std::string> outcome);
  void set_percent(int percent);
  // JSON, at most kMaxResultBytes; a longer one is left out, and the message says so.
  void set_result(std::string json);

 private:
  friend class OperationRunner;
  OperationProgress(OperationRunner& runner, model::Id<model::Operation> id, std::stop_token stop)
      : runner_(&runner), id_(id), stop_(std::move(stop)) {}

  OperationRunner* runner_;
  model::Id<model::Operation> id_;
  std::stop_token stop_;
};

struct OperationPlan {
  std::string kind;
  std::string subject;
  std::vector<std::string> parts;
};

struct OperationView {
  model::Operation operation;
  std::vector<model::OperationPart> parts;
};

struct OperationOptions {
  std::string node;  // where several share the database, ChangeFeed::node; else what people call this server
  Duration keep_for = std::chrono::hours(24 * 7);
  std::size_t at_once = 64;
  Duration cleaning_period = std::chrono::hours(1);
  Duration presence_period = Presence::kRenewEvery;
};

class OperationRunner {
 public:
  static constexpr std::size_t kMaxParts = 1'000;
  static constexpr std::size_t kMaxResultBytes = std::size_t{16} << 20U;

  using Job = std::function<io::Task<Result<std::string>>(OperationProgress)>;
  using Observer = std::function<void(const OperationView&)>;

  OperationRunner(store::Store& store, ledger::Ledger& ledger, const Clock& clock, io::Executor executor, OperationOptions options = {})
      : store_(store), ledger_(ledger), clock_(clock), executor_(std::move(executor)), options_(std::move(options)), presence_(store) {}

  // Calls `observer` at each change of state or progress. For the start.
  void on_change(Observer observer) { observer_ = std::move(observer); }
  // Ends as interrupted what nobody runs any more, and makes this node present. For the start, before there are coroutines. Where this process is
  // alone with its database nobody runs anything then; where others share it, what a node runs that lives is left to it (presence.h).
  Result<void> start();
  // Keeps this node present and ends what the nodes ran that have gone since, until the token asks to stop. Nothing to do for who is alone.
  io::Task<void> run_presence(std::stop_token stop);
  // After the last of its operations: what is left of this node's is ended by others at once.
  io::Task<void> leave();
  // Asks every job to end; they then are cancelled.
  void stop();
  std::size_t running() const { return live_.lock()->size(); }

  // Who may start it is decided by whoever calls this.
  io::Task<Result<model::Operation>> begin(Principal principal, OperationPlan plan, model::ChangeContext request, Job job);

  Result<store::Page<model::Operation>> list(const Principal& principal, const store::Query& query);
  Result<OperationView> get(const Principal& principal, model::Id<model::Operation> id);
  // Its own caller's or an administrator's. One that is over stays as it is. Errors: FailedPrecondition (it runs on another node).
  Result<OperationView> cancel(const Principal& principal, model::Id<model::Operation> id);

  // Erases what is older than options.keep_for.
  io::Task<Result<std::uint64_t>> clean();
  io::Task<void> run_cleaning(std::stop_token stop);

 private:
  friend class OperationProgress;
  struct Live {
    OperationView view;
    std::stop_source stop;
  };

  io::Task<void> run(model::Id<model::Operation> id, Job job);
  // Changes a live operation and tells it; nothing when it is over.
  std::optional<OperationView> change(model::Id<model::Operation> id, const std::function<void(OperationView&)>& edit);
  io::Task<Result<void>> store_view(OperationView view);
  // Within a work: renews the presence, and ends what is run by no node that lives. Answers what it ended.
  Result<std::vector<OperationView>> end_abandoned(ledger::Transaction& transaction) const;
  void tell(const std::vector<OperationView>& views) const;

  store::Store& store_;
  ledger::Ledger& ledger_;
  const Clock& clock_;
  const io::Executor executor_;
  const OperationOptions options_;
  const Presence presence_;
  Observer observer_;
  Guarded<std::map<std::uint64_t, Live>> live_;
};

}  // namespace ipam::service
