// BodySource: the body of an answer that is made while it is sent: an event stream, a long listing. It goes out in chunks (RFC 9112, section 7.1), to
// a client of HTTP/1.0 until the connection ends.
//
// Back-pressure: next() is asked for a piece only when the one before was handed to the kernel; nothing is kept for a client that does not read, and
// one that takes longer than ServerOptions::transfer_timeout for a piece is cut off. When the server begins to stop, the wait of next() ends with
// Cancelled, the client gets a proper end, and the connection closes: a stream never holds up a stop. Thread rule: the connection's I/O thread.
#pragma once

#include "base/result.h"
#include "io/deadline.h"
#include "io/task.h"

#include <string>

namespace ipam::http_server {

class BodySource {
 public:
  virtual ~BodySource() = default;
  // The next piece, soon or when there is one; empty: the body is complete. It waits by `deadline`, which only a stop of the server ends; whoever
  // wants to notice a client that is gone says something now and then. Errors end the answer: Cancelled as if it were complete, others by closing
  // the connection without the last chunk, so that the client knows that something is missing.
  virtual io::Task<Result<std::string>> next(io::Deadline deadline) = 0;
};

}  // namespace ipam::http_server
