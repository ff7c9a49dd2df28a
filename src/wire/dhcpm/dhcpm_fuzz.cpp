// What is read, written and read again is the same.
#include "wire/dhcpm/operations.h"

#include <cstdlib>

using namespace ipam;
using namespace ipam::wire;

namespace {

template <class T>
void check(ByteView input) {
  const auto value = ndr::read<T>(input);
  if (!value.ok()) {
    if (value.error().code != ErrorCode::Malformed) std::abort();
    return;
  }
  const auto again = ndr::read<T>(ndr::write(*value));
  if (!again.ok() || *again != *value) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  check<dhcpm::VersionResponse>(input);
  check<dhcpm::EnumSubnetsResponse>(input);
  check<dhcpm::SubnetResponse>(input);
  check<dhcpm::EnumElementsResponse>(input);
  check<dhcpm::EnumClientsResponse>(input);
  check<dhcpm::CountersResponse>(input);
  return 0;
}
