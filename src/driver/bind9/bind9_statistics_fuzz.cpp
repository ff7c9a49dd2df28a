// Whatever the statistics channel says is read within the limits or is Malformed; what is read is in order, each zone once.
#include "driver/bind9/statistics.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

using namespace ipam;
using namespace ipam::driver::bind9;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(as_text({data, size}));
  const auto status = read_status(text);
  if (!status.ok() && status.error().code != ErrorCode::Malformed) std::abort();
  if (status.ok() && status->version.size() > 200) std::abort();
  driver::Limits limits;
  limits.zones = 8;
  const auto zones = read_zones(text, limits);
  if (!zones.ok()) {
    if (zones.error().code != ErrorCode::Malformed) std::abort();
    return 0;
  }
  if (zones->zones.size() > limits.zones) std::abort();
  for (std::size_t i = 1; i < zones->zones.size(); ++i) {
    const auto& a = zones->zones[i - 1];
    const auto& b = zones->zones[i];
    if (!(std::tie(a.view, a.name) < std::tie(b.view, b.name))) std::abort();
  }
  return 0;
}
