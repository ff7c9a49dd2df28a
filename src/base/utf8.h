// UTF-8 (RFC 3629), character by character. Thread rule: a pure function.
#pragma once

#include <cstddef>
#include <string_view>

namespace ipam {

// Length of the well-formed character at the start of a text that is not empty, or 0.
std::size_t utf8_character(std::string_view text);

}  // namespace ipam
