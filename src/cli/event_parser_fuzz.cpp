// Whatever comes as an event stream, in one piece or byte by byte, is read the same, or refused.
#include "cli/event_parser.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ipam::cli::EventParser whole, bytes;
  const auto at_once = whole.feed(text);
  std::size_t count = 0;
  for (const char& c : text) {
    const auto some = bytes.feed({&c, 1});
    if (!some.ok()) return 0;
    count += some->size();
  }
  if (at_once.ok() && (at_once->size() != count || whole.last_id() != bytes.last_id())) std::abort();
  return 0;
}
