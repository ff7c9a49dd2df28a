// What is read, written and read again is the same; nothing is read beyond the octets, and nothing takes memory that the octets have no room for.
#include "wire/ndr/samples.h"

#include <cstdlib>

using namespace ipam;
using namespace ipam::wire::ndr;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto answer = read<samples::Answer>(input);
  if (!answer.ok()) {
    if (answer.error().code != ErrorCode::Malformed) std::abort();
  } else {
    const auto again = read<samples::Answer>(write(*answer));
    if (!again.ok() || *again != *answer) std::abort();
  }
  (void)read<samples::Pair>(input);
  return 0;
}
