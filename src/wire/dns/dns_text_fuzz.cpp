// "TYPE data": data that is read from text prints as text that reads as the same; a name likewise.
#include "wire/dns/record.h"

#include <cstdlib>

using namespace ipam;
using namespace ipam::wire::dns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = as_text({data, size});
  const auto name = Name::parse(input);
  if (name.ok()) {
    const auto again = Name::parse(name->to_string());
    if (!again.ok() || as_text(again->wire()) != as_text(name->wire()) || !Name::from_wire(name->wire()).ok()) std::abort();
  }
  const auto space = input.find(' ');
  if (space == std::string_view::npos) return 0;
  const auto type = record_type_of(input.substr(0, space));
  if (!type) return 0;
  const auto rdata = rdata_from_text(*type, input.substr(space + 1));
  if (!rdata.ok()) {
    if (rdata.error().code != ErrorCode::InvalidArgument) std::abort();
    return 0;
  }
  if (!check_rdata(*type, *rdata).ok()) std::abort();
  const auto again = rdata_from_text(*type, rdata_to_text(*type, *rdata));
  if (!again.ok() || *again != *rdata) std::abort();
  return 0;
}
