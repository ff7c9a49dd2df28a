#include "wire/directory/dhcp_server_value.h"

#include "base/strings.h"

namespace ipam::wire::directory {
namespace {

constexpr std::size_t kLongest = 4096;
constexpr std::string_view kCommonName = "cn=";

std::string without_dot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return std::string(host);
}

}  // namespace

Result<DhcpServerValue> DhcpServerValue::parse(std::string_view text) {
  if (text.size() > kLongest || !is_clean_text(text)) return Error(ErrorCode::Malformed, "an authorized DHCP server is not told as text");
  DhcpServerValue value;
  std::string common_name;
  for (const std::string_view field : split(text, '$')) {
    if (field.empty()) continue;
    const std::string_view rest = field.substr(1);
    switch (field.front()) {
      case 'i':
        if (auto address = ip::Address::parse(rest); address.ok()) value.address = *address;
        break;
      case 's': value.host = without_dot(rest); break;
      case 'r':
        if (to_lower(rest.substr(0, kCommonName.size())) == kCommonName) common_name = without_dot(rest.substr(kCommonName.size()));
        break;
      default: break;
    }
  }
  if (value.host.empty()) value.host = std::move(common_name);
  if (!value.address && value.host.empty())
    return Error(ErrorCode::Malformed, "an authorized DHCP server has neither address nor name: '" + shorten(text, 80) + "'");
  return value;
}

}  // namespace ipam::wire::directory
