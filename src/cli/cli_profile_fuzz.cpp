// The profile file is edited by hand: any bytes are read or refused, and what was read survives being written.
#include "cli/profile.h"

#include "base/assert.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto profiles = ipam::cli::parse_profiles({reinterpret_cast<const char*>(data), size});
  if (!profiles.ok()) return 0;
  const auto again = ipam::cli::parse_profiles(ipam::cli::write_profiles(*profiles));
  IPAM_ASSERT(again.ok() && *again == *profiles, "what was read must survive being written");
  return 0;
}
