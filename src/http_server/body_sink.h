// BodySink: takes the body of a request as it comes in, for a body that is too large to be kept in memory.
//
// The admission makes one (RequestContext::sink); then the handler's request has no body. Back-pressure: the next piece is read from the client only
// when the one before was taken. Errors of take() refuse the request and end the connection, as other refusals before the end of a body do. When the
// client is gone or too slow, the sink is destroyed without the handler being called. Thread rule: the connection's I/O thread.
#pragma once

#include "base/result.h"
#include "io/deadline.h"
#include "io/task.h"

#include <string>

namespace ipam::http_server {

class BodySink {
 public:
  virtual ~BodySink() = default;
  // Pieces are not empty, and come in order.
  virtual io::Task<Result<void>> take(std::string piece, io::Deadline deadline) = 0;
};

}  // namespace ipam::http_server
