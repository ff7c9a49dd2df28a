#include "wire/dhcpm/structures.h"

namespace ipam::wire::dhcpm {

std::optional<Time> FileTime::time() const {
  if ((low == 0 && high == 0) || is_endless()) return std::nullopt;
  constexpr std::int64_t kSecondsFrom1601To1970 = 11'644'473'600;
  const auto microseconds = static_cast<std::int64_t>((static_cast<std::uint64_t>(high) << 32 | low) / 10);
  return Time(Duration(microseconds) - std::chrono::seconds(kSecondsFrom1601To1970));
}

}  // namespace ipam::wire::dhcpm
