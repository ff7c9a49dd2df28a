// Resolver: host names to addresses by the system's resolver, which blocks and therefore has threads of its own.
//
// A dead name server holds only these threads: the waiting coroutine leaves at its deadline, and a full queue answers Overloaded. Numeric addresses
// need no thread. Thread rule: any thread.
#pragma once

#include "io/endpoint.h"
#include "io/worker_pool.h"

#include <vector>

namespace ipam::io {

class Resolver {
 public:
  explicit Resolver(std::size_t threads = 4, std::size_t queue_limit = 4096);

  // At least one endpoint, in the order to try them. Errors: NotFound (no such host), Unavailable (no name server), Overloaded, DeadlineExceeded,
  // Cancelled.
  Task<Result<std::vector<Endpoint>>> resolve(std::string host, std::uint16_t port, Deadline deadline);
  // The name that DNS (or the hosts file) gives a numeric address; empty when it gives none. Errors: as above without NotFound.
  Task<Result<std::string>> name_of(std::string address, Deadline deadline);
  // Waits for look-ups under way and answers Cancelled to queued ones.
  void stop() { workers_.stop(); }

 private:
  WorkerPool workers_;
};

}  // namespace ipam::io
