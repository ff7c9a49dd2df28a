// DetailReader: the entries of a detail file of FreeRADIUS (module rlm_detail), from a file that grows while it is read.
//
// An entry is a line with the date, lines of a tab and "Name = value", and an empty line. `Timestamp` is when the server received it. Values are
// texts in double quotes with backslashes, numbers, addresses, octets ("0x…") or the server's names of numbers ("Start"). Cursor, places and bad
// lines: wire/log_lines/line_reader.h; the offset stays before an entry that has not ended. Other readers of detail files mark what they have taken
// by changing "Timestamp" to "Done": such entries are read like any other. Errors: what the takers answer. Memory: one entry (kMaxAttributes). Thread
// rule: one thread.
#pragma once

#include "wire/log_lines/line_reader.h"
#include "wire/radius/accounting.h"

namespace ipam::wire::radius {

struct DetailEntry {
  std::uint64_t offset = 0, size = 0;
  std::optional<Time> received;
  std::string packet_source;  // Packet-Src-IP-Address, where the server is told to write it
  std::string unique_id;      // Acct-Unique-Session-Id
  Accounting accounting;

  bool operator==(const DetailEntry&) const = default;
};

class DetailReader {
 public:
  static constexpr std::size_t kMaxAttributes = 512;

  struct Takers {
    std::function<Result<void>(const DetailEntry&)> on_entry;
    std::function<Result<void>(const log_lines::BadLine&)> on_bad;
  };

  explicit DetailReader(Takers takers, std::uint64_t offset = 0);
  DetailReader(const DetailReader&) = delete;
  DetailReader& operator=(const DetailReader&) = delete;

  Result<void> feed(std::string_view piece) { return lines_.feed(piece); }
  Result<void> finish();
  std::uint64_t offset() const { return begun_ ? entry_.offset : lines_.offset(); }

 private:
  Result<void> take_line(const log_lines::Line& line);
  Result<void> take_bad(const log_lines::BadLine& line);
  Result<void> end_entry();

  const Takers takers_;
  bool begun_ = false;
  DetailEntry entry_;
  std::string head_;     // its first line
  std::string problem_;  // of the entry; empty: none
  bool has_status_ = false;
  std::size_t attributes_ = 0;
  log_lines::LineReader lines_;
};

}  // namespace ipam::wire::radius
