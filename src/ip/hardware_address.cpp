#include "ip/hardware_address.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::ip {
namespace {

Result<Bytes> parse_octets(std::string_view text, std::size_t limit, std::string_view what) {
  std::string digits(text);
  // Cisco's aabb.ccdd.eeff.
  if (text.size() == 14 && text[4] == '.' && text[9] == '.') digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  Result<Bytes> bytes = from_hex(digits);
  if (!bytes || bytes->empty() || bytes->size() > limit) {
    return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is not {}", shorten(text, 60), what));
  }
  return bytes;
}

}  // namespace

Result<HardwareAddress> HardwareAddress::parse(std::string_view text) {
  return HardwareAddress(IPAM_TRY(parse_octets(text, kMaxSize, "a hardware address; write it as 00:1b:63:84:45:e6")));
}

Result<HardwareAddress> HardwareAddress::from_bytes(ByteView bytes) {
  if (bytes.empty() || bytes.size() > kMaxSize)
    return Error(ErrorCode::InvalidArgument, fmt::format("a hardware address has 1 to {} bytes", kMaxSize));
  return HardwareAddress(Bytes(bytes.begin(), bytes.end()));
}

Result<ClientId> ClientId::parse(std::string_view text) {
  return ClientId(IPAM_TRY(parse_octets(text, kMaxSize, "a client identifier; write its bytes as 01:00:1b:63")));
}

Result<ClientId> ClientId::from_bytes(ByteView bytes) {
  if (bytes.empty() || bytes.size() > kMaxSize)
    return Error(ErrorCode::InvalidArgument, fmt::format("a client identifier has 1 to {} bytes", kMaxSize));
  return ClientId(Bytes(bytes.begin(), bytes.end()));
}

}  // namespace ipam::ip
