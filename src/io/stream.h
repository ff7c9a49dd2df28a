// Stream: a connection that carries bytes both ways, plain TCP or TLS.
//
// Every operation takes a deadline. After an operation failed, whatever the reason, the stream is of no further use but to be destroyed: a TLS record
// may be half way. At most one read and one write run at a time. Errors name the peer: Unavailable (refused, reset, broken TLS), DeadlineExceeded,
// Cancelled. Thread rule: used and destroyed on its executor only.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "io/deadline.h"
#include "io/endpoint.h"
#include "io/task.h"

#include <memory>
#include <span>

namespace ipam::io {

class Stream {
 public:
  virtual ~Stream() = default;

  // Waits for at least one byte and reads what is there. 0: the peer ended its side (TLS: with close_notify; without it the read fails).
  virtual Task<Result<std::size_t>> read_some(std::span<std::uint8_t> buffer, Deadline deadline) = 0;
  // Writes all bytes; they must stay where they are until it ends.
  virtual Task<Result<void>> write(ByteView bytes, Deadline deadline) = 0;
  // Whether the connection is open and the peer has sent nothing since the last read: what a kept connection must be before it is used again.
  virtual bool is_quiet() = 0;
  // Ends our side, then reads and drops what the peer still sends until it ends its own, so that the peer can read our last bytes: closing with
  // unread input would reset the connection. Gives up silently after a mebibyte or at the deadline. Afterwards the stream is closed.
  virtual Task<void> shutdown(Deadline deadline) = 0;
  // Closes at once; pending operations fail.
  virtual void close() = 0;

  virtual const Endpoint& peer() const = 0;
  virtual const Endpoint& local() const = 0;
  virtual bool encrypted() const = 0;
  virtual const Executor& executor() const = 0;
};

using StreamPtr = std::unique_ptr<Stream>;

}  // namespace ipam::io
