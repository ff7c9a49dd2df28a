#include "wire/directory/identifiers.h"

#include <fmt/format.h>

namespace ipam::wire::directory {
namespace {

constexpr std::size_t kHead = 8;
constexpr std::size_t kMostParts = 15;
constexpr std::uint8_t kRevision = 1;

Error malformed(std::string_view what) { return {ErrorCode::Malformed, fmt::format("the octets of {} are not what they should be", what)}; }

}  // namespace

Result<SecurityIdentifier> SecurityIdentifier::decode(ByteView octets) {
  if (octets.size() < kHead || octets[0] != kRevision || octets[1] > kMostParts || octets.size() != kHead + 4U * octets[1])
    return malformed("a security identifier");
  SecurityIdentifier sid;
  for (std::size_t at = 2; at < kHead; ++at) sid.authority = sid.authority << 8U | octets[at];
  for (std::size_t at = kHead; at < octets.size(); at += 4) {
    sid.parts.push_back(static_cast<std::uint32_t>(octets[at]) | static_cast<std::uint32_t>(octets[at + 1]) << 8U |
                        static_cast<std::uint32_t>(octets[at + 2]) << 16U | static_cast<std::uint32_t>(octets[at + 3]) << 24U);
  }
  return sid;
}

Bytes SecurityIdentifier::encode() const {
  Bytes octets{kRevision, static_cast<std::uint8_t>(parts.size())};
  for (int shift = 40; shift >= 0; shift -= 8) octets.push_back(static_cast<std::uint8_t>(authority >> static_cast<unsigned>(shift)));
  for (const std::uint32_t part : parts) {
    for (unsigned shift = 0; shift < 32; shift += 8) octets.push_back(static_cast<std::uint8_t>(part >> shift));
  }
  return octets;
}

std::string SecurityIdentifier::to_string() const {
  std::string text = authority < (1ULL << 32U) ? fmt::format("S-1-{}", authority) : fmt::format("S-1-0x{:012x}", authority);
  for (const std::uint32_t part : parts) text += fmt::format("-{}", part);
  return text;
}

std::optional<std::uint32_t> SecurityIdentifier::relative() const {
  if (parts.empty()) return std::nullopt;
  return parts.back();
}

SecurityIdentifier SecurityIdentifier::account(std::uint32_t relative) const {
  SecurityIdentifier sid = *this;
  sid.parts.push_back(relative);
  return sid;
}

Result<std::string> decode_guid(ByteView octets) {
  if (octets.size() != 16) return malformed("a globally unique identifier");
  const auto& o = octets;
  return fmt::format("{:02x}{:02x}{:02x}{:02x}-{:02x}{:02x}-{:02x}{:02x}-{}-{}", o[3], o[2], o[1], o[0], o[5], o[4], o[7], o[6],
                     to_hex(octets.subspan(8, 2)), to_hex(octets.subspan(10, 6)));
}

}  // namespace ipam::wire::directory
