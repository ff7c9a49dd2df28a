// DriverList: the products that this program can manage: the one place that names concrete driver rooms. Thread rule: immutable; any thread.
#pragma once

#include "base/clock.h"
#include "driver/driver.h"
#include "driver/estate.h"
#include "io/resolver.h"
#include "io/worker_pool.h"

namespace ipam::app {

class DriverList final : public driver::Factory {
 public:
  // Clock, resolver and the pool (for clients whose calls block) must outlive the drivers made.
  DriverList(const Clock& clock, io::Resolver& resolver, io::WorkerPool& blocking) : clock_(clock), resolver_(resolver), blocking_(blocking) {}
  Result<std::unique_ptr<driver::Driver>> create(model::Product product, const driver::Endpoint& endpoint,
                                                 const driver::Limits& limits) const override;
  std::unique_ptr<driver::EstateReader> create_estate_reader() const;

 private:
  const Clock& clock_;
  io::Resolver& resolver_;
  io::WorkerPool& blocking_;
};

}  // namespace ipam::app
