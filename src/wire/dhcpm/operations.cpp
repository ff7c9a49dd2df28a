#include "wire/dhcpm/operations.h"

#include <fmt/format.h>

namespace ipam::wire::dhcpm {

Error result_error(std::uint32_t result) {
  const auto text = [&](ErrorCode code, std::string_view meaning) { return Error(code, fmt::format("{} (Win32 error {})", meaning, result)); };
  switch (result) {
    case 5: return text(ErrorCode::PermissionDenied, "the account may not read the DHCP service; make it a member of the server's group DHCP Users");
    case 8:
    case 14: return text(ErrorCode::Unavailable, "the DHCP service has not enough memory");
    case kSubnetNotPresent: return text(ErrorCode::NotFound, "the server has no such scope");
    case 20013: return text(ErrorCode::Unavailable, "the DHCP service could not read its database; its event log says why");
    case 20016: return text(ErrorCode::NotFound, "the server has no such lease");
    case 20017:
    case 1723: return text(ErrorCode::Unavailable, "the DHCP service is paused or too busy now");
    default: return text(ErrorCode::FailedPrecondition, "the DHCP service refuses");
  }
}

}  // namespace ipam::wire::dhcpm
