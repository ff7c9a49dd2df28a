// UdpSocket: datagrams to and from one peer; the kernel drops those of others, and the local port is a random one.
//
// Errors name the peer: Unavailable (nobody listens there, unreachable), DeadlineExceeded, Cancelled. After a failed operation the socket may be used
// on. Thread rule: used and destroyed on its executor only, one operation at a time.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "io/deadline.h"
#include "io/endpoint.h"
#include "io/task.h"

#include <memory>
#include <span>

namespace ipam::io {

class UdpSocket {
 public:
  static Result<std::unique_ptr<UdpSocket>> open(const Executor& executor, const Endpoint& peer);
  ~UdpSocket();

  Task<Result<void>> send(ByteView datagram, Deadline deadline);
  // Waits for a datagram; what does not fit into the buffer is dropped.
  Task<Result<std::size_t>> receive(std::span<std::uint8_t> buffer, Deadline deadline);

 private:
  struct State;
  explicit UdpSocket(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ipam::io
