// Reader: the events of an audit log of the Windows DHCP server, from a file that grows while it is read.
//
//   Reader reader({.on_event = …, .on_bad = …}, {.expected_day = day_of_the_file}, state);   // the state that was stored, {} for a new file
//   IPAM_TRY(reader.feed(piece)); …                        // pieces of any size, from state.offset on
//   store(reader.state());                                 // together with the events, so that each counts once
//   IPAM_TRY(reader.finish());                             // only of a file to which nothing is written any more
//
// A file begins with a title, the legend of ids and the header of columns; both may come again in the middle, changed, and count from there on. Every
// line is an event, belongs to such a head, or is told as bad with its place; reading always goes on. That a file began anew (each weekday's file is
// overwritten a week later) is found out by whoever reads it, by its size and times. Specification: the "DHCP audit log" pages of Windows Server;
// what was not seen there is said in the README. Errors: what the takers answer. Memory: the longest line allowed. Thread rule: one thread.
#pragma once

#include "wire/dhcp_audit_log/row.h"
#include "wire/log_lines/line_reader.h"

#include <vector>

namespace ipam::wire::dhcp_audit_log {

// Where reading goes on, and what must be known to go on there.
struct State {
  static constexpr std::size_t kMaxHead = 32'768;

  std::uint64_t offset = 0;  // before the last line without an end, and before a head that has not ended
  std::string head;          // the legend in force, line by line, and as its last line the header
  DateOrder date_order = DateOrder::MonthFirst;

  bool operator==(const State&) const = default;
};

struct Options {
  std::optional<std::chrono::local_days> expected_day;  // when the file was written, by the server's clock: decides between "11/10/26" and "10/11/26"
  std::size_t max_line = log_lines::LineReader::kMaxLine;
};

class Reader {
 public:
  struct Takers {
    std::function<Result<void>(const Event&)> on_event;
    std::function<Result<void>(const log_lines::BadLine&)> on_bad;
  };

  explicit Reader(Takers takers, Options options = {}, const State& state = {});
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Result<void> feed(std::string_view piece) { return lines_.feed(piece); }
  Result<void> finish();
  State state() const;
  // Of the head that was read last; nothing before there was one.
  const std::optional<Columns>& columns() const { return columns_; }
  const Legend& legend() const { return legend_; }

 private:
  // A line of a head that has not ended; where no header follows, it was none.
  struct Waiting {
    log_lines::BadLine line;
    bool bad = false;  // in any case
  };
  Result<void> take_line(const log_lines::Line& line);
  Result<void> take_bad(const log_lines::BadLine& line);
  Result<void> take_row(const log_lines::Line& line);
  Result<void> end_head(const Columns& columns, std::string_view header);
  Result<void> give_up_head();

  static constexpr std::size_t kMaxHeadLines = 200;

  const Takers takers_;
  const Options options_;
  Legend legend_;
  std::optional<Columns> columns_;
  std::string legend_text_, header_text_;
  bool in_head_ = true;  // from the title to the header
  std::vector<Waiting> waiting_;
  DateOrder date_order_;
  Event event_;  // its memory is used again
  log_lines::LineReader lines_;
};

}  // namespace ipam::wire::dhcp_audit_log
