// A sink that counts leases and forgets them. Thread rule: as LeaseSink.
#pragma once

#include "driver/driver.h"

namespace ipam::bench {

class CountingSink final : public driver::LeaseSink {
 public:
  io::Task<Result<void>> accept(std::vector<driver::ObservedLease> chunk) override {
    leases += chunk.size();
    co_return Result<void>();
  }
  std::size_t leases = 0;
};

}  // namespace ipam::bench
