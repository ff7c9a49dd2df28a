// DriverList: the products that this program can manage: the one place that names concrete driver rooms. Thread rule: immutable; any thread.
#pragma once

#include "base/clock.h"
#include "driver/driver.h"
#include "io/resolver.h"

#include <memory>

namespace ipam::app {

class DriverList final : public driver::Factory {
 public:
  // The clock and the list must outlive the drivers made.
  explicit DriverList(const Clock& clock) : clock_(clock), resolver_(std::make_unique<io::Resolver>()) {}
  Result<std::unique_ptr<driver::Driver>> create(model::Product product, const driver::Endpoint& endpoint,
                                                 const driver::Limits& limits) const override;

 private:
  const Clock& clock_;
  std::unique_ptr<io::Resolver> resolver_;  // one for all drivers; it is made for many users
};

}  // namespace ipam::app
