#include "store/change_feed.h"

namespace ipam::store {

Result<std::uint64_t> ChangeFeed::position(Reader& reader) {
  const auto head = IPAM_TRY(find_where<FeedHead>(reader, {{"name", Comparison::Equal, std::string("ledger")}}));
  return head ? head->position : 0;
}

}  // namespace ipam::store
