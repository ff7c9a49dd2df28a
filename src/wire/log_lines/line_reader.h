// LineReader: the lines of a log that grows while it is read, with the place of each in bytes.
//
//   LineReader reader({.on_line = …, .on_bad = …}, offset);    // the offset that was stored, 0 for a new file
//   IPAM_TRY(reader.feed(piece)); …                            // pieces of any size, in order
//   store(reader.offset());                                    // where reading goes on the next time
//   IPAM_TRY(reader.finish());                                 // only of a file to which nothing is written any more
//
// A line ends with LF; CRs before it and a byte order mark of UTF-8 at the start of the file do not belong to it. A line without its end is still
// being written: it is kept until its end comes, and `offset` stays before it. NULs at the start of a line (the hole that a crash leaves, where a
// file had grown but was not written) are one bad line of their own, and so is a line that is longer than allowed; reading goes on behind them.
// Memory is bounded by the longest line allowed. Lines are bytes in any encoding: see text.h. Errors: what the takers answer; the reader is of no use
// then. Thread rule: one thread.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ipam::wire::log_lines {

// Valid during the call that gives it.
struct Line {
  std::uint64_t offset = 0;  // of its first byte
  std::uint64_t size = 0;    // with its end
  std::string_view text;     // without it
};

// What could not be read, to be counted, kept aside and shown.
struct BadLine {
  static constexpr std::size_t kMaxText = 200;

  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string reason;
  std::string text;  // printable, shortened

  bool operator==(const BadLine&) const = default;
};

BadLine make_bad_line(const Line& line, std::string reason);

struct Takers {
  std::function<Result<void>(const Line&)> on_line;
  std::function<Result<void>(const BadLine&)> on_bad;
};

class LineReader {
 public:
  static constexpr std::size_t kMaxLine = 65'536;

  explicit LineReader(Takers takers, std::uint64_t offset = 0, std::size_t max_line = kMaxLine);

  Result<void> feed(std::string_view piece);
  // What waits without its end is a line, too.
  Result<void> finish();
  // Of the first byte that has not been told as a line or a bad one.
  std::uint64_t offset() const { return offset_; }

 private:
  Result<void> take_end(std::string_view last_part, std::size_t end_size);
  Result<void> take_nuls();
  void take_part(std::string_view part);

  const Takers takers_;
  const std::size_t max_line_;
  std::uint64_t offset_;
  std::uint64_t nuls_ = 0;     // at the start of the line
  std::string rest_;           // of the line that has no end yet; of a line that is too long its start
  std::uint64_t skipped_ = 0;  // bytes of the line that were not kept, because it is too long
  bool at_start_;              // of the file: a byte order mark may come
};

}  // namespace ipam::wire::log_lines
