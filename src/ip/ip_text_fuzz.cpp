// Whatever text is read as an address, prefix, range or identifier must print to text that reads as the same value.
#include "ip/hardware_address.h"
#include "ip/range.h"

#include <cstdlib>

namespace {

template <class T>
void check(std::string_view text) {
  const auto value = T::parse(text);
  if (!value.ok()) return;
  const auto again = T::parse(value->to_string());
  if (!again.ok() || *again != *value) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = ipam::as_text({data, size});
  check<ipam::ip::Address>(text);
  check<ipam::ip::Prefix>(text);
  check<ipam::ip::Range>(text);
  check<ipam::ip::HardwareAddress>(text);
  check<ipam::ip::ClientId>(text);
  (void)ipam::ip::Address::from_key({data, size});
  (void)ipam::ip::Prefix::from_key({data, size});
  return 0;
}
