// IoPool: the threads that run coroutines. Each thread serves an executor of its own, so work on one executor never runs at the same time as other
// work on it; new work is spread by taking `executor()` in turn.
//
// Order of the end: stop everything that completes coroutines from outside (WorkerPool, writers) while the pool still runs, then stop the pool.
// Coroutines that still wait are destroyed with the pool, not resumed. Thread rule: any thread, but stop() from none of its own.
#pragma once

#include "io/task.h"

#include <atomic>
#include <memory>
#include <vector>

namespace ipam::io {

class IoPool {
 public:
  explicit IoPool(std::size_t threads);
  ~IoPool();
  IoPool(const IoPool&) = delete;
  IoPool& operator=(const IoPool&) = delete;

  // The next executor in turn.
  Executor executor();
  std::size_t size() const { return loops_.size(); }
  Executor executor_at(std::size_t index) const;
  // Ends the threads after what they run right now. Idempotent; the destructor calls it.
  void stop();

 private:
  struct Loop;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::atomic<std::size_t> next_ = 0;
};

}  // namespace ipam::io
