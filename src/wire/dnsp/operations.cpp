#include "wire/dnsp/operations.h"

#include <fmt/format.h>

namespace ipam::wire::dnsp {

Error result_error(std::uint32_t result) {
  const auto text = [&](ErrorCode code, std::string_view meaning) { return Error(code, fmt::format("{} (Win32 error {})", meaning, result)); };
  switch (result) {
    case 5:
      return text(
          ErrorCode::PermissionDenied,
          "the account may not read the DNS service; give it Read on the DNS server and its zones (for all of a domain: DnsAdmins, or an entry "
          "in the security of the server in DNS Manager)");
    case 87:
    case 9551:
    case 9556:
    case 9611: return text(ErrorCode::Unsupported, "the server does not take the question as it is asked");
    case 1168:
    case kZoneDoesNotExist: return text(ErrorCode::NotFound, "the server has no such zone");
    case kNameDoesNotExist: return text(ErrorCode::NotFound, "the zone has no such name");
    case 9005: return text(ErrorCode::PermissionDenied, "the server refuses the operation");
    case 9002:
    case 1722:
    case 8:
    case 14: return text(ErrorCode::Unavailable, "the DNS service cannot answer now");
    case 9607:
    case 9621:
    case 9622: return text(ErrorCode::FailedPrecondition, "the zone is not loaded or is locked now");
    default: return text(ErrorCode::FailedPrecondition, "the DNS service refuses");
  }
}

}  // namespace ipam::wire::dnsp
