// ActiveDirectory: the EstateReader of Active Directory and of Samba's. Thread rule: that of EstateReader; the session runs on the pool for calls
// that block.
#pragma once

#include "driver/estate.h"
#include "io/worker_pool.h"

namespace ipam::driver::active_directory {

class ActiveDirectory final : public EstateReader {
 public:
  // The pool outlives this. A call whose deadline passes leaves the pool's thread to end by itself, which it does soon.
  explicit ActiveDirectory(io::WorkerPool& blocking, const EstateLimits& limits = {}) : blocking_(blocking), limits_(limits) {}

  io::Task<Result<DomainReport>> read(DirectoryEndpoint endpoint, std::set<EstateRole> roles, io::Deadline deadline) override;

 private:
  io::WorkerPool& blocking_;
  const EstateLimits limits_;
};

}  // namespace ipam::driver::active_directory
