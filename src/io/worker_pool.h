// WorkerPool: a bounded number of threads for calls that block (name look-ups, LDAP, GSS-API, databases), with a bounded queue before them.
//
//   auto job = [database, query] { return database->list(query); };
//   auto rows = co_await pool.run(job, deadline);   // Result<Rows>
//
// The function returns a value, a Result or nothing; it must own what it captures, because a caller whose deadline passes leaves before it ends. It
// is taken out of a named variable, and nothing else compiles: GCC 12 destroys a lambda twice that is written inside a co_await expression. Errors of
// run: the function's own; Overloaded when the queue is full; Cancelled when the pool stopped first; Internal when the function threw (a bug: logged
// here). Thread rule: any thread. Stop it before the I/O pool whose coroutines wait for it.
#pragma once

#include "base/guarded.h"
#include "io/completion.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace ipam::io {

namespace detail {

template <class T>
struct ValueOf {
  using type = T;
};
template <class T>
struct ValueOf<Result<T>> {
  using type = T;
};

class Job {
 public:
  virtual ~Job() = default;
  virtual void run() = 0;
};

Error thrown_error(const std::exception_ptr& exception);

template <class F, class T>
class CompletingJob final : public Job {
 public:
  CompletingJob(F function, Completion<T> completion) : function_(std::move(function)), completion_(std::move(completion)) {}
  ~CompletingJob() override {
    // Without effect when the job ran: only the first answer counts.
    completion_.complete(Error(ErrorCode::Cancelled, "the program is stopping"));
  }

  void run() override {
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
        function_();
        completion_.complete(Result<void>());
      } else {
        completion_.complete(function_());
      }
    } catch (...) {
      completion_.complete(thrown_error(std::current_exception()));
    }
  }

 private:
  F function_;
  Completion<T> completion_;
};

}  // namespace detail

class WorkerPool {
 public:
  // `name` is for messages: "the database readers".
  WorkerPool(std::string name, std::size_t threads, std::size_t queue_limit);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  template <class F, class T = typename detail::ValueOf<std::invoke_result_t<F&>>::type>
  Task<Result<T>> run(F& function, Deadline deadline = Deadline::never()) {
    Completion<T> completion;
    auto submitted = submit(std::make_unique<detail::CompletingJob<F, T>>(std::move(function), completion));
    return finish(std::move(completion), std::move(submitted), std::move(deadline));
  }

  // Ends the threads after the jobs they are in; queued jobs answer Cancelled. Idempotent; the destructor calls it.
  void stop();
  std::size_t queued() const;

 private:
  struct State {
    std::deque<std::unique_ptr<detail::Job>> queue;
    bool stopping = false;
  };

  template <class T>
  static Task<Result<T>> finish(Completion<T> completion, Result<void> submitted, Deadline deadline) {
    if (!submitted.ok()) co_return std::move(submitted).error();
    co_return co_await completion.wait(std::move(deadline));
  }
  Result<void> submit(std::unique_ptr<detail::Job> job);
  void work();

  const std::string name_;
  const std::size_t queue_limit_;
  Guarded<State> state_;
  std::condition_variable wake_;
  std::vector<std::thread> threads_;
};

}  // namespace ipam::io
