// Whatever a server sends as an event, a record or a bookmark: a tree within the bounds or an error, and its XML has no more than the tree.
#include "wire/even6/decoder.h"
#include "wire/even6/logon.h"
#include "wire/even6/query.h"
#include "wire/even6/result_set.h"

#include <cstdlib>

using namespace ipam;
using namespace ipam::wire::even6;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  Decoder decoder(DecoderLimits{.steps = 20'000, .text = 1U << 18U});
  const auto first = decoder.decode(input);
  if (first.ok()) {
    if (first->to_xml().empty()) std::abort();
    const auto event = read_event(*first);
    if (!event.ok() && event.error().code != ErrorCode::Malformed) std::abort();
    if (event.ok()) read_logon(*event);
    if (!(decoder.decode(input).value() == *first)) std::abort();
  }
  if (const auto record = parse_record(input); record.ok() && record->binxml.size() > size) std::abort();
  if (const auto bookmarks = parse_bookmarks(as_text(input)); bookmarks.ok()) {
    // What XML cannot hold is left out of a channel's name, so only the second writing is the same as the first.
    const std::string xml = to_xml(*bookmarks);
    if (const auto again = parse_bookmarks(xml); again.ok() && to_xml(*again) != xml) std::abort();
  }
  return 0;
}
