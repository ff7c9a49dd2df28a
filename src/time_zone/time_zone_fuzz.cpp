// Whatever a zone file holds, it is refused or answers: what the clock showed at an instant always leads back to that instant.
#include "time_zone/time_zone.h"

#include <cstdlib>

using namespace ipam;
using namespace ipam::time_zone;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto zone = TimeZone::parse({data, size});
  if (!zone.ok()) return 0;
  for (std::int64_t second = -2'000'000'000; second < 8'000'000'000; second += 97'003'501) {
    const Time time{std::chrono::seconds(second)};
    const Instant back = zone->to_utc(zone->to_local(time));
    if (back.meaning == Meaning::Skipped || time < back.earliest || back.latest < time) std::abort();
  }
  return 0;
}
