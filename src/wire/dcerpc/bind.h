// The bodies of bind and alter_context and of their answers: which interfaces a connection is for (C706 section 12.6.4.3 and following; MS-RPCE
// section 2.2.2.4 and following). Thread rule: plain values and pure functions.
#pragma once

#include "wire/dcerpc/pdu.h"

namespace ipam::wire::dcerpc {

// An interface, or a transfer syntax: who, and which version of it.
struct SyntaxId {
  ndr::Uuid uuid;
  std::uint16_t version = 0;
  std::uint16_t minor_version = 0;

  bool operator==(const SyntaxId&) const = default;
};
constexpr auto layout(const SyntaxId*) {
  using namespace ndr;
  return structure(field("if_uuid", &SyntaxId::uuid, uuid), field("if_version", &SyntaxId::version, u16),
                   field("if_version_minor", &SyntaxId::minor_version, u16));
}
inline constexpr SyntaxId kNdr{ndr::kTransferSyntax, ndr::kTransferSyntaxVersion, 0};

struct PresentationContext {
  std::uint16_t id = 0;
  SyntaxId interface_id;
  std::vector<SyntaxId> transfer_syntaxes;

  bool operator==(const PresentationContext&) const = default;
};
constexpr auto layout(const PresentationContext*) {
  using namespace ndr;
  using P = PresentationContext;
  return structure(field("p_cont_id", &P::id, u16), count_of("n_transfer_syn", &P::transfer_syntaxes, u8), reserved("reserved", u8),
                   field("abstract_syntax", &P::interface_id, described), field("transfer_syntaxes", &P::transfer_syntaxes, counted(described)));
}

// Of bind and alter_context alike.
struct Bind {
  std::uint16_t max_transmit_fragment = kFragmentSize;
  std::uint16_t max_receive_fragment = kFragmentSize;
  std::uint32_t association_group = 0;
  std::vector<PresentationContext> contexts;

  bool operator==(const Bind&) const = default;
};
constexpr auto layout(const Bind*) {
  using namespace ndr;
  return structure(field("max_xmit_frag", &Bind::max_transmit_fragment, u16), field("max_recv_frag", &Bind::max_receive_fragment, u16),
                   field("assoc_group_id", &Bind::association_group, u32), count_of("n_context_elem", &Bind::contexts, u8), reserved("reserved", u8),
                   reserved("reserved2", u16), field("p_cont_elem", &Bind::contexts, counted(described)));
}

enum class ContextResult : std::uint16_t { Accepted = 0, UserRejection = 1, ProviderRejection = 2, NegotiateAck = 3 };

struct ContextAnswer {
  ContextResult result = ContextResult::Accepted;
  std::uint16_t reason = 0;  // 1: the interface is not served, 2: none of the transfer syntaxes is, 3: local limit exceeded
  SyntaxId transfer_syntax;

  bool operator==(const ContextAnswer&) const = default;
};
constexpr auto layout(const ContextAnswer*) {
  using namespace ndr;
  return structure(field("result", &ContextAnswer::result, u16), field("reason", &ContextAnswer::reason, u16),
                   field("transfer_syntax", &ContextAnswer::transfer_syntax, described));
}

struct ContextAnswers {
  std::vector<ContextAnswer> list;

  bool operator==(const ContextAnswers&) const = default;
};
constexpr auto layout(const ContextAnswers*) {
  using namespace ndr;
  return structure(count_of("n_results", &ContextAnswers::list, u8), reserved("reserved", u8), reserved("reserved2", u16),
                   field("p_results", &ContextAnswers::list, counted(described)));
}

// Of bind_ack and alter_context_resp alike.
struct BindAck {
  std::uint16_t max_transmit_fragment = kFragmentSize;
  std::uint16_t max_receive_fragment = kFragmentSize;
  std::uint32_t association_group = 0;
  Bytes secondary_address;  // the port as text, with a NUL
  ContextAnswers answers;   // in the order of the contexts asked for

  bool operator==(const BindAck&) const = default;
};
constexpr auto layout(const BindAck*) {
  using namespace ndr;
  return structure(field("max_xmit_frag", &BindAck::max_transmit_fragment, u16), field("max_recv_frag", &BindAck::max_receive_fragment, u16),
                   field("assoc_group_id", &BindAck::association_group, u32), count_of("sec_addr_length", &BindAck::secondary_address, u16),
                   field("sec_addr", &BindAck::secondary_address, counted(u8)), field("p_result_list", &BindAck::answers, described));
}

// What a bind_nak says, in words. Errors: Malformed.
Result<std::string> read_bind_nak(ByteView body);
// Why an answer is not Accepted, in words.
std::string explain(const ContextAnswer& answer);

}  // namespace ipam::wire::dcerpc
