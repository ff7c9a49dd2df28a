// TaskGroup: runs many tasks on one executor, at most `limit` at a time, and waits for all.
//
//   TaskGroup group(executor, 64);
//   for (const Server& server : servers) group.start(poll(server, group.deadline(timeout)));
//   co_await group.wait();
//
// A task reports its outcome by itself (it fails alone); an exception that leaves one is a bug: logged, and wait() answers Internal. Whoever starts
// tasks that refer to his own frame awaits wait() before leaving it. Thread rule: everything on the group's executor; cancel from any thread.
#pragma once

#include "base/result.h"
#include "io/completion.h"

#include <deque>
#include <memory>
#include <stop_token>

namespace ipam::io {

class TaskGroup {
 public:
  TaskGroup(const Executor& executor, std::size_t limit);
  // Asks what still runs to stop; it cannot wait for it.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts the task now or as soon as another one ends.
  void start(Task<void> task);
  // Ends when no task runs or waits to run. Errors: Internal when a task threw.
  Task<Result<void>> wait();
  // Asks every task to stop: the waits that use deadline() end with Cancelled. Tasks not yet started still start, and see it at once.
  void cancel();
  // A deadline that cancel() ends.
  Deadline deadline(Duration duration) const;
  std::size_t running() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the tasks' completion handlers
};

}  // namespace ipam::io
