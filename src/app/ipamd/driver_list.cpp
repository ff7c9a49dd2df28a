#include "app/ipamd/driver_list.h"

#include "driver/active_directory/active_directory.h"
#include "driver/bind9/bind9_driver.h"
#include "driver/kea/kea_driver.h"
#include "driver/windows_dns/windows_dns_driver.h"

namespace ipam::app {

Result<std::unique_ptr<driver::Driver>> DriverList::create(model::Product product, const driver::Endpoint& endpoint,
                                                           const driver::Limits& limits) const {
  switch (product) {
    case model::Product::Kea: return driver::kea::KeaDriver::create(endpoint, limits, clock_, resolver_, driver::kea::kLeasePage, &blocking_);
    case model::Product::Bind9: return driver::bind9::Bind9Driver::create(endpoint, limits, clock_, resolver_);
    case model::Product::WindowsDns: return driver::windows_dns::WindowsDnsDriver::create(endpoint, limits, clock_, resolver_, blocking_);
  }
  return Error(ErrorCode::Unsupported, endpoint.server_name + ": this program has no driver for the product");
}

std::unique_ptr<driver::EstateReader> DriverList::create_estate_reader() const {
  return std::make_unique<driver::active_directory::ActiveDirectory>(blocking_);
}

}  // namespace ipam::app
