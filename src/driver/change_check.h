// What every Changer refuses by itself, before it asks the server. Thread rule: pure functions.
#pragma once

#include "driver/driver.h"

#include <vector>

namespace ipam::driver {

// InvalidArgument when there is nothing to change, or a change wants what is there before.
Result<void> check_is_something(const std::vector<Change>& changes);

}  // namespace ipam::driver
