// What cannot be read is refused; what can be is written again as it was.
#include "ledger/feed_content.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto content = ipam::ledger::read_feed_content({data, size});
  if (!content.ok()) return 0;
  const ipam::Bytes again = ipam::ledger::write_feed_content({}, content->deltas);
  const auto reread = ipam::ledger::read_feed_content(again);
  IPAM_ASSERT(reread.ok() && reread->deltas == content->deltas, "a feed entry does not come back as it was written");
  return 0;
}
