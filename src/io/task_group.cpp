#include "io/task_group.h"

#include "base/assert.h"
#include "base/log.h"
#include "io/exception_text.h"

#include <boost/asio/co_spawn.hpp>

namespace ipam::io {

struct TaskGroup::State : std::enable_shared_from_this<TaskGroup::State> {
  State(const Executor& executor_in, std::size_t limit_in) : executor(executor_in), limit(limit_in) {}

  void launch(Task<void> task) {
    ++running;
    boost::asio::co_spawn(executor, std::move(task), [self = shared_from_this()](const std::exception_ptr& exception) { self->finished(exception); });
  }

  void finished(const std::exception_ptr& exception) {
    if (exception) {
      const std::string text = exception_text(exception);
      log::error("IPAM-5005 a task of a group ended by an exception", {{"exception", text}});
      if (!failure) failure.emplace(ErrorCode::Internal, "internal error", text);
    }
    --running;
    if (!queue.empty()) {
      Task<void> next = std::move(queue.front());
      queue.pop_front();
      launch(std::move(next));
    }
    if (running == 0 && idle) resume_later(idle->mark());
  }

  Executor executor;
  std::size_t limit;
  std::size_t running = 0;
  std::deque<Task<void>> queue;
  std::stop_source stop;
  std::shared_ptr<Signal> idle;
  std::optional<Error> failure;
};

TaskGroup::TaskGroup(const Executor& executor, std::size_t limit) : state_(std::make_shared<State>(executor, limit)) {
  IPAM_ASSERT(limit > 0, "a task group needs room for a task");
}

TaskGroup::~TaskGroup() {
  state_->queue.clear();
  state_->stop.request_stop();
}

void TaskGroup::start(Task<void> task) {
  if (state_->running < state_->limit) return state_->launch(std::move(task));
  state_->queue.push_back(std::move(task));
}

Task<Result<void>> TaskGroup::wait() {
  const std::shared_ptr<State> state = state_;
  if (state->running > 0) {
    state->idle = std::make_shared<Signal>();
    const auto waited = co_await Signal::wait(state->idle, Deadline::never());
    IPAM_ASSERT(waited.ok(), "a wait without deadline was interrupted");
    state->idle.reset();
  }
  if (state->failure) co_return *state->failure;
  co_return Result<void>();
}

void TaskGroup::cancel() { state_->stop.request_stop(); }

Deadline TaskGroup::deadline(Duration duration) const { return Deadline::after(duration).with(state_->stop.get_token()); }

std::size_t TaskGroup::running() const { return state_->running; }

}  // namespace ipam::io
