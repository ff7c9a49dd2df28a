// JournalVerifier: whether a journal's chain is whole, from records in any order. What is nearly in order costs no memory.
// Errors: FailedPrecondition, naming the first record that is missing or not as it was written. Thread rule: one thread.
#pragma once

#include "ledger/batch.h"

#include <map>

namespace ipam::ledger {

class JournalVerifier {
 public:
  // So many records may wait for the one before them.
  static constexpr std::size_t kMaxWaiting = 1'000'000;

  Result<void> add(const model::JournalRecord& record);
  // After the last one: where the journal ends.
  Result<Position> finish();

 private:
  // The record comes after `before`: checks its link and those that waited for it.
  Result<void> connect(const model::JournalRecord& record, std::uint64_t before);

  std::map<std::uint64_t, crypto::Digest> ends_{{0, crypto::Digest{}}};  // links whose next record is still to come
  std::map<std::uint64_t, model::JournalRecord> waiting_;                // whose record before is still to come
};

}  // namespace ipam::ledger
