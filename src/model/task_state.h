// Bookkeeping of the scheduled tasks: period, last run and its outcome for each managed server. Thread rule: plain values.
#pragma once

#include "model/managed_server.h"

namespace ipam::model {

enum class TaskResult : std::uint8_t { Never, Running, Succeeded, PartlyFailed, Failed, Cancelled };
BOOST_DESCRIBE_ENUM(TaskResult, Never, Running, Succeeded, PartlyFailed, Failed, Cancelled)

struct TaskState {
  std::string name;  // "ServerConfiguration"
  std::int64_t period_seconds = 0;
  bool enabled = true;
  std::uint64_t runs = 0;  // how many have ended: grows by one with each run, so that a caller can wait for "the next one"
  TaskResult last_result = TaskResult::Never;
  std::string last_message;
  std::optional<Time> last_started_at;
  std::optional<Time> last_ended_at;
  std::optional<Time> next_due_at;

  bool operator==(const TaskState&) const = default;
};
BOOST_DESCRIBE_STRUCT(TaskState, (), (name, period_seconds, enabled, runs, last_result, last_message, last_started_at, last_ended_at, next_due_at))

// What the last run of a task had to say about one server.
struct TaskOutcome {
  std::string task;
  Id<ManagedServer> server_id;
  std::string server_name;
  TaskResult result = TaskResult::Never;
  std::string message;  // figures of a success; of a failure the failing step and its remedy
  Time started_at{};
  Time ended_at{};

  bool operator==(const TaskOutcome&) const = default;
};
BOOST_DESCRIBE_STRUCT(TaskOutcome, (), (task, server_id, server_name, result, message, started_at, ended_at))

}  // namespace ipam::model
