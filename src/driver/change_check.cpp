#include "driver/change_check.h"

namespace ipam::driver {

Result<void> check_is_something(const std::vector<Change>& changes) {
  if (changes.empty()) return Error(ErrorCode::InvalidArgument, "there is nothing to change");
  for (const Change& change : changes) {
    if (std::visit([](const auto& each) { return each.before == each.after; }, change)) {
      return Error(ErrorCode::InvalidArgument, "a change to what is there already is none (" + describe(change) + ")");
    }
  }
  return {};
}

}  // namespace ipam::driver
