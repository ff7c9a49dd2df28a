// Writer: rows as CSV (RFC 4180), which Reader reads back as they were. Thread rule: plain values and pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ipam::wire::csv {

struct Format {
  char separator = ',';
  std::string_view line_end = "\r\n";
};

// Appends one row. Quoted is what holds a separator, a quote or the end of a line, what has blanks at its ends, and the only field when it is empty.
void write_row(std::span<const std::string_view> fields, std::string& text, const Format& format = {});
void write_row(std::span<const std::string> fields, std::string& text, const Format& format = {});

// A spreadsheet takes a value that begins with one of "=+-@", a tab or a carriage return for a formula, which may do harm to who opens the file.
// `guard` puts an apostrophe before it (and before one that is already there), `unguard` takes it away: unguard(guard(x)) == x.
std::string guard(std::string_view value);
std::string_view unguard(std::string_view value);
bool needs_guard(std::string_view value);

}  // namespace ipam::wire::csv
