// Escapes of the presentation format (RFC 1035 section 5.1): `\X` is the character X itself, `\DDD` the octet with this decimal number. Thread rule:
// pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipam::wire::dns {

enum class EscapeFor { Label, QuotedText };

// Appends the octet so that it reads as itself again.
void append_escaped(std::string& text, std::uint8_t octet, EscapeFor place);
// Reads one octet at `at`, escaped or not, and moves on. Nothing when an escape is not whole.
std::optional<std::uint8_t> take_octet(std::string_view text, std::size_t& at);
// The text with everything outside printable ASCII as \DDD, for messages.
std::string printable(std::string_view text);
// 0 to 15, or -1.
int hex_value(char digit);

}  // namespace ipam::wire::dns
