// Packets of RADIUS accounting (RFC 2866) and of Status-Server (RFC 5997), over octets.
//
//   IPAM_TRY(verify_request(octets, secret));        // before anything in the packet is believed
//   const Packet request = IPAM_TRY(parse_packet(octets));
//   send(make_response(request, secret));            // the same octets for the same request, as a repeated one must get
//
// Thread rule: plain values and pure functions.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

#include <array>
#include <cstdint>
#include <vector>

namespace ipam::wire::radius {

inline constexpr std::size_t kMinPacket = 20;
inline constexpr std::size_t kMaxPacket = 4'096;

enum class Code : std::uint8_t { AccountingRequest = 4, AccountingResponse = 5, StatusServer = 12 };

// RFC 2865 section 5.
struct Attribute {
  std::uint8_t type = 0;
  Bytes value;  // at most 253 octets

  bool operator==(const Attribute&) const = default;
};

struct Packet {
  std::uint8_t code = 0;
  std::uint8_t id = 0;
  std::array<std::uint8_t, 16> authenticator{};
  std::vector<Attribute> attributes;

  bool operator==(const Packet&) const = default;
};

// Octets behind the packet's own length are padding (RFC 2865 section 3). Errors: Malformed.
Result<Packet> parse_packet(ByteView octets);
// With the authenticator as it stands. Errors: InvalidArgument (an attribute or the packet would be too long).
Result<Bytes> serialize(const Packet& packet);

// Whether the packet is from somebody who knows the secret: the authenticator of an Accounting-Request (RFC 2866 section 3), the
// Message-Authenticator of a Status-Server (RFC 5997 section 3), and that of any other packet that has one (RFC 3579 section 3.2).
// Errors: Malformed, Unauthenticated (the secret differs), Unsupported (another code).
Result<void> verify_request(ByteView octets, const Secret& secret);

// The Accounting-Response to a request that was verified, with its Proxy-State attributes in their order.
Bytes make_response(const Packet& request, const Secret& secret);
// Whether the response is to this request, and from somebody who knows the secret: for clients and tests. Errors: Malformed, Unauthenticated.
Result<void> verify_response(ByteView octets, const Packet& request, const Secret& secret);
// Makes an Accounting-Request with its authenticator: for clients and tests. Errors: as serialize.
Result<Bytes> make_accounting_request(std::uint8_t id, const std::vector<Attribute>& attributes, const Secret& secret);

}  // namespace ipam::wire::radius
