// A long piece of work that goes on after its request was answered: who asked for it, how far it is, what came of each part. Bookkeeping.
// Thread rule: plain values.
#pragma once

#include "model/access.h"

namespace ipam::model {

// Interrupted: the server ended while it ran.
enum class OperationState : std::uint8_t { Waiting, Running, Succeeded, PartlyFailed, Failed, Cancelled, Interrupted };
BOOST_DESCRIBE_ENUM(OperationState, Waiting, Running, Succeeded, PartlyFailed, Failed, Cancelled, Interrupted)

inline bool is_over(OperationState state) { return state != OperationState::Waiting && state != OperationState::Running; }

struct Operation {
  Id<Operation> id;
  std::string kind;     // "server_collection", "task_run", "batch"
  std::string subject;  // what it works on, as a person calls it
  std::string actor;
  Id<User> user_id;
  std::string request_id;
  std::string node;  // that runs it
  OperationState state = OperationState::Running;
  int percent = 0;
  std::string message;  // what came of it, in a sentence
  std::string result;   // JSON that its kind defines; empty: none
  Time started_at{};
  std::optional<Time> ended_at;

  bool operator==(const Operation&) const = default;
};
BOOST_DESCRIBE_STRUCT(Operation, (), (id, kind, subject, actor, user_id, request_id, node, state, percent, message, result, started_at, ended_at))

// One of its parts: a step, or one object of many.
struct OperationPart {
  Id<Operation> operation_id;
  std::uint32_t number = 0;  // from 1
  std::string name;
  OperationState state = OperationState::Waiting;
  std::string message;  // figures of a success; of a failure what would mend it
  std::optional<Time> started_at;
  std::optional<Time> ended_at;

  bool operator==(const OperationPart&) const = default;
};
BOOST_DESCRIBE_STRUCT(OperationPart, (), (operation_id, number, name, state, message, started_at, ended_at))

}  // namespace ipam::model
