// PDUs and their bodies are read without leaving their octets; binds and their answers read as the same after they were written.
#include "wire/dcerpc/bind.h"
#include "wire/dcerpc/call.h"
#include "wire/dcerpc/endpoint_map.h"

#include <cstdlib>

using namespace ipam;
using namespace ipam::wire;

namespace {

template <class T>
void check_body(ByteView body) {
  const auto value = ndr::read<T>(body);
  if (!value.ok()) return;
  const auto again = ndr::read<T>(ndr::write(*value));
  if (!again.ok() || *again != *value) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto pdu = dcerpc::read_pdu(ByteView(data, size));
  if (!pdu.ok()) {
    if (pdu.error().code != ErrorCode::Malformed) std::abort();
    return 0;
  }
  check_body<dcerpc::Bind>(pdu->plain_body());
  check_body<dcerpc::BindAck>(pdu->plain_body());
  (void)dcerpc::read_bind_nak(pdu->plain_body());
  (void)dcerpc::read_fault(pdu->plain_body());
  if (pdu->body.size() >= dcerpc::ResponseHead::kSize) {
    const ByteView parameters = pdu->body.subspan(dcerpc::ResponseHead::kSize);
    const auto response = ndr::read<dcerpc::MapResponse>(parameters);
    if (response.ok()) (void)dcerpc::mapped_port(*response, dcerpc::kEndpointMapper);
    (void)ndr::read<dcerpc::MapRequest>(parameters);
    dcerpc::Assembler assembler(pdu->header.call_id, 1000);
    if (assembler.add(pdu->header, parameters).ok() && assembler.parameters().size() > 1000) std::abort();
  }
  return 0;
}
