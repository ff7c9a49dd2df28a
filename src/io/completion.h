// Completion<T>: the answer that a plain thread owes to a waiting coroutine.
//
//   coroutine:  Completion<Reply> completion;  queue.push({request, completion});  auto reply = co_await completion.wait(deadline);
//   thread:     completion.complete(reply);                          // one answer
//               CompletionBatch batch;  for (…) batch.complete(c, r);  batch.flush();   // many: one post for each I/O thread
//
// Copies share one state. Exactly one coroutine waits, once; the first complete() counts. Whoever holds a completion must complete it: a coroutine
// that waits for one that is forgotten waits until its deadline, and without a deadline for ever. A wait that ends by its deadline leaves the answer
// to nobody; what the thread does must therefore own all it touches. The thread must end before the I/O pool of the waiting coroutine is destroyed.
// Thread rule: complete from any thread; wait on an I/O executor.
#pragma once

#include "base/result.h"
#include "io/deadline.h"
#include "io/task.h"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace ipam::io {

// A coroutine that waits to be resumed on its executor.
class Waiter {
 public:
  explicit Waiter(Executor executor) : executor_(std::move(executor)) {}
  virtual ~Waiter() = default;
  virtual void resume() = 0;  // on the executor's thread only
  const Executor& executor() const { return executor_; }

 private:
  Executor executor_;
};

// The event without a value that Completion is made of.
class Signal {
 public:
  // Marks the event and hands over who waits for it, if anyone does already. Nothing when it was marked before.
  std::unique_ptr<Waiter> mark();
  bool marked() const;
  // Ends when the event is marked. Errors: DeadlineExceeded, Cancelled.
  static Task<Result<void>> wait(std::shared_ptr<Signal> signal, Deadline deadline);

 private:
  friend struct SignalAccess;
  mutable std::mutex mutex_;
  bool marked_ = false;
  std::unique_ptr<Waiter> waiter_;
};

// Posts the resumption of one coroutine to its executor; nothing for a null waiter.
void resume_later(std::unique_ptr<Waiter> waiter);

template <class T>
class Completion {
 public:
  Completion() : state_(std::make_shared<State>()) {}

  void complete(Result<T> answer) const { resume_later(settle(std::move(answer))); }

  // Errors: the answer's own, DeadlineExceeded, Cancelled.
  Task<Result<T>> wait(Deadline deadline = Deadline::never()) const { return wait_for(state_, std::move(deadline)); }

 private:
  friend class CompletionBatch;

  struct State : Signal {
    std::mutex answer_mutex;
    std::optional<Result<T>> answer;
  };

  std::unique_ptr<Waiter> settle(Result<T> answer) const {
    {
      const std::lock_guard lock(state_->answer_mutex);
      if (state_->answer) return nullptr;
      state_->answer.emplace(std::move(answer));
    }
    return state_->mark();
  }

  static Task<Result<T>> wait_for(std::shared_ptr<State> state, Deadline deadline) {
    const auto waited = co_await Signal::wait(state, std::move(deadline));
    if (!waited.ok()) co_return waited.error();
    co_return std::move(*state->answer);
  }

  std::shared_ptr<State> state_;
};

// Collects the answers to many coroutines and resumes them with one post for each I/O thread. Thread rule: one thread.
class CompletionBatch {
 public:
  CompletionBatch() = default;
  ~CompletionBatch() { flush(); }
  CompletionBatch(const CompletionBatch&) = delete;
  CompletionBatch& operator=(const CompletionBatch&) = delete;

  template <class T>
  void complete(const Completion<T>& completion, Result<T> answer) {
    if (auto waiter = completion.settle(std::move(answer))) waiters_.push_back(std::move(waiter));
  }
  void flush();

 private:
  std::vector<std::unique_ptr<Waiter>> waiters_;
};

}  // namespace ipam::io
