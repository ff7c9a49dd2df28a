// Moment: a place in the journal that a caller names by an instant (RFC 3339, or a date: its beginning in UTC) or by the sequence of a record. The
// plan at a moment is what all records up to there have made.
//
// The horizon is the oldest record of the journal: nothing is told of before. Records that a restore has lost leave a gap of which nothing is told
// either. Thread rule: plain values; read_moment blocks on the database.
#pragma once

#include "model/journal.h"
#include "store/store.h"

#include <string>
#include <string_view>

namespace ipam::service {

struct Moment {
  std::uint64_t sequence = 0;  // of the last record that counts
  std::uint64_t horizon = 0;   // sequence of the oldest record
  Time at{};                   // the instant that was asked for, or that of the record

  // "sequence 12 (2026-11-01T00:00:00Z)".
  std::string to_string() const;
};

// Errors: InvalidArgument on /as_of: neither an instant nor a sequence, in the future, before the horizon, or lost with a restore.
Result<Moment> read_moment(store::Reader& reader, std::string_view text, Time now);

// The record with this sequence, or the next one after or before it.
Result<std::optional<model::JournalRecord>> record_from(store::Reader& reader, std::uint64_t sequence);
Result<std::optional<model::JournalRecord>> record_until(store::Reader& reader, std::uint64_t sequence);

}  // namespace ipam::service
