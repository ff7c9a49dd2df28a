// Reader: the entries of an NPS log (IN*.log), from a file that grows while it is read, in any of its formats; also when the format was changed in
// the middle of a file. Cursor, places and bad lines: wire/log_lines/line_reader.h. An entry of a DTS file may go over several lines. Errors: what
// the takers answer. Memory: the longest entry (64 KiB). Thread rule: one thread.
#pragma once

#include "wire/log_lines/line_reader.h"
#include "wire/nps_log/record.h"

namespace ipam::wire::nps_log {

struct Takers {
  std::function<Result<void>(const Record&)> on_record;
  std::function<Result<void>(const log_lines::BadLine&)> on_bad;
};

class Reader {
 public:
  explicit Reader(Takers takers, std::uint64_t offset = 0);
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Result<void> feed(std::string_view piece) { return lines_.feed(piece); }
  Result<void> finish();
  // Before an entry that has not ended.
  std::uint64_t offset() const { return entry_.empty() ? lines_.offset() : entry_offset_; }

 private:
  Result<void> take_line(const log_lines::Line& line);
  Result<void> take_bad(const log_lines::BadLine& line);
  Result<void> take_entry(const log_lines::Line& entry);
  Result<void> give_up_entry(std::string_view why);

  const Takers takers_;
  std::string entry_;  // an <Event> whose end has not come
  std::uint64_t entry_offset_ = 0, entry_size_ = 0;
  log_lines::DateOrder order_ = log_lines::DateOrder::MonthFirst;
  log_lines::LineReader lines_;
};

}  // namespace ipam::wire::nps_log
