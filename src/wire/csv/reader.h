// Reader: the rows of a CSV file, as it comes in.
//
//   Reader reader({.on_header = [&](const Header& header) -> Result<void> { … }, .on_row = [&](const Row& row) -> Result<void> { … }});
//   IPAM_TRY(reader.feed(piece)); …                // pieces of any size
//   IPAM_TRY(reader.finish());                     // a last line without its end is a row
//
// Encodings: see decoder.h. Line ends: CRLF, LF or CR, also mixed. The separator is found from the header: the most frequent of comma, semicolon and
// tab outside quotes, or what a first line "sep=;" says. A quoted field may hold separators, doubled quotes and line ends (told as LF). Spaces around
// a quoted field do not count; a quote inside a field that is not quoted is itself. Lines without anything are left out. A row with fewer fields than
// the header is filled with empty ones.
//
// What is wrong with one row is told with the row (Row::problem), and reading goes on with the next line. Errors, with the row's number and without
// its content: Malformed (no header, one that cannot be read, too many columns); what the takers answer. Thread rule: one thread.
#pragma once

#include "base/result.h"
#include "wire/csv/decoder.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::wire::csv {

struct Limits {
  std::size_t row_bytes = std::size_t{256} << 10U;
  std::size_t columns = 1'024;
};

struct Header {
  char separator = ',';
  std::uint64_t number = 1;  // its row
  std::vector<std::string> names;
};

// Valid during the call that gives it.
struct Row {
  std::uint64_t number = 0;              // as a spreadsheet counts rows; the first line is row 1
  std::uint64_t line = 0;                // as an editor counts lines: where the row begins
  std::vector<std::string_view> fields;  // as many as the header has; of a row with a problem what could be read, always well-formed UTF-8
  std::string problem;                   // empty: none
};

class Reader {
 public:
  struct Takers {
    std::function<Result<void>(const Header&)> on_header;  // once, before any row
    std::function<Result<void>(const Row&)> on_row;
  };
  explicit Reader(Takers takers, Limits limits = {}) : takers_(std::move(takers)), limits_(limits) {}

  Result<void> feed(std::string_view piece);
  Result<void> finish();

 private:
  // FieldStart: nothing but blanks yet. AfterQuote: a quote that closes or is the first of two. Closed: blanks after it.
  enum class State { FieldStart, Plain, Quoted, AfterQuote, Closed };

  Result<void> take(std::string_view text);
  Result<void> take_start(std::string_view text);
  Result<void> begin_table(std::string first_line);
  std::size_t take_run(std::string_view text);
  void take_special(char c);
  Result<void> end_line();
  Result<void> end_row();
  Result<void> give_header();
  Result<void> give_row();
  Result<void> give_too_long();
  void end_field();
  void refuse(std::string problem);
  Error malformed(std::string_view why) const;

  const Takers takers_;
  const Limits limits_;
  Decoder decoder_;
  std::string decoded_;

  std::string start_;  // the first line, until the separator is known
  bool start_quoted_ = false;
  char separator_ = 0;  // 0: not known yet
  Header header_;

  // The row that is being read: its text without quotes and separators, and where each field ends in it.
  State state_ = State::FieldStart;
  std::string text_;
  std::vector<std::size_t> ends_;
  std::string problem_;
  bool quoted_ = false;    // some field of the row was quoted
  bool skipping_ = false;  // to the end of the line: the row is over already
  bool after_cr_ = false;
  std::uint64_t number_ = 1;
  std::uint64_t line_ = 1;
  std::uint64_t row_line_ = 1;
  Row row_;
};

}  // namespace ipam::wire::csv
