#include "app/ipamd/driver_list.h"

#include "driver/kea/kea_driver.h"

namespace ipam::app {

Result<std::unique_ptr<driver::Driver>> DriverList::create(model::Product product, const driver::Endpoint& endpoint,
                                                           const driver::Limits& limits) const {
  switch (product) {
    case model::Product::Kea: return driver::kea::KeaDriver::create(endpoint, limits, clock_, resolver_);
    case model::Product::Bind9: break;
  }
  return Error(ErrorCode::Unsupported, endpoint.server_name + ": this program has no driver for the product");
}

}  // namespace ipam::app
