// Operations in the API: /api/v1/operations. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

enum class OperationState { Waiting, Running, Succeeded, PartlyFailed, Failed, Cancelled, Interrupted };
BOOST_DESCRIBE_ENUM(OperationState, Waiting, Running, Succeeded, PartlyFailed, Failed, Cancelled, Interrupted)

struct OperationPart {
  std::uint32_t number = 0;
  std::string name;
  OperationState state = OperationState::Waiting;
  std::string message;
  std::optional<Time> started_at;
  std::optional<Time> ended_at;
};
BOOST_DESCRIBE_STRUCT(OperationPart, (), (number, name, state, message, started_at, ended_at))

struct Operation {
  ObjectId id;
  std::string kind;
  std::string subject;
  std::string actor;
  std::string request_id;
  std::string node;
  OperationState state = OperationState::Running;
  int percent = 0;
  std::string message;
  json::Raw result;  // what its kind says, or null
  Time started_at{};
  std::optional<Time> ended_at;
  std::vector<OperationPart> parts;  // of one operation by itself; a list tells none
};
BOOST_DESCRIBE_STRUCT(Operation, (), (id, kind, subject, actor, request_id, node, state, percent, message, result, started_at, ended_at, parts))

}  // namespace ipam::contract
