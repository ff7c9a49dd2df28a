// JournalDump: finds the journal's records in the text that pg_restore makes of a dump: "COPY schema.journal (columns) FROM stdin;", a row a line
// (postgresql.org/docs/15/sql-copy.html, Text Format), "\.". Everything else is passed over. The text is that of a file which may be damaged: rows
// that cannot be read are Malformed, lines are bounded. Thread rule: one thread.
#pragma once

#include "store/backup.h"

namespace ipam::store::postgres {

class JournalDump {
 public:
  static constexpr std::size_t kMaxLine = std::size_t{64} << 20U;

  explicit JournalDump(OnJournalRecord on_record) : on_record_(std::move(on_record)) {}

  // The next piece of the text. Errors: Malformed; those of on_record.
  Result<void> take(std::string_view piece);
  // Whether the text went on to its end: the journal was there, and whole.
  Result<void> finish() const;
  std::uint64_t records() const { return records_; }

 private:
  enum class Place { Outside, OtherRows, JournalRows };

  Result<void> take_line(std::string_view line);
  Result<void> read_header(std::string_view line);
  Result<void> read_row(std::string_view line);

  const OnJournalRecord on_record_;
  Place place_ = Place::Outside;
  std::string rest_;            // the begin of a line whose end is still to come
  std::vector<int> positions_;  // of each column of the table, in the lines
  bool complete_ = false;
  std::uint64_t records_ = 0;
};

}  // namespace ipam::store::postgres
