#include "io/worker_pool.h"

#include "base/assert.h"
#include "base/log.h"
#include "io/exception_text.h"

#include <fmt/format.h>

namespace ipam::io {

Error detail::thrown_error(const std::exception_ptr& exception) {
  std::string text = exception_text(exception);
  log::error("IPAM-5006 a worker's job ended by an exception", {{"exception", text}});
  return {ErrorCode::Internal, "internal error", std::move(text)};
}

WorkerPool::WorkerPool(std::string name, std::size_t threads, std::size_t queue_limit) : name_(std::move(name)), queue_limit_(queue_limit) {
  IPAM_ASSERT(threads > 0, "a worker pool needs a thread");
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() { stop(); }

Result<void> WorkerPool::submit(std::unique_ptr<detail::Job> job) {
  {
    auto state = state_.lock();
    if (state->stopping) return Error(ErrorCode::Cancelled, "the program is stopping");
    if (state->queue.size() >= queue_limit_) {
      return Error(ErrorCode::Overloaded, "too much work is waiting; try again later", fmt::format("the queue of {} is full", name_));
    }
    state->queue.push_back(std::move(job));
  }
  wake_.notify_one();
  return {};
}

void WorkerPool::work() {
  while (true) {
    std::unique_ptr<detail::Job> job;
    {
      auto state = state_.lock();
      wake_.wait(state.raw(), [&] { return state->stopping || !state->queue.empty(); });
      if (state->stopping) return;
      job = std::move(state->queue.front());
      state->queue.pop_front();
    }
    job->run();
  }
}

void WorkerPool::stop() {
  std::deque<std::unique_ptr<detail::Job>> dropped;
  {
    auto state = state_.lock();
    state->stopping = true;
    dropped.swap(state->queue);
  }
  wake_.notify_all();
  dropped.clear();  // answers Cancelled, outside the lock
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t WorkerPool::queued() const { return state_.lock()->queue.size(); }

}  // namespace ipam::io
