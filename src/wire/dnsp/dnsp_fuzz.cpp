// Requests and answers read as the same after they were written; nodes and records are read without leaving their octets, and their data prints.
#include "wire/dnsp/name_text.h"
#include "wire/dnsp/operations.h"
#include "wire/dnsp/records.h"

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

void check_nodes(ByteView buffer) {
  const auto nodes = dnsp::read_nodes(buffer);
  if (!nodes.ok()) return;
  for (const dnsp::Node& node : *nodes) {
    const auto name = dnsp::parse_name(node.name);
    if (name.ok() && dnsp::parse_name(dnsp::name_text(*name)).value() != *name) std::abort();
    for (const dnsp::Record& record : node.records) {
      const auto rdata = dnsp::rdata_of(record);
      if (rdata.ok()) (void)dns::rdata_to_text(static_cast<dns::RecordType>(record.type), *rdata);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  check<dnsp::Query2Request>(input);
  check<dnsp::ComplexOperation2Request>(input);
  check<dnsp::EnumRecords2Request>(input);
  check<dnsp::DataResponse>(input);
  check<dnsp::EnumRecords2Response>(input);
  check_nodes(input);
  const auto response = ndr::read<dnsp::EnumRecords2Response>(input);
  if (response.ok()) check_nodes(response->buffer);
  return 0;
}
