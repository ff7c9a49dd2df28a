// Taking back changes of the address plan: POST /api/v1/journal/{sequence}:undo. What was is read as ?as_of= of the objects themselves: their own
// structs, in which what is not known of the past is null. Thread rule: plain values.
#pragma once

#include "contract/operation.h"

namespace ipam::contract {

// What became of an object when a change of it was undone.
struct UndoneChange {
  std::uint64_t sequence = 0;             // of the change that was undone
  ChangeKind kind = ChangeKind::Updated;  // deleted: the change had made it; created: the change had deleted it
  std::string object_type;
  ObjectId object_id;
  std::string object_name;
};
BOOST_DESCRIBE_STRUCT(UndoneChange, (), (sequence, kind, object_type, object_id, object_name))

struct UndoAnswer {
  std::vector<UndoneChange> undone;  // in the order in which it was done: the newest change first
};
BOOST_DESCRIBE_STRUCT(UndoAnswer, (), (undone))

}  // namespace ipam::contract
