#include "wire/dnsp/name_text.h"

#include <fmt/format.h>

namespace ipam::wire::dnsp {

Result<dns::Name> parse_name(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (octet > 0x20 && octet < 0x7F) {
      escaped += c;
    } else {
      escaped += fmt::format("\\{:03}", octet);
    }
  }
  return dns::Name::parse(escaped);
}

std::string name_text(const dns::Name& name) {
  if (name.is_root()) return ".";
  std::string text;
  const ByteView wire = name.wire();
  for (std::size_t at = 0; wire[at] != 0; at += 1U + wire[at]) {
    for (const std::uint8_t octet : wire.subspan(at + 1, wire[at])) {
      if (octet == '.' || octet == '\\') text += '\\';
      text += static_cast<char>(octet);
    }
    text += '.';
  }
  return text;
}

}  // namespace ipam::wire::dnsp
