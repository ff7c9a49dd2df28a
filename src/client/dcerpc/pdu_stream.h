// PduStream: DCE/RPC PDUs over a stream. Internal to this room. Errors: those of Stream, Malformed, Unavailable (the server closes instead of
// answering). Thread rule: as Stream.
#pragma once

#include "io/connect.h"
#include "wire/dcerpc/pdu.h"

namespace ipam::client::dcerpc {

class PduStream {
 public:
  explicit PduStream(io::StreamPtr stream) : stream_(std::move(stream)) {}

  io::Task<Result<void>> send(Bytes pdu, io::Deadline deadline);
  // The next PDU; its octets belong to the caller, who parses them.
  io::Task<Result<Bytes>> next(io::Deadline deadline);

 private:
  io::Task<Result<void>> fill(std::span<std::uint8_t> buffer, io::Deadline deadline);

  io::StreamPtr stream_;
};

}  // namespace ipam::client::dcerpc
