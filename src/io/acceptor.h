// Acceptor: a listening TCP socket, and the server side of TLS on what it accepts.
// Thread rule: used on its executor only; `port` and `local` from any thread.
#pragma once

#include "io/stream.h"
#include "io/tls_context.h"

#include <cstdint>
#include <memory>
#include <string>

namespace ipam::io {

class Acceptor {
 public:
  // Port 0 takes a free one. Errors: InvalidArgument (not a numeric address), Unavailable (in use, not permitted).
  static Result<std::unique_ptr<Acceptor>> listen(const Executor& executor, const std::string& address, std::uint16_t port);
  // A listening socket that the service manager opened (socket activation). Takes the descriptor. Errors: InvalidArgument.
  static Result<std::unique_ptr<Acceptor>> adopt(const Executor& executor, int descriptor);
  ~Acceptor();

  const Endpoint& local() const { return local_; }
  // The next connection, as a plain stream that lives on `target`. Errors: Cancelled after close() or by the deadline's token, Overloaded when the
  // process is out of descriptors (wait a little before the next try), Unavailable for a connection that was gone before it was accepted.
  Task<Result<StreamPtr>> accept(Executor target, Deadline deadline);
  void close();

 private:
  struct Socket;
  explicit Acceptor(std::unique_ptr<Socket> socket);
  std::unique_ptr<Socket> socket_;
  Endpoint local_;
};

// Answers the peer's TLS handshake on a plain stream of an Acceptor. Runs on the stream's executor.
Task<Result<StreamPtr>> accept_tls(StreamPtr plain, std::shared_ptr<const TlsServerContext> context, Deadline deadline);

}  // namespace ipam::io
