// Pdu: what goes over a connection of DCE/RPC (C706 section 12.6; MS-RPCE section 2.2.2): a header, a body that depends on the type, and, when the
// connection is authenticated, a security trailer with a token behind it.
//
// Only version 5.0 or 5.1 in little-endian with ASCII and IEEE numbers is taken: what every server of today sends. Thread rule: plain values and pure
// functions; a Pdu refers to the octets it was made of.
#pragma once

#include "wire/ndr/ndr.h"

namespace ipam::wire::dcerpc {

inline constexpr std::size_t kHeaderSize = 16;
inline constexpr std::size_t kTrailerSize = 8;
// What is sent, and accepted, at most as one fragment (MS-RPCE section 3.3.1.5.6: 5840 octets, and multiples of 8).
inline constexpr std::uint16_t kFragmentSize = 5840;

enum class PduType : std::uint8_t {
  Request = 0,
  Response = 2,
  Fault = 3,
  Bind = 11,
  BindAck = 12,
  BindNak = 13,
  AlterContext = 14,
  AlterContextResponse = 15,
  Auth3 = 16,
  Shutdown = 17,
};

// C706 section 12.6.3.1; MS-RPCE section 2.2.2.3 for SupportHeaderSigning, which only binds and their answers have.
enum PduFlag : std::uint8_t { kFirstFragment = 0x01, kLastFragment = 0x02, kSupportHeaderSigning = 0x04 };
inline constexpr std::uint8_t kWhole = kFirstFragment | kLastFragment;

struct Header {
  std::uint8_t version = 5;
  std::uint8_t minor_version = 0;
  PduType type = PduType::Request;
  std::uint8_t flags = kWhole;
  std::array<std::uint8_t, 4> representation{0x10, 0, 0, 0};  // little-endian, ASCII, IEEE (C706 section 14.1)
  std::uint16_t fragment_length = 0;                          // of the whole PDU
  std::uint16_t auth_length = 0;                              // of the token
  std::uint32_t call_id = 0;

  bool operator==(const Header&) const = default;
};
constexpr auto layout(const Header*) {
  using namespace ndr;
  return structure(field("rpc_vers", &Header::version, u8), field("rpc_vers_minor", &Header::minor_version, u8), field("PTYPE", &Header::type, u8),
                   field("pfc_flags", &Header::flags, u8), field("packed_drep", &Header::representation, fixed(u8)),
                   field("frag_length", &Header::fragment_length, u16), field("auth_length", &Header::auth_length, u16),
                   field("call_id", &Header::call_id, u32));
}

// MS-RPCE sections 2.2.1.1.7 and 2.2.1.1.8.
enum class AuthType : std::uint8_t { None = 0, Negotiate = 9, Ntlm = 10, Kerberos = 16, Netlogon = 68 };
enum class AuthLevel : std::uint8_t { None = 1, Connect = 2, Call = 3, Packet = 4, Integrity = 5, Privacy = 6 };

// MS-RPCE section 2.2.2.11.
struct Trailer {
  AuthType type = AuthType::None;
  AuthLevel level = AuthLevel::None;
  std::uint8_t pad_length = 0;  // of what stands between body and trailer
  std::uint32_t context_id = 0;

  bool operator==(const Trailer&) const = default;
};
constexpr auto layout(const Trailer*) {
  using namespace ndr;
  return structure(field("auth_type", &Trailer::type, u8), field("auth_level", &Trailer::level, u8),
                   field("auth_pad_length", &Trailer::pad_length, u8), reserved("auth_reserved", u8),
                   field("auth_context_id", &Trailer::context_id, u32));
}

struct Pdu {
  Header header;
  ByteView body;                   // with the padding, which is sealed together with it
  std::optional<Trailer> trailer;  // with a token
  ByteView token;

  // The body without padding, of a PDU that was not sealed.
  ByteView plain_body() const { return body.first(body.size() - (trailer ? trailer->pad_length : 0)); }
};

// From the first 16 octets, so that the rest can be read: fragment_length is at least 16. Errors: Malformed.
Result<Header> read_header(ByteView bytes);
// From all octets of one PDU. Errors: Malformed.
Result<Pdu> read_pdu(ByteView bytes);

// A PDU from header (whose lengths are set here) and body; with a trailer the body is padded to four octets.
Bytes write_pdu(Header header, ByteView body);
Bytes write_pdu(Header header, ByteView body, Trailer trailer, ByteView token);

std::string to_string(PduType type);

}  // namespace ipam::wire::dcerpc
