#include "tasks/task_lease.h"

#include "base/log.h"
#include "io/sleep.h"

#include <fmt/format.h>

namespace ipam::tasks {
namespace {

using store::TaskLease;

Error held_elsewhere(const std::string& task) {
  return {ErrorCode::Conflict, fmt::format("task {} is run by another server meanwhile; this run's result is not stored", task)};
}

}  // namespace

Result<std::optional<TaskLease>> TaskLeases::stored(ledger::Transaction& transaction, const std::string& task) const {
  return store::find_where<TaskLease>(transaction.committed(), {{"task", store::Comparison::Equal, task}});
}

io::Task<Result<std::optional<TaskLeases::Lease>>> TaskLeases::take(std::string task) {
  if (alone()) co_return std::optional<Lease>(Lease{});
  std::function<Result<std::optional<Lease>>(ledger::Transaction&)> work = [this,
                                                                            task](ledger::Transaction& transaction) -> Result<std::optional<Lease>> {
    const auto known = IPAM_TRY(stored(transaction, task));
    const Time now = IPAM_TRY(feed_->now());
    if (known && !known->holder.empty() && known->holder != feed_->node() && now < known->until) return std::optional<Lease>{};
    const TaskLease lease{task, feed_->node(), known ? known->token + 1 : 1, now + kTerm};
    transaction.put_row(lease);
    return std::optional<Lease>(Lease{lease.token});
  };
  const model::ChangeContext context;
  auto written = co_await ledger_.write(context, ledger::Priority::Interactive, work);
  if (!written.ok()) co_return std::move(written).error();
  co_return written->value;
}

io::Task<void> TaskLeases::keep(std::string task, Lease lease, std::stop_token stop, std::stop_source lost) {
  if (alone()) co_return;
  auto until = std::chrono::steady_clock::now() + kTerm;
  while (true) {
    const io::Deadline stopped = io::Deadline::never().with(stop);
    const auto slept = co_await io::sleep_for(kRenewEvery, stopped);
    if (!slept.ok()) co_return;
    const auto began = std::chrono::steady_clock::now();
    ledger::Work renew = [this, task, lease](ledger::Transaction& transaction) -> Result<void> {
      IPAM_TRY(check(transaction, task, lease));
      const Time now = IPAM_TRY(feed_->now());
      transaction.put_row(TaskLease{task, feed_->node(), lease.token, now + kTerm});
      return {};
    };
    const auto renewed = co_await ledger_.commit(ledger::Priority::Interactive, renew);
    if (renewed.ok()) until = began + kTerm;
    const bool gone = !renewed.ok() && renewed.error().code == ErrorCode::Conflict;
    if (!gone && std::chrono::steady_clock::now() < until) continue;
    log::warning("IPAM-4014 a task's run is ended: another server may have begun it", {{"task", task}});
    lost.request_stop();
    co_return;
  }
}

io::Task<void> TaskLeases::release(std::string task, Lease lease) {
  if (alone()) co_return;
  ledger::Work work = [this, task, lease](ledger::Transaction& transaction) { return give_back(transaction, task, lease); };
  const auto released = co_await ledger_.commit(ledger::Priority::Interactive, work);
  if (!released.ok()) log::debug("a lease is left to its end", {{"task", task}, {"error", released.error().describe()}});
}

Result<void> TaskLeases::check(ledger::Transaction& transaction, const std::string& task, Lease lease) const {
  if (alone()) return {};
  const auto known = IPAM_TRY(stored(transaction, task));
  if (!known || known->token != lease.token || known->holder != feed_->node()) return held_elsewhere(task);
  return {};
}

Result<void> TaskLeases::give_back(ledger::Transaction& transaction, const std::string& task, Lease lease) const {
  if (alone()) return {};
  IPAM_TRY(check(transaction, task, lease));
  transaction.put_row(TaskLease{task, {}, lease.token, {}});
  return {};
}

}  // namespace ipam::tasks
