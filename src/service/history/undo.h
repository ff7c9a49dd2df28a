// Undo: takes back changes of the address plan and of custom fields, inside one transaction, newest first: what was made is deleted, what was deleted
// is made again under its old id, and of what was changed exactly those fields get their values back that the record tells of (of the custom fields
// each by itself).
//
// It goes by values: a change can be undone while the object still holds what it left. In between, the steps may break the rules between objects, as
// the change that they undo did (a split, a merge); at the end every object that was touched must be one that a person could make (placement.h).
// Errors: FailedPrecondition, saying which change and what is in the way. Thread rule: the ledger's writer thread.
#pragma once

#include "ledger/step_text.h"
#include "ledger/transaction.h"

namespace ipam::service {

// What became of an object when a change of it was undone.
struct UndoneChange {
  std::uint64_t sequence = 0;  // of the change that was undone
  model::ChangeKind kind = model::ChangeKind::Updated;
  std::string object_type;
  std::uint64_t object_id = 0;
  std::string object_name;
};

// Changes that one request may undo at most: a transaction holds up all others.
inline constexpr std::size_t kMaxUndone = 10'000;

// `records`, newest first. Errors: Unsupported records are refused by check_undoable.
Result<std::vector<UndoneChange>> undo_in(ledger::Transaction& transaction, const std::vector<model::JournalRecord>& records);
// Whether the record is of a kind that can be undone here. Errors: FailedPrecondition, saying what is done instead.
Result<void> check_undoable(const model::JournalRecord& record);

}  // namespace ipam::service

namespace ipam::ledger {

template <>
struct StepText<service::UndoneChange> {
  static std::string write(const service::UndoneChange& change);
  static Result<service::UndoneChange> read(std::string_view text);
};

}  // namespace ipam::ledger
