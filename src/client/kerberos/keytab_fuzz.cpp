// A keytab is read without leaving its octets, and what is read holds a key and a name.
#include "client/kerberos/keytab.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto entries = ipam::client::kerberos::read_keytab({data, size});
  if (!entries.ok()) {
    if (entries.error().code != ipam::ErrorCode::InvalidArgument) std::abort();
    return 0;
  }
  if (entries->empty()) std::abort();
  for (const auto& entry : *entries) {
    if (entry.key.empty() || entry.components.empty()) std::abort();
  }
  return 0;
}
