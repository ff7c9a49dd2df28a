// Text on its way to a terminal: what is safe to print and how wide it is. Input is UTF-8, possibly broken, possibly hostile: descriptions, host
// names of DHCP clients and messages of servers were written by others. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace ipam::cli {

// The text as one line that cannot steer a terminal: control characters (C0, DEL, C1), line ends, and the marks that reverse the direction of text
// become "\x1b" or "\u202e" as visible text; bytes that are not UTF-8 become U+FFFD.
std::string printable(std::string_view text);
// The same, but line ends and tabs stay: for documents such as JSON and CSV.
std::string printable_lines(std::string_view text);

// Columns that clean text takes on a terminal: East Asian wide characters and emoji count two, combining marks none.
std::size_t display_width(std::string_view text);

// What fits in `width` columns, with `ellipsis` in place of what is cut.
std::string fit(std::string_view text, std::size_t width, std::string_view ellipsis);

// "1 scope", "2 scopes".
std::string counted(unsigned long long count, std::string_view singular, std::string_view plural);

}  // namespace ipam::cli
