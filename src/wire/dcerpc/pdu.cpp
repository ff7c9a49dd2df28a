#include "wire/dcerpc/pdu.h"

#include <fmt/format.h>

namespace ipam::wire::dcerpc {
namespace {

void append(Bytes& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

}  // namespace

Result<Header> read_header(ByteView bytes) {
  if (bytes.size() < kHeaderSize) return Error(ErrorCode::Malformed, "the header of a PDU is shorter than 16 octets");
  const Header header = IPAM_TRY(ndr::read<Header>(bytes.first(kHeaderSize)));
  if (header.version != 5 || header.minor_version > 1) {
    return Error(ErrorCode::Malformed, fmt::format("this is no DCE/RPC of version 5: the first octets are {}", to_hex(bytes.first(4))));
  }
  if (header.representation[0] != 0x10 || header.representation[1] != 0) {
    return Error(ErrorCode::Malformed, "numbers come in a representation that is not read here (only little-endian with IEEE is)");
  }
  const std::size_t least = kHeaderSize + (header.auth_length == 0 ? 0 : header.auth_length + kTrailerSize);
  if (header.fragment_length < least) {
    return Error(ErrorCode::Malformed,
                 fmt::format("a PDU of {} octets cannot hold its header and {} octets of token", header.fragment_length, header.auth_length));
  }
  return header;
}

Result<Pdu> read_pdu(ByteView bytes) {
  Pdu pdu;
  pdu.header = IPAM_TRY(read_header(bytes));
  if (bytes.size() != pdu.header.fragment_length) {
    return Error(ErrorCode::Malformed, fmt::format("a PDU of {} octets says that it has {}", bytes.size(), pdu.header.fragment_length));
  }
  pdu.body = bytes.subspan(kHeaderSize);
  if (pdu.header.auth_length == 0) return pdu;
  pdu.token = pdu.body.last(pdu.header.auth_length);
  const std::size_t body_size = pdu.body.size() - pdu.token.size() - kTrailerSize;
  pdu.trailer = IPAM_TRY(ndr::read<Trailer>(pdu.body.subspan(body_size, kTrailerSize)));
  pdu.body = pdu.body.first(body_size);
  if (pdu.trailer->pad_length > body_size) return Error(ErrorCode::Malformed, "a PDU has more padding than octets");
  return pdu;
}

Bytes write_pdu(Header header, ByteView body) {
  header.fragment_length = static_cast<std::uint16_t>(kHeaderSize + body.size());
  header.auth_length = 0;
  Bytes bytes = ndr::write(header);
  append(bytes, body);
  return bytes;
}

Bytes write_pdu(Header header, ByteView body, Trailer trailer, ByteView token) {
  trailer.pad_length = static_cast<std::uint8_t>((4 - body.size() % 4) % 4);
  header.fragment_length = static_cast<std::uint16_t>(kHeaderSize + body.size() + trailer.pad_length + kTrailerSize + token.size());
  header.auth_length = static_cast<std::uint16_t>(token.size());
  Bytes bytes = ndr::write(header);
  append(bytes, body);
  bytes.resize(bytes.size() + trailer.pad_length);
  append(bytes, ndr::write(trailer));
  append(bytes, token);
  return bytes;
}

std::string to_string(PduType type) {
  switch (type) {
    case PduType::Request: return "request";
    case PduType::Response: return "response";
    case PduType::Fault: return "fault";
    case PduType::Bind: return "bind";
    case PduType::BindAck: return "bind_ack";
    case PduType::BindNak: return "bind_nak";
    case PduType::AlterContext: return "alter_context";
    case PduType::AlterContextResponse: return "alter_context_resp";
    case PduType::Auth3: return "auth3";
    case PduType::Shutdown: return "shutdown";
  }
  return fmt::format("PDU of type {}", static_cast<unsigned>(type));
}

}  // namespace ipam::wire::dcerpc
