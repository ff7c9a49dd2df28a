// Text of logs as well-formed, printable UTF-8, whatever bytes a client or a server put there. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace ipam::wire::log_lines {

// UTF-8 (RFC 3629) stays; a text that is not well-formed UTF-8 is read as Windows-1252, byte by byte, as Western Windows servers write it (a byte
// that the code page leaves out is U+FFFD). Control characters (C0 except tab, DEL, C1, also U+2028 and U+2029, which end lines, and the signs that
// turn the direction of writing, U+202A to U+202E and U+2066 to U+2069) are told as "\x01" or "\u202e", so that a name cannot forge what a terminal
// shows. A backslash stays as it is.
std::string printable(std::string_view bytes);
// Whether printable(bytes) is the same bytes: the fast way for nearly every line.
bool is_printable_ascii(std::string_view bytes);

// The units of UTF-16 (little-endian, two bytes each; a half one at the end is left out) as UTF-8, half surrogate pairs as U+FFFD.
std::string utf8_of_utf16le(std::string_view bytes);

}  // namespace ipam::wire::log_lines
