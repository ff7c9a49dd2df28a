#include "client/dcerpc/connection.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::client::dcerpc {
namespace {

using namespace wire::dcerpc;
namespace ndr = wire::ndr;
using kerberos::Part;

constexpr std::uint16_t kContextId = 0;
constexpr std::uint32_t kSecurityContextId = 1;
// What is sealed fills whole blocks (RFC 3962).
constexpr std::size_t kBlock = 16;
constexpr std::size_t kHeadSize = kHeaderSize + RequestHead::kSize;
static_assert(RequestHead::kSize == ResponseHead::kSize);
// The least that a server must take as one fragment (C706 section 12.6.3.9).
constexpr std::size_t kLeastFragment = 1432;

Trailer trailer_of(std::size_t padding) { return {AuthType::Kerberos, AuthLevel::Privacy, static_cast<std::uint8_t>(padding), kSecurityContextId}; }

void append(Bytes& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

// Header and head, parameters and padding, and the trailer: what a signature covers.
std::vector<Part> parts_of(Bytes& pdu, std::size_t sealed_size) {
  const std::span<std::uint8_t> all(pdu);
  return {{Part::What::Signed, all.first(kHeadSize)},
          {Part::What::Sealed, all.subspan(kHeadSize, sealed_size)},
          {Part::What::Signed, all.subspan(kHeadSize + sealed_size, kTrailerSize)}};
}

// The token of the server in its answer to a bind. Errors also where the answer is a refusal.
Result<Bytes> read_bind_answer(const Pdu& pdu, std::size_t& fragment_size) {
  if (pdu.header.type == PduType::BindNak) return Error(ErrorCode::Unavailable, IPAM_TRY(read_bind_nak(pdu.plain_body())));
  if (pdu.header.type == PduType::Fault) return fault_error(IPAM_TRY(read_fault(pdu.plain_body())).status);
  if (pdu.header.type != PduType::BindAck)
    return Error(ErrorCode::Malformed, fmt::format("the server answers a bind with a {}", to_string(pdu.header.type)));
  const BindAck ack = IPAM_TRY(ndr::read<BindAck>(pdu.plain_body()));
  if (ack.answers.list.size() != 1) return Error(ErrorCode::Malformed, "the server answers for other interfaces than it was asked for");
  const ContextAnswer& answer = ack.answers.list[0];
  if (answer.result != ContextResult::Accepted) return Error(ErrorCode::Unsupported, explain(answer));
  if (answer.transfer_syntax != kNdr) return Error(ErrorCode::Malformed, "the server chose a transfer syntax that was not offered");
  if (!pdu.trailer || pdu.trailer->type != AuthType::Kerberos || pdu.trailer->level != AuthLevel::Privacy) {
    return Error(ErrorCode::FailedPrecondition, "the server does not take Kerberos with sealing; is it a member of a domain?");
  }
  if ((pdu.header.flags & kSupportHeaderSigning) == 0) {
    return Error(ErrorCode::FailedPrecondition, "the server does not sign headers, without which calls could be changed under way; it is too old");
  }
  if (ack.max_receive_fragment < kLeastFragment) return Error(ErrorCode::Malformed, "the server wants fragments shorter than DCE/RPC allows");
  fragment_size = std::min<std::size_t>(fragment_size, ack.max_receive_fragment);
  return Bytes(pdu.token.begin(), pdu.token.end());
}

}  // namespace

Error Connection::named(Error error) const {
  if (!error.message.starts_with(name_ + ":")) error.message = fmt::format("{}: {}", name_, error.message);
  return error;
}

io::Task<Result<std::unique_ptr<Connection>>> Connection::open(Services services, Target target, SyntaxId interface_id,
                                                               std::shared_ptr<kerberos::Credential> credential, io::Deadline deadline) {
  std::uint16_t port = target.port;
  if (port == 0) {
    IPAM_CO_TRY(port, co_await map_port(&services.resolver, target, interface_id, deadline));
  }
  auto stream = co_await io::connect_tcp(services.resolver, target.where(), port, deadline);
  if (!stream.ok()) co_return std::move(stream).error();
  auto initiator = std::make_shared<kerberos::Initiator>(std::move(credential), target.service, target.host);
  std::unique_ptr<Connection> connection(
      new Connection(services, io::host_and_port(target.host, port), std::move(stream).value(), std::move(initiator)));
  auto bound = co_await connection->bind(interface_id, deadline);
  if (!bound.ok()) co_return connection->named(std::move(bound).error());
  co_return std::move(connection);
}

io::Task<Result<Bytes>> Connection::first_token(io::Deadline deadline) {
  auto job = [initiator = initiator_] { return initiator->start(); };
  co_return co_await services_.blocking.run(job, deadline);
}

io::Task<Result<Bytes>> Connection::next_token(Bytes token, io::Deadline deadline) {
  auto job = [initiator = initiator_, token = std::move(token)] { return initiator->step(token); };
  co_return co_await services_.blocking.run(job, deadline);
}

io::Task<Result<void>> Connection::bind(SyntaxId interface_id, io::Deadline deadline) {
  IPAM_CO_TRY(const Bytes ours, co_await first_token(deadline));
  Bind bind;
  bind.contexts.push_back({kContextId, interface_id, {kNdr}});
  Header header;
  header.type = PduType::Bind;
  header.flags = kWhole | kSupportHeaderSigning;
  header.call_id = ++call_id_;
  IPAM_CO_CHECK(co_await pdus_.send(write_pdu(header, ndr::write(bind), trailer_of(0), ours), deadline));
  IPAM_CO_TRY(const Bytes answer, co_await pdus_.next(deadline));
  IPAM_CO_TRY(const Pdu pdu, read_pdu(answer));
  IPAM_CO_TRY(Bytes theirs, read_bind_answer(pdu, fragment_size_));
  IPAM_CO_TRY(const Bytes last, co_await next_token(std::move(theirs), deadline));
  if (!initiator_->established() || last.empty()) {
    co_return Error(ErrorCode::Unauthenticated, "signing in did not come to its end within three messages");
  }
  // There is no answer to this one (C706 section 12.6.4.2): the first call tells whether the server liked it.
  header.type = PduType::Auth3;
  header.flags = kWhole;
  const Bytes padding(4);
  IPAM_CO_CHECK(co_await pdus_.send(write_pdu(header, padding, trailer_of(0), last), deadline));
  co_return Result<void>();
}

Result<Bytes> Connection::sealed_fragment(const Header& like, const RequestHead& head, ByteView parameters) {
  const std::size_t padding = (kBlock - parameters.size() % kBlock) % kBlock;
  const std::size_t sealed_size = parameters.size() + padding;
  Bytes pdu(kHeaderSize);
  append(pdu, ndr::write(head));
  append(pdu, parameters);
  pdu.resize(pdu.size() + padding);
  append(pdu, ndr::write(trailer_of(padding)));
  // The header, which is signed too, tells the length of the signature.
  const std::size_t signature_size = IPAM_TRY(initiator_->signature_size(parts_of(pdu, sealed_size)));
  Header header = like;
  header.fragment_length = static_cast<std::uint16_t>(pdu.size() + signature_size);
  header.auth_length = static_cast<std::uint16_t>(signature_size);
  const Bytes header_octets = ndr::write(header);
  std::copy(header_octets.begin(), header_octets.end(), pdu.begin());
  const Bytes signature = IPAM_TRY(initiator_->seal(parts_of(pdu, sealed_size)));
  append(pdu, signature);
  return pdu;
}

io::Task<Result<void>> Connection::send_request(std::uint16_t operation, Bytes parameters, io::Deadline deadline) {
  // Room for the signature, which is never longer than this with the encryption types there are.
  constexpr std::size_t kMostSignature = 128;
  const std::size_t most = (fragment_size_ - kHeadSize - kTrailerSize - kMostSignature) / kBlock * kBlock;
  RequestHead head;
  head.context_id = kContextId;
  head.operation = operation;
  std::size_t at = 0;
  do {
    const std::size_t size = std::min(most, parameters.size() - at);
    Header header;
    header.type = PduType::Request;
    header.call_id = call_id_;
    header.flags = static_cast<std::uint8_t>((at == 0 ? kFirstFragment : 0) | (at + size == parameters.size() ? kLastFragment : 0));
    head.allocation_hint = static_cast<std::uint32_t>(parameters.size() - at);
    IPAM_CO_TRY(Bytes pdu, sealed_fragment(header, head, ByteView(parameters).subspan(at, size)));
    IPAM_CO_CHECK(co_await pdus_.send(std::move(pdu), deadline));
    at += size;
  } while (at < parameters.size());
  co_return Result<void>();
}

Result<ByteView> Connection::open_fragment(Bytes& bytes, const Pdu& pdu) {
  if (!pdu.trailer || pdu.trailer->type != AuthType::Kerberos || pdu.trailer->level != AuthLevel::Privacy ||
      pdu.trailer->context_id != kSecurityContextId || pdu.body.size() < ResponseHead::kSize) {
    return Error(ErrorCode::Malformed, "an answer is not sealed");
  }
  const std::size_t sealed_size = pdu.body.size() - ResponseHead::kSize;
  IPAM_TRY(initiator_->open(parts_of(bytes, sealed_size), pdu.token));
  if (pdu.trailer->pad_length > sealed_size) return Error(ErrorCode::Malformed, "an answer has more padding than octets");
  return ByteView(bytes).subspan(kHeadSize, sealed_size - pdu.trailer->pad_length);
}

io::Task<Result<Bytes>> Connection::call(std::uint16_t operation, Bytes parameters, std::size_t limit, io::Deadline deadline) {
  ++call_id_;
  auto sent = co_await send_request(operation, std::move(parameters), deadline);
  if (!sent.ok()) co_return named(std::move(sent).error());
  Assembler assembler(call_id_, limit);
  while (!assembler.complete()) {
    auto bytes = co_await pdus_.next(deadline);
    if (!bytes.ok()) co_return named(std::move(bytes).error());
    const auto pdu = read_pdu(*bytes);
    if (!pdu.ok()) co_return named(pdu.error());
    if (pdu->header.type == PduType::Fault) {
      // Not sealed by every server: it is believed as far as that the call failed.
      const auto fault = read_fault(pdu->plain_body());
      co_return named(fault.ok() ? fault_error(fault->status) : fault.error());
    }
    if (pdu->header.type == PduType::Shutdown) co_return named(Error(ErrorCode::Unavailable, "the server is about to stop"));
    if (pdu->header.type != PduType::Response) {
      co_return named(Error(ErrorCode::Malformed, fmt::format("the server answers a call with a {}", to_string(pdu->header.type))));
    }
    const auto opened = open_fragment(*bytes, *pdu);
    if (!opened.ok()) co_return named(opened.error());
    const auto added = assembler.add(pdu->header, *opened);
    if (!added.ok()) co_return named(added.error());
  }
  co_return std::move(assembler).take();
}

}  // namespace ipam::client::dcerpc
