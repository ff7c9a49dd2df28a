// DriverList: the products that this program can manage: the one place that names concrete driver rooms. Thread rule: immutable; any thread.
#pragma once

#include "base/clock.h"
#include "driver/driver.h"

namespace ipam::app {

class DriverList final : public driver::Factory {
 public:
  // The clock must outlive the drivers made.
  explicit DriverList(const Clock& clock) : clock_(clock) {}
  Result<std::unique_ptr<driver::Driver>> create(model::Product product, const driver::Endpoint& endpoint, const driver::Limits& limits) const override;

 private:
  const Clock& clock_;
};

}  // namespace ipam::app
