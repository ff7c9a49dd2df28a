#include "ledger/journal_verifier.h"

#include "ledger/ledger.h"

#include <fmt/format.h>

namespace ipam::ledger {

Result<void> JournalVerifier::add(const model::JournalRecord& record) {
  if (record.sequence == 0) return Error(ErrorCode::FailedPrecondition, "the journal has a record 0");
  if (ends_.contains(record.sequence - 1)) return connect(record, record.sequence - 1);
  if (waiting_.size() >= kMaxWaiting) return Error(ErrorCode::FailedPrecondition, fmt::format("the journal has no record {}", record.sequence - 1));
  waiting_.emplace(record.sequence, record);
  return {};
}

Result<void> JournalVerifier::connect(const model::JournalRecord& first, std::uint64_t before) {
  const auto end = ends_.extract(before);
  Position verified{.sequence = before, .chain = end.mapped()};
  IPAM_TRY(verify_record(first, verified));
  for (auto next = waiting_.find(verified.sequence + 1); next != waiting_.end(); next = waiting_.find(verified.sequence + 1)) {
    IPAM_TRY(verify_record(next->second, verified));
    waiting_.erase(next);
  }
  ends_[verified.sequence] = verified.chain;
  return {};
}

Result<Position> JournalVerifier::finish() {
  // What still waits follows a gap: the newest link below it is the one before.
  while (!waiting_.empty()) {
    const model::JournalRecord record = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    const auto above = ends_.lower_bound(record.sequence);
    if (above == ends_.begin()) return Error(ErrorCode::FailedPrecondition, fmt::format("the journal has no record {}", record.sequence - 1));
    IPAM_TRY(connect(record, std::prev(above)->first));
  }
  if (ends_.size() > 1) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("the journal has no record {}: records were removed", ends_.begin()->first + 1));
  }
  return Position{.sequence = ends_.begin()->first, .chain = ends_.begin()->second};
}

}  // namespace ipam::ledger
