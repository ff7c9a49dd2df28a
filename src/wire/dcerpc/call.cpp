#include "wire/dcerpc/call.h"

#include <fmt/format.h>

namespace ipam::wire::dcerpc {

Result<Fault> read_fault(ByteView body) {
  constexpr std::size_t kSize = 16;
  if (body.size() < kSize) return Error(ErrorCode::Malformed, "a fault is shorter than 16 octets");
  return ndr::read<Fault>(body.first(kSize));
}

Error fault_error(std::uint32_t status) {
  const auto text = [&](ErrorCode code, std::string_view meaning) { return Error(code, fmt::format("{} (fault 0x{:08x})", meaning, status)); };
  switch (status) {
    case 0x00000005:
      return text(ErrorCode::PermissionDenied,
                  "the server does not let this account in; give it read access to the service, or check that it is the "
                  "account meant");
    case 0x1c01000b:
      // How Samba refuses a credential on the first call; elsewhere it is a protocol error.
      return text(ErrorCode::PermissionDenied, "the server took the call for a protocol error, as it does when it refuses the account");
    case 0x000006d3: return text(ErrorCode::Unsupported, "the server does not know this kind of authentication; is it a member of a domain?");
    case 0x00000721: return text(ErrorCode::PermissionDenied, "the server could not open what was sealed for it; compare the clocks and the account");
    case 0x1c010002: return text(ErrorCode::Unsupported, "the server does not have this operation; it is of an older version");
    case 0x1c010003: return text(ErrorCode::Unsupported, "the server does not serve this interface");
    case 0x000006f7: return text(ErrorCode::Malformed, "the server could not read the parameters of the call");
    case 0x1c010014:
    case 0x000006bb: return text(ErrorCode::Unavailable, "the server is too busy now");
    case 0x1c00001d: return text(ErrorCode::Unsupported, "the server does not take calls that are sealed");
    case 0x1c00001b:
    case 0x0000000e: return text(ErrorCode::Unavailable, "the server has not enough memory for the call");
    case 0x1c00001a:
    case 0x000006f5: return text(ErrorCode::Stale, "the server does not know the handle any more");
    default: return text(ErrorCode::FailedPrecondition, "the server could not carry out the call");
  }
}

Result<void> Assembler::add(const Header& header, ByteView parameters) {
  if (header.call_id != call_id_) return Error(ErrorCode::Malformed, fmt::format("an answer to call {} came for call {}", header.call_id, call_id_));
  if (((header.flags & kFirstFragment) != 0) == begun_) return Error(ErrorCode::Malformed, "the fragments of an answer are out of order");
  if (complete_) return Error(ErrorCode::Malformed, "an answer goes on behind its end");
  if (parameters.size() > limit_ - parameters_.size()) return Error(ErrorCode::Malformed, fmt::format("the answer is longer than {} octets", limit_));
  begun_ = true;
  complete_ = (header.flags & kLastFragment) != 0;
  parameters_.insert(parameters_.end(), parameters.begin(), parameters.end());
  return {};
}

}  // namespace ipam::wire::dcerpc
