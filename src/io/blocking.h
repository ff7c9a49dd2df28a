// BlockingLoop: runs coroutines on the calling thread and waits for them, for programs and tests that do one thing at a time.
//
//   BlockingLoop loop;
//   http::Client client(loop.executor(), options);
//   auto response = loop.run(client.send(request, deadline));
//
// An exception that leaves the task leaves run(). What completes its coroutines from other threads (WorkerPool, Resolver) is declared after the loop,
// so that it ends before the loop does. Thread rule: one thread at a time.
#pragma once

#include "io/task.h"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace ipam::io {

class BlockingLoop {
 public:
  BlockingLoop();
  ~BlockingLoop();
  BlockingLoop(const BlockingLoop&) = delete;
  BlockingLoop& operator=(const BlockingLoop&) = delete;

  Executor executor() const;

  template <class T>
  T run(Task<T> task) {
    std::optional<T> value;
    run_to_end(store(std::move(task), &value));
    return std::move(*value);
  }
  void run(Task<void> task) { run_to_end(std::move(task)); }

 private:
  template <class T>
  static Task<void> store(Task<T> task, std::optional<T>* value) {
    value->emplace(co_await std::move(task));
  }
  void run_to_end(Task<void> task);

  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace ipam::io
