#include "wire/directory/filter.h"

namespace ipam::wire::directory {

std::string escape_filter_value(ByteView value) {
  std::string escaped;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const auto octet = value[at];
    if (octet < 0x20 || octet >= 0x7F || octet == '*' || octet == '(' || octet == ')' || octet == '\\') {
      escaped += "\\" + to_hex(value.subspan(at, 1));
    } else {
      escaped += static_cast<char>(octet);
    }
  }
  return escaped;
}

std::string equality_filter(std::string_view attribute, std::string_view value) {
  return "(" + std::string(attribute) + "=" + escape_filter_value(value) + ")";
}

}  // namespace ipam::wire::directory
