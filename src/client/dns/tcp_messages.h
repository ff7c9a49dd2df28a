// TcpMessages: DNS messages over a stream, each with its length before it (RFC 1035 section 4.2.2). Internal to this room. Thread rule: as Stream.
#pragma once

#include "io/stream.h"

namespace ipam::client::dns {

class TcpMessages {
 public:
  explicit TcpMessages(io::StreamPtr stream);

  io::Task<Result<void>> send(Bytes message, io::Deadline deadline);
  // The next message; it stays where it is until the next call. Errors: Unavailable when the server closes instead.
  io::Task<Result<ByteView>> next(io::Deadline deadline);

 private:
  io::StreamPtr stream_;
  Bytes buffer_;
  std::size_t begin_ = 0;  // of what was read and not yet handed out
  std::size_t end_ = 0;
};

}  // namespace ipam::client::dns
