// BlockingLoop: runs coroutines on the calling thread and waits for them, for programs and tests that do one thing at a time.
//
//   BlockingLoop loop;
//   http::Client client(loop.executor(), options);
//   auto response = loop.run(client.send(request, deadline));
//
// An exception that leaves the task leaves run(). Thread rule: one thread at a time.
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

// One task on a loop of its own.
template <class T>
T run_blocking(Task<T> task) {
  BlockingLoop loop;
  return loop.run(std::move(task));
}

}  // namespace ipam::io
