// DriverList: the products that this program can manage: the one place that names concrete driver rooms. Thread rule: immutable; any thread.
#pragma once

#include "base/clock.h"
#include "driver/driver.h"
#include "io/resolver.h"

namespace ipam::app {

class DriverList final : public driver::Factory {
 public:
  // Clock and resolver must outlive the drivers made.
  DriverList(const Clock& clock, io::Resolver& resolver) : clock_(clock), resolver_(resolver) {}
  Result<std::unique_ptr<driver::Driver>> create(model::Product product, const driver::Endpoint& endpoint,
                                                 const driver::Limits& limits) const override;

 private:
  const Clock& clock_;
  io::Resolver& resolver_;
};

}  // namespace ipam::app
