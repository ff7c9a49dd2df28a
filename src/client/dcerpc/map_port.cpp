#include "client/dcerpc/connection.h"

#include "wire/dcerpc/endpoint_map.h"

#include <fmt/format.h>

namespace ipam::client::dcerpc {
namespace {

using namespace wire::dcerpc;
namespace ndr = wire::ndr;

constexpr std::size_t kLimit = 65'536;

// The question itself is asked without authentication, as everybody does: the mapper has nothing to hide.
io::Task<Result<Bytes>> ask(PduStream* pdus, Bytes parameters, io::Deadline deadline) {
  Bind bind;
  bind.contexts.push_back({0, kEndpointMapper, {kNdr}});
  Header header;
  header.type = PduType::Bind;
  header.call_id = 1;
  IPAM_CO_CHECK(co_await pdus->send(write_pdu(header, ndr::write(bind)), deadline));
  IPAM_CO_TRY(const Bytes bound, co_await pdus->next(deadline));
  IPAM_CO_TRY(const Pdu bound_pdu, read_pdu(bound));
  if (bound_pdu.header.type != PduType::BindAck) {
    co_return Error(ErrorCode::Unavailable, fmt::format("the endpoint mapper answers a bind with a {}", to_string(bound_pdu.header.type)));
  }
  IPAM_CO_TRY(const BindAck ack, ndr::read<BindAck>(bound_pdu.plain_body()));
  if (ack.answers.list.empty() || ack.answers.list[0].result != ContextResult::Accepted) {
    co_return Error(ErrorCode::Unavailable, "the server has no endpoint mapper at this port");
  }
  RequestHead head;
  head.operation = kMapOperation;
  head.allocation_hint = static_cast<std::uint32_t>(parameters.size());
  Bytes body = ndr::write(head);
  body.insert(body.end(), parameters.begin(), parameters.end());
  header.type = PduType::Request;
  header.call_id = 2;
  IPAM_CO_CHECK(co_await pdus->send(write_pdu(header, body), deadline));
  Assembler assembler(header.call_id, kLimit);
  while (!assembler.complete()) {
    IPAM_CO_TRY(const Bytes answer, co_await pdus->next(deadline));
    IPAM_CO_TRY(const Pdu pdu, read_pdu(answer));
    const ByteView content = pdu.plain_body();
    if (pdu.header.type == PduType::Fault) {
      IPAM_CO_TRY(const Fault fault, read_fault(content));
      co_return fault_error(fault.status);
    }
    if (pdu.header.type != PduType::Response || content.size() < ResponseHead::kSize) {
      co_return Error(ErrorCode::Malformed, fmt::format("the endpoint mapper answers a call with a {}", to_string(pdu.header.type)));
    }
    IPAM_CO_CHECK(assembler.add(pdu.header, content.subspan(ResponseHead::kSize)));
  }
  co_return std::move(assembler).take();
}

}  // namespace

io::Task<Result<std::uint16_t>> map_port(io::Resolver* resolver, Target target, SyntaxId interface_id, io::Deadline deadline) {
  const std::string name = io::host_and_port(target.where(), target.mapper_port);
  const auto named = [&](Error error) {
    if (!error.message.starts_with(name)) error.message = fmt::format("{} (endpoint mapper): {}", name, error.message);
    return error;
  };
  auto stream = co_await io::connect_tcp(*resolver, target.where(), target.mapper_port, deadline);
  if (!stream.ok()) co_return named(std::move(stream).error());
  PduStream pdus(std::move(stream).value());
  auto answer = co_await ask(&pdus, ndr::write(map_request(interface_id)), deadline);
  if (!answer.ok()) co_return named(std::move(answer).error());
  auto response = ndr::read<MapResponse>(*answer);
  if (!response.ok()) co_return named(std::move(response).error());
  auto port = mapped_port(*response, interface_id);
  if (!port.ok()) co_return named(std::move(port).error());
  co_return port;
}

}  // namespace ipam::client::dcerpc
