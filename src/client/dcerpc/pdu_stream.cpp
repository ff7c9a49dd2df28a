#include "client/dcerpc/pdu_stream.h"

namespace ipam::client::dcerpc {

io::Task<Result<void>> PduStream::send(Bytes pdu, io::Deadline deadline) { co_return co_await stream_->write(pdu, deadline); }

io::Task<Result<void>> PduStream::fill(std::span<std::uint8_t> buffer, io::Deadline deadline) {
  while (!buffer.empty()) {
    auto count = co_await stream_->read_some(buffer, deadline);
    if (!count.ok()) co_return std::move(count).error();
    if (*count == 0) {
      co_return Error(ErrorCode::Unavailable, "the server closed the connection instead of answering; it may have refused the call, or be stopping");
    }
    buffer = buffer.subspan(*count);
  }
  co_return Result<void>();
}

io::Task<Result<Bytes>> PduStream::next(io::Deadline deadline) {
  Bytes pdu(wire::dcerpc::kHeaderSize);
  IPAM_CO_CHECK(co_await fill(pdu, deadline));
  IPAM_CO_TRY(const wire::dcerpc::Header header, wire::dcerpc::read_header(pdu));
  // At most 65535 octets, which the field of the header bounds.
  pdu.resize(header.fragment_length);
  IPAM_CO_CHECK(co_await fill(std::span(pdu).subspan(wire::dcerpc::kHeaderSize), deadline));
  co_return pdu;
}

}  // namespace ipam::client::dcerpc
